import { readdirSync, readFileSync, existsSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { runProgram } from './program.js';
import { fakeIo } from './test-io.js';
import { connect } from './transport/connect.js';
import { startServer, type SeenRequest, type TestServer } from './transport/test-server.js';

/**
 * Situations that people reported on the trackers of the systems, rebuilt small: `sources/<kind>/cases/<name>`. `answers.json`
 * holds the responses, of which the first that fits a request is sent (404 if none fits); `{{BASE}}` in a case stands for the URL
 * of the server. `expected.json` holds the exit code of `tardy check` and what must be true of the runs in its report.
 */
type Case = {
  readonly kind: string;
  readonly name: string;
  readonly config: string;
  readonly answers: { readonly now: string; readonly routes: readonly Route[] };
  readonly expected: Expected;
};

type Route = {
  readonly method?: string;
  readonly path: string;
  /** Query parameters that the request has; `null` for one that it must not have. */
  readonly query?: Readonly<Record<string, string | number | null>>;
  /** Texts that the body of the request contains. */
  readonly bodyHas?: string | readonly string[];
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
};

/** A value that must be equal, or text that an expression must match. */
type Wanted = unknown;

type Expected = {
  readonly args?: readonly string[];
  readonly exit: number;
  readonly complete?: boolean;
  readonly totals?: Readonly<Record<string, Wanted>>;
  readonly runs?: Readonly<Record<string, Readonly<Record<string, Wanted>>>>;
  /** Ids that must not be in the report. */
  readonly absent?: readonly string[];
};

type Report = {
  readonly complete: boolean;
  readonly totals: Readonly<Record<string, unknown>>;
  readonly runs: readonly ReportedRun[];
};

type ReportedRun = {
  readonly run: Readonly<Record<string, unknown>> & { readonly id: string; readonly flag?: { readonly kind: string } };
  readonly freshness: { readonly state: string; readonly clock: string };
  readonly presentation: Readonly<Record<'label' | 'headline' | 'reason' | 'guidance', string>>;
};

const CONFIG = '/project/app/tardy.config.yaml';
const sources = fileURLToPath(new URL('../../core/src/sources/', import.meta.url));

const kinds = readdirSync(sources).filter((kind) => existsSync(`${sources}${kind}/cases`));
const cases = kinds.flatMap((kind) => readdirSync(`${sources}${kind}/cases`).map((name) => readCase(kind, name)));

describe('cases from the field', () => {
  it('are found', () => expect(cases.length).toBeGreaterThan(0));

  it.each(cases.map((one) => [`${one.kind}/${one.name}`, one] as const))('%s', async (_, one) => {
    const { exit, report, err } = await check(one);
    const { expected } = one;
    const facts = new Map(report?.runs.map((reported) => [reported.run.id, factsOf(reported)]));
    const problems = [
      ...differences('exit code', { exit }, { exit: expected.exit }),
      ...differences('report', { complete: report?.complete }, { complete: expected.complete ?? report?.complete }),
      ...differences('totals', report?.totals ?? {}, expected.totals ?? {}),
      ...Object.entries(expected.runs ?? {}).flatMap(([id, wanted]) => {
        const found = facts.get(id);
        return found === undefined ? [`run ${id} is not in the report`] : differences(`run ${id}`, found, wanted);
      }),
      ...(expected.absent ?? []).filter((id) => facts.has(id)).map((id) => `run ${id} is in the report`),
    ];
    expect(problems, `${err}\n${[...facts.values()].map(({ says }) => String(says)).join('\n')}`).toEqual([]);
  });

  it.each(cases.map((one) => [`${one.kind}/${one.name}`, one] as const))('%s expects something', (_, { expected }) => {
    const wanted = Object.values(expected.runs ?? {}).flatMap((run) => Object.keys(run));
    expect(wanted.length + (expected.absent ?? []).length + Object.keys(expected.totals ?? {}).length).toBeGreaterThan(
      0,
    );
  });
});

function readCase(kind: string, name: string): Case {
  const folder = `${sources}${kind}/cases/${name}/`;
  const read = (file: string): unknown => JSON.parse(readFileSync(`${folder}${file}`, 'utf8'));
  const config = `${folder}tardy.config.yaml`;
  return {
    kind,
    name,
    config: existsSync(config)
      ? readFileSync(config, 'utf8')
      : `version: 1\nsources:\n  ci: { kind: ${kind}, url: "{{BASE}}" }\n`,
    answers: read('answers.json') as Case['answers'],
    expected: read('expected.json') as Expected,
  };
}

/** Runs `tardy check` on the case: the real program over real HTTP, with files and output in memory. */
async function check({ config, answers, expected }: Case) {
  const server: TestServer = await startServer((request, response) => respond(request, response));
  const respond = responder(answers, () => server);
  try {
    const world = fakeIo({ files: { [CONFIG]: config.replaceAll('{{BASE}}', server.url) } });
    const io = { ...world.io, connect };
    const argv = ['check', '--config', CONFIG, '--now', answers.now, '--all', '--json', ...(expected.args ?? [])];
    const exit = await runProgram(io, argv);
    const { out, err } = world.printed;
    return { exit, report: out === '' ? undefined : (JSON.parse(out) as Report), err };
  } finally {
    await server.close();
  }
}

function responder({ now, routes }: Case['answers'], serverOf: () => TestServer): RequestListener {
  return (_request, response) => {
    const server = serverOf();
    const seen = server.seen.at(-1);
    const route = seen === undefined ? undefined : routes.find((one) => fits(one, seen));
    const filled = (text: string) => text.replaceAll('{{BASE}}', server.url);
    const headers = Object.entries(route?.headers ?? {}).map(([name, value]) => [name, filled(value)] as const);
    response.writeHead(route === undefined ? 404 : (route.status ?? 200), {
      date: new Date(now).toUTCString(),
      'content-type': 'application/json',
      ...Object.fromEntries(headers),
    });
    response.end(filled(JSON.stringify(route === undefined ? { message: 'Not Found' } : (route.body ?? null))));
  };
}

function fits(route: Route, { method, url, body }: SeenRequest): boolean {
  const { pathname, searchParams } = new URL(url, 'http://case');
  const parts = [route.bodyHas ?? []].flat();
  return (
    (route.method ?? 'GET') === method &&
    route.path === pathname &&
    parts.every((part) => body.includes(part)) &&
    Object.entries(route.query ?? {}).every(([name, value]) => {
      const sent = searchParams.getAll(name);
      return value === null ? sent.length === 0 : sent.includes(String(value));
    })
  );
}

/** What a case can say of a run: its fields in the wire form, its verdict, and its words in one text. */
function factsOf({ run, freshness, presentation }: ReportedRun): Readonly<Record<string, unknown>> {
  const { label, headline, reason, guidance } = presentation;
  const { state, clock } = freshness;
  const late = state === 'late' || state === 'likely_stale';
  return {
    ...run,
    state,
    clock,
    flag: run.flag?.kind,
    says: `${label}: ${headline}. ${reason} ${guidance}`,
    // It waits in vain, and Tardy does not say that the wait is legitimate.
    notCalm: late && (run.flag !== undefined || run['hold'] === undefined),
  };
}

function differences(
  what: string,
  found: Readonly<Record<string, unknown>>,
  wanted: Readonly<Record<string, Wanted>>,
): string[] {
  return Object.entries(wanted)
    .filter(([name, value]) => !meets(found[name] ?? null, value))
    .map(([name, value]) => `${what}: ${name} is ${JSON.stringify(found[name])}, wanted ${JSON.stringify(value)}`);
}

function meets(found: unknown, wanted: Wanted): boolean {
  if (typeof wanted === 'object' && wanted !== null && 'matches' in wanted) {
    return new RegExp(String(wanted.matches)).test(String(found));
  }
  return isDeepStrictEqual(found, wanted ?? null);
}
