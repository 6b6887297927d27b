import { isObject, type JsonObject } from '../../reading/body.js';
import { metaflowSource } from '../source.js';
import type { ConformanceCase } from '../../testing/conformance-case.js';
import type { Server } from '../../testing/fetch.js';
import { fixture } from '../../testing/fixtures.js';

/** The rows of a recorded response. */
export function metaflowRows(file: string): readonly JsonObject[] {
  return fixture(`metaflow/${file}`)['data'] as JsonObject[];
}

/** A recorded run of that number. */
export function metaflowRow(file: string, number: number): JsonObject {
  return metaflowRows(file).find(({ run_number: own }) => own === number) ?? {};
}

/** A backend with these runs, filtering and paging as the real one was seen to. */
export function metaflowServer(rows: readonly JsonObject[]): Server {
  return ({ pathname, searchParams }) => {
    const [, run] = /\/flows\/[^/]+\/runs\/([^/]+)$/.exec(pathname) ?? [];
    if (run !== undefined) {
      const data = rows.find((row) => isObject(row) && String(row['run'] ?? row['run_number']) === run);
      return data === undefined ? { status: 404, body: fixture('metaflow/not-found.json') } : { body: { data } };
    }
    const wanted = searchParams.get('status')?.split(',');
    const without = searchParams.getAll('status:ne');
    const since = Number(searchParams.get('ts_epoch:ge') ?? 0);
    const limit = Number(searchParams.get('_limit'));
    const first = limit * (Number(searchParams.get('_page') ?? 1) - 1);
    const held = rows.filter((row) => {
      const { status = 'running', ts_epoch: at } = isObject(row) ? row : {};
      const named = String(status);
      return (wanted?.includes(named) ?? !without.includes(named)) && !(typeof at === 'number' && at < since);
    });
    return { body: { data: held.slice(first, first + limit), status: 200 } };
  };
}

const running = metaflowRow('active.json', 5);
const [completed = {}] = metaflowRows('completed.json');
const full = Array.from({ length: 1000 }, (_, index) => ({
  ...running,
  run: `${index}`,
  ts_epoch: 1_795_450_762_850 + index,
}));

/** What Metaflow's adapter shows to conform. */
export const metaflowCase: ConformanceCase = {
  name: 'metaflow',
  source: metaflowSource('flows', { url: 'https://metaflow.example/api' }),
  row: running,
  other: { ...running, run: '77', run_number: 77 },
  states: [
    [
      'running',
      running,
      {
        id: 'NapFlow/5',
        type: 'NapFlow',
        title: 'NapFlow/5',
        workspace: { id: 'nightly', name: undefined },
        status: 'running',
        outcome: 'pending',
        startedAt: running['ts_epoch'] as number,
        heartbeatAt: (running['last_heartbeat_ts'] as number) * 1000,
        endedAt: undefined,
        initiator: { kind: 'user', name: 'dana' },
        url: 'https://metaflow.example/NapFlow/5',
        labels: { runtime: 'dev', project_branch: 'user.dana' },
        native: { status: 'running', outcome: undefined },
      },
    ],
    ['without a heartbeat, of an old client', { ...running, last_heartbeat_ts: null }, { heartbeatAt: undefined }],
    [
      'of a scheduler that names its runs',
      { ...running, run: 'argo-nap-x7', run_id: 'argo-nap-x7' },
      { id: 'NapFlow/argo-nap-x7' },
    ],
    ['without a user', { ...running, user: null }, { initiator: undefined }],
    [
      'completed',
      completed,
      {
        status: 'completed',
        outcome: 'succeeded',
        heartbeatAt: undefined,
        endedAt: completed['finished_at'] as number,
      },
    ],
    ['failed in its last step', { ...completed, status: 'failed' }, { outcome: 'failed', failure: undefined }],
    [
      'failed for want of a heartbeat',
      metaflowRow('failed.json', 3),
      {
        status: 'completed',
        outcome: 'failed',
        failure: {
          code: undefined,
          message: 'No end was reported: Metaflow takes it for failed as its heartbeat stopped.',
        },
      },
    ],
  ],
  broken: [
    ['flow_id', { ...running, flow_id: null }],
    ['ts_epoch', { ...running, ts_epoch: 'yesterday' }],
    ['last_heartbeat_ts', { ...running, last_heartbeat_ts: 'now' }],
    ['run', { ...running, run: null, run_number: null }],
  ],
  unknownStatus: { row: { ...running, status: 'hibernating' }, native: 'hibernating' },
  serve: metaflowServer,
  cutShort: (url, request) => (url.searchParams.has('ts_epoch:ge') ? { body: {} } : metaflowServer(full)(url, request)),
  failingSecondPage: (url, request) =>
    url.searchParams.has('ts_epoch:ge') ? { status: 500, body: {} } : metaflowServer(full)(url, request),
};
