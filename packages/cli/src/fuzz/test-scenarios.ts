import { existsSync, readdirSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { caseResponse, readCases, SOURCES, type CaseResponse } from '../test-cases.js';
import type { SeenRequest } from '../transport/test-server.js';

/** A source with a stuck run: `tardy check` on it ends with 1 as long as nothing is damaged. */
export type Scenario = {
  readonly name: string;
  /** The config file; `{{BASE}}` stands for the URL of the server. Without it, standard input is read. */
  readonly config: string | undefined;
  readonly now: string;
  readonly respond: (request: SeenRequest, base: string) => CaseResponse;
  /** What standard input gives. */
  readonly stdin?: string;
};

type BenchAnswers = {
  readonly config: Readonly<Record<string, unknown>>;
  readonly answers: (total: number) => (request: { readonly url: string; readonly body: unknown }) => Recorded;
};

type Recorded = { readonly text?: string; readonly headers?: Readonly<Record<string, string>> };

/** Long after all recordings, so that each of their runs is stuck. */
const LATER = '2028-01-01T00:00:00Z';

/** The cases from the field in which a run is stuck, and the recorded runs of every kind, long after they should have ended. */
export async function readScenarios(): Promise<readonly Scenario[]> {
  const cases = readCases()
    .filter(({ expected }) => expected.exit === 1 && expected.args === undefined)
    .map(({ kind, name, config, answers }): Scenario => ({
      name: `${kind}/cases/${name}`,
      config,
      now: answers.now,
      respond: (request, base) => caseResponse(answers, request, base),
    }));
  const kinds = readdirSync(SOURCES).filter((kind) => existsSync(`${SOURCES}${kind}/bench-answers.mjs`));
  const recorded = await Promise.all(kinds.map(recordedScenario));
  return [...recorded, ...cases, runApi, ...STORED];
}

async function recordedScenario(kind: string): Promise<Scenario> {
  const url = pathToFileURL(`${SOURCES}${kind}/bench-answers.mjs`).href;
  const { config, answers } = (await import(/* @vite-ignore */ url)) as BenchAnswers;
  const answer = answers(3);
  return {
    name: `${kind}/recorded`,
    config: JSON.stringify({
      version: 1,
      sources: { ci: { kind, url: '{{BASE}}', ...config } },
      // A recorded run may wait for what others use, which is legitimate for any time.
      policy: { version: 1, defaults: { hold: { late: '1d', stale: '2d' } } },
    }),
    now: LATER,
    respond: ({ url: path, body }, base) => {
      const { text, headers = {} } = recordedAnswer(answer, `${base}${path}`, body);
      return {
        status: text === undefined ? 404 : 200,
        headers: { 'content-type': 'application/json', date: new Date(LATER).toUTCString(), ...headers },
        text: text ?? '{}',
      };
    },
  };
}

/** Recorded responses are those to a list; what else is requested is not there. */
function recordedAnswer(answer: ReturnType<BenchAnswers['answers']>, url: string, body: string): Recorded {
  try {
    return answer({ url, body: body === '' ? undefined : JSON.parse(body) });
  } catch {
    return {};
  }
}

const RUN = { type: 'sync', status: 'running', started_at: '2026-11-23T09:00:00Z' };

/** A run API of two pages with a policy of its own; the stuck run is on the second page. */
const runApi: Scenario = {
  name: 'runs/pages',
  config: '{"version":1,"sources":{"host":{"kind":"runs","url":"{{BASE}}/api"}}}',
  now: '2026-11-23T12:00:00Z',
  respond: ({ url }) => {
    const { pathname, searchParams } = new URL(url, 'http://host');
    const now = '2026-11-23T12:00:00Z';
    const ok = (body: unknown): CaseResponse => ({
      status: 200,
      headers: { 'content-type': 'application/json', date: new Date(now).toUTCString() },
      text: JSON.stringify(body),
    });
    if (pathname === '/api/policy') return ok({ version: 1, defaults: { run: { late: '30m', stale: '1h' } } });
    if (pathname === '/api/runs/stuck') return ok({ ...RUN, id: 'stuck' });
    if (pathname === '/api/runs/fresh') return ok({ ...RUN, id: 'fresh', started_at: '2026-11-23T11:59:00Z' });
    if (pathname !== '/api/runs') return { ...ok({}), status: 404 };
    if (searchParams.has('cursor')) return ok({ runs: [{ ...RUN, id: 'stuck' }], now, total: 2 });
    return ok({ runs: [{ ...RUN, id: 'fresh', started_at: '2026-11-23T11:59:00Z' }], now, total: 2, next: 'c2' });
  },
};

const NOW = '2026-11-23T12:00:00Z';
const RUNS = [
  { ...RUN, id: 'fresh', started_at: '2026-11-23T11:59:00Z' },
  { ...RUN, id: 'stuck' },
];
const REPORT = {
  schema: 'tardy.report/1',
  complete: true,
  now: NOW,
  totals: { active: 2 },
  runs: RUNS.map((run) => ({ run })),
};

/** A stuck run in each format that a file or a pipe may have. */
const STORED: readonly Scenario[] = [
  stored('page', JSON.stringify({ runs: RUNS, now: NOW, total: 2 })),
  stored('array', JSON.stringify(RUNS)),
  stored('run', JSON.stringify(RUNS[1])),
  stored('report', JSON.stringify(REPORT)),
  stored('ndjson', RUNS.map((run) => JSON.stringify(run)).join('\n')),
];

function stored(format: string, stdin: string): Scenario {
  const respond = (): CaseResponse => ({ status: 404, headers: {}, text: '{}' });
  return { name: `stored/${format}`, config: undefined, now: NOW, stdin, respond };
}
