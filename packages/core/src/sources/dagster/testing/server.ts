import { isObject, type JsonObject } from '../../reading/body.js';
import { endedStatuses } from '../../reading/vocabulary.js';
import { DAGSTER_STATUSES } from '../run.js';
import { dagsterSource } from '../source.js';
import type { ConformanceCase } from '../../testing/conformance-case.js';
import type { Server } from '../../testing/fetch.js';
import { fixture } from '../../testing/fixtures.js';

/** The runs of a recorded list. */
export function dagsterRows(file: string): readonly JsonObject[] {
  const { data } = fixture(`dagster/${file}`) as { data: { runsOrError: { results: readonly JsonObject[] } } };
  return data.runsOrError.results;
}

/** The recorded run whose id begins so. */
export function dagsterRow(file: string, id: string): JsonObject {
  const row = dagsterRows(file).find(({ runId }) => String(runId).startsWith(id));
  if (row === undefined) throw new Error(`${file} holds no run ${id}.`);
  return row;
}

type Variables = {
  readonly filter: { readonly statuses: readonly string[] };
  readonly cursor?: string;
  readonly limit: number;
  readonly id: string;
};

/** Dagster's GraphQL endpoint with these runs, newest first, which filters by status and pages by the last run read. */
export function dagsterServer(rows: readonly JsonObject[], most = Infinity): Server {
  return (_, { body }) => {
    const { query, variables } = body as { query: string; variables: Variables };
    if (query.includes('tardyStatuses')) return { body: fixture('dagster/run-status.json') };
    if (query.includes('tardyRun(')) {
      const found = rows.find(({ runId }) => runId === variables.id);
      if (found === undefined) return { body: fixture('dagster/error-not-found.json') };
      return { body: { data: { runOrError: { __typename: 'Run', ...found } } } };
    }
    const wanted = variables.filter.statuses;
    const ended = endedStatuses(DAGSTER_STATUSES);
    // A run of an unknown status is found with the active ones, all of which are asked for by name.
    const held = rows.filter((row) => {
      const status = String(isObject(row) ? row['status'] : undefined);
      return (
        wanted.includes(status) || (wanted.includes('STARTED') && !KNOWN.includes(status) && !ended.includes(status))
      );
    });
    const first = variables.cursor === undefined ? 0 : held.findIndex(({ runId }) => runId === variables.cursor) + 1;
    const results = held.slice(first, first + Math.min(variables.limit, most));
    return { body: { data: { runsOrError: { __typename: 'Runs', count: held.length, results } } } };
  };
}

const KNOWN = ['QUEUED', 'NOT_STARTED', 'MANAGED', 'STARTING', 'STARTED', 'SUSPENDED', 'CANCELING'];

const started = dagsterRow('active.json', '73d9f6fc');
const queued = dagsterRow('active.json', '9b278b4b');
const UPDATED = 1_795_420_124_114;

/** What Dagster's adapter shows to conform. */
export const dagsterCase: ConformanceCase = {
  name: 'dagster',
  source: dagsterSource('pipelines', { url: 'https://dagster.example' }),
  row: started,
  other: dagsterRow('active.json', '93259603'),
  states: [
    [
      'started',
      started,
      {
        id: '73d9f6fc-7044-4c7b-a09c-83d9224e4783',
        type: 'sleeping',
        title: 'sleeping',
        workspace: { id: 'defs.py', name: undefined },
        status: 'running',
        queuedAt: 1_795_420_112_751,
        startedAt: UPDATED,
        heartbeatAt: undefined,
        attempt: 1,
        initiator: { kind: 'user', name: 'ana' },
        url: 'https://dagster.example/runs/73d9f6fc-7044-4c7b-a09c-83d9224e4783',
        labels: { team: 'acme', user: 'ana' },
        native: { status: 'STARTED', outcome: undefined },
      },
    ],
    ['queued', queued, { status: 'queued', queuedAt: 1_795_420_114_745, startedAt: undefined }],
    ['not started', { ...queued, status: 'NOT_STARTED' }, { status: 'queued' }],
    ['starting', { ...started, status: 'STARTING', startTime: null }, { status: 'queued', phaseAt: UPDATED }],
    ['managed', { ...started, status: 'MANAGED' }, { status: 'running' }],
    ['suspended', { ...started, status: 'SUSPENDED' }, { status: 'running', hold: 'event', holdSince: UPDATED }],
    ['canceling', { ...started, status: 'CANCELING' }, { status: 'running', outcome: 'pending' }],
    ['successful', dagsterRow('ended.json', '21b47628'), { status: 'completed', outcome: 'succeeded' }],
    ['failed', dagsterRow('ended.json', '5ed0ce6b'), { status: 'completed', outcome: 'failed' }],
    ['canceled', { ...dagsterRow('ended.json', '5ed0ce6b'), status: 'CANCELED' }, { outcome: 'cancelled' }],
  ],
  broken: [
    ['runId', { ...started, runId: null }],
    ['startTime', { ...started, startTime: '2026-11-23T07:48:44' }],
    ['creationTime', { ...started, creationTime: 'today' }],
    ['jobName', { ...started, jobName: '' }],
    ['updateTime', { ...started, status: 'SUSPENDED', updateTime: 'soon' }],
  ],
  unknownStatus: { row: { ...started, status: 'HIBERNATING' }, native: 'HIBERNATING' },
  serve: (rows) => dagsterServer(rows),
  cutShort: (url, request) => {
    const whole = dagsterServer([started])(url, request);
    if (JSON.stringify(request.body).includes('tardyStatuses')) return whole;
    const first = (request.body as { variables: Variables }).variables.cursor === undefined;
    const runsOrError = { __typename: 'Runs', count: 7, results: first ? [started] : [] };
    return { body: { data: { runsOrError } } };
  },
  queries: ['/graphql'],
  failingSecondPage: (url, request) => {
    const { variables } = request.body as { variables: Partial<Variables> };
    return variables.cursor === undefined
      ? dagsterServer(dagsterRows('active.json'), 3)(url, request)
      : { status: 500, body: {} };
  },
};
