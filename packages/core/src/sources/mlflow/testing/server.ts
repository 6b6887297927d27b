import { isObject, type JsonObject } from '../../reading/body.js';
import { MLFLOW_STATUSES } from '../run.js';
import { mlflowSource } from '../source.js';
import type { ConformanceCase } from '../../testing/conformance-case.js';
import type { Server } from '../../testing/fetch.js';
import { fixture } from '../../testing/fixtures.js';

/** The recorded run of that name. */
export function mlflowRow(file: string, name: string): JsonObject {
  const rows = fixture(`mlflow/${file}`)['runs'] as readonly JsonObject[];
  const row = rows.find(({ info }) => isObject(info) && info['run_name'] === name);
  if (row === undefined) throw new Error(`${file} holds no run ${name}.`);
  return row;
}

/** The row with fields of its `info` changed. */
export function withInfo(row: JsonObject, fields: JsonObject): JsonObject {
  return { ...row, info: { ...(row['info'] as JsonObject), ...fields } };
}

/** An MLflow server with these runs, which leaves empty lists out as the real one does. */
export function mlflowServer(rows: readonly JsonObject[], size = 1000): Server {
  return (url, { body }) => {
    if (url.pathname.endsWith('/experiments/search')) return { body: fixture('mlflow/experiments.json') };
    if (url.pathname.endsWith('/experiments/get')) return { body: experiment(url.searchParams.get('experiment_id')) };
    if (url.pathname.endsWith('/runs/get')) {
      const found = rows.find((row) => infoOf(row)['run_id'] === url.searchParams.get('run_id'));
      return found === undefined
        ? { status: 404, body: fixture('mlflow/error-not-found.json') }
        : { body: { run: found } };
    }
    const { filter, page_token: token } = body as { filter: string; page_token?: string };
    const left = Object.keys(MLFLOW_STATUSES).filter((status) => filter.includes(`!= '${status}'`));
    const held = rows.filter((row) => !left.includes(String(infoOf(row)['status'])));
    const offset = token === undefined ? 0 : Number(token);
    const runs = held.slice(offset, offset + size);
    const more = offset + size < held.length ? { next_page_token: String(offset + size) } : {};
    return { body: runs.length === 0 ? {} : { runs, ...more } };
  };
}

function infoOf(row: unknown): JsonObject {
  return isObject(row) && isObject(row['info']) ? row['info'] : {};
}

function experiment(id: string | null): JsonObject {
  const all = fixture('mlflow/experiments.json')['experiments'] as readonly JsonObject[];
  return { experiment: all.find((one) => one['experiment_id'] === id) };
}

const healthy = mlflowRow('running.json', 'healthy');
const startedAt = 1_795_419_462_397;
const metric = (timestamp: unknown): JsonObject => ({
  ...healthy,
  data: { metrics: [{ key: 'loss', value: 1, timestamp, step: 1 }] },
});

/** What MLflow's adapter shows to conform. */
export const mlflowCase: ConformanceCase = {
  name: 'mlflow',
  source: mlflowSource('tracking', { url: 'https://mlflow.example' }),
  row: healthy,
  other: mlflowRow('running.json', 'hung'),
  states: [
    [
      'running',
      healthy,
      {
        id: 'a6ef5cdf7ff749d7abe5d538d0481f88',
        type: 'training',
        title: 'healthy',
        workspace: { id: 'default', name: undefined },
        status: 'running',
        startedAt,
        heartbeatAt: 1_795_419_468_644,
        initiator: { kind: 'user', name: 'root' },
        url: 'https://mlflow.example/#/experiments/1/runs/a6ef5cdf7ff749d7abe5d538d0481f88',
        labels: { source: 'train.py', source_type: 'LOCAL' },
        native: { status: 'RUNNING', outcome: undefined },
      },
    ],
    ['without metrics', mlflowRow('running.json', 'made-silent'), { status: 'running', heartbeatAt: undefined }],
    ['with a metric of another time', metric(1_700_000_000), { status: 'running', heartbeatAt: undefined }],
    [
      'scheduled',
      mlflowRow('active-after-kill9.json', 'made-scheduled'),
      { status: 'queued', queuedAt: 1_795_419_468_000, startedAt: undefined },
    ],
    [
      'finished',
      mlflowRow('ended.json', 'finished'),
      { status: 'completed', outcome: 'succeeded', endedAt: 1_795_419_464_506, heartbeatAt: undefined },
    ],
    ['failed', mlflowRow('ended.json', 'fails'), { status: 'completed', outcome: 'failed' }],
    ['killed', mlflowRow('ended.json', 'made-killed'), { status: 'completed', outcome: 'cancelled' }],
  ],
  broken: [
    ['run_id', withInfo(healthy, { run_id: 7 })],
    ['start_time', withInfo(healthy, { start_time: 'now' })],
    ['experiment_id', withInfo(healthy, { experiment_id: null })],
    ['run_name', withInfo(healthy, { run_name: 7 })],
    ['info', { ...healthy, info: null }],
  ],
  unknownStatus: { row: withInfo(healthy, { status: 'PREEMPTED' }), native: 'PREEMPTED' },
  serve: (rows) => mlflowServer(rows),
  // The server names a next page which, asked for, leads back to itself.
  cutShort: (url, request) =>
    url.pathname.endsWith('/runs/search')
      ? { body: { runs: [healthy], next_page_token: 'again' } }
      : mlflowServer([])(url, request),
  queries: ['/api/2.0/mlflow/experiments/search', '/api/2.0/mlflow/runs/search'],
  failingSecondPage: (url, request) => {
    if (!url.pathname.endsWith('/runs/search')) return mlflowServer([])(url, request);
    const second = isObject(request.body) && request.body['page_token'] !== undefined;
    return second ? { status: 500, body: {} } : { body: fixture('mlflow/page-1.json') };
  },
};
