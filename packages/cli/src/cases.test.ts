import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { runProgram } from './program.js';
import { caseResponse, readCases, type Case, type Wanted } from './test-cases.js';
import { fakeIo } from './test-io.js';
import { connect } from './transport/connect.js';
import { startServer, type TestServer } from './transport/test-server.js';

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
const cases = readCases();

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

/** Runs `tardy check` on the case: the real program over real HTTP, with files and output in memory. */
async function check({ config, answers, expected }: Case) {
  const server: TestServer = await startServer((_request, response) => {
    const request = server.seen.at(-1);
    if (request === undefined) return;
    const { status, headers, text } = caseResponse(answers, request, server.url);
    response.writeHead(status, headers).end(text);
  });
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
