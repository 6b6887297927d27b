import { airflowSource } from '../source.js';
import { isObject, type JsonObject } from '../../reading/body.js';
import type { ConformanceCase } from '../../testing/conformance-case.js';
import type { Server } from '../../testing/fetch.js';
import { fixture } from '../../testing/fixtures.js';

/** The runs of a recorded list. */
export function airflowRows(file: string): readonly JsonObject[] {
  return fixture(`airflow/${file}`)['dag_runs'] as readonly JsonObject[];
}

/** The recorded run of that DAG. */
export function airflowRow(file: string, dag: string): JsonObject {
  const row = airflowRows(file).find((one) => one['dag_id'] === dag);
  if (row === undefined) throw new Error(`${file} holds no run of ${dag}.`);
  return row;
}

/** An Airflow with these runs, which sends no more than 100 at a time whatever it is asked for. */
export function airflowServer(rows: readonly JsonObject[], most = 100): Server {
  return (url) => {
    const one = /\/dags\/([^/]+)\/dagRuns\/([^/]+)$/.exec(url.pathname);
    if (one !== null) {
      const [dag, run] = one.slice(1).map(decodeURIComponent);
      const found = rows.find((row) => row['dag_id'] === dag && row['dag_run_id'] === run);
      return found === undefined ? { status: 404, body: fixture('airflow/error-not-found.json') } : { body: found };
    }
    const search = url.searchParams;
    const wanted = search.getAll('state');
    // A run of an unknown state comes with those that run, or there would be nothing to show.
    const held = rows.filter((row) => {
      const state = String(isObject(row) ? row['state'] : undefined);
      return wanted.includes(state) || (wanted.includes('running') && !STATES.includes(state));
    });
    const offset = Number(search.get('offset'));
    const dagRuns = held.slice(offset, offset + Math.min(most, Number(search.get('limit'))));
    return { body: { dag_runs: dagRuns, total_entries: held.length } };
  };
}

const STATES = ['queued', 'running', 'success', 'failed'];

const running = airflowRow('active.json', 'healthy');
const queued = airflowRow('active.json', 'waiting');

/** What Airflow's adapter shows to conform. */
export const airflowCase: ConformanceCase = {
  name: 'airflow',
  source: airflowSource('dags', { url: 'https://airflow.example' }),
  row: running,
  other: airflowRow('active.json', 'hanging'),
  states: [
    [
      'running',
      running,
      {
        id: 'healthy/live__healthy',
        type: 'healthy',
        title: 'live__healthy',
        status: 'running',
        queuedAt: Date.parse('2026-11-23T07:57:32.644Z'),
        notBefore: undefined,
        startedAt: Date.parse('2026-11-23T07:57:33.408Z'),
        heartbeatAt: undefined,
        initiator: { kind: 'user', name: 'admin' },
        url: 'https://airflow.example/dags/healthy/runs/live__healthy',
        labels: { run_type: 'manual' },
        native: { status: 'running', outcome: undefined },
      },
    ],
    [
      'queued',
      queued,
      {
        id: 'waiting/live__2026-11-23T08:00:00+00:00_1',
        status: 'queued',
        startedAt: undefined,
        url: 'https://airflow.example/dags/waiting/runs/live__2026-11-23T08%3A00%3A00%2B00%3A00_1',
      },
    ],
    [
      'queued ahead of its time',
      { ...queued, run_after: '2026-11-24T00:00:00Z' },
      { status: 'queued', notBefore: Date.parse('2026-11-24T00:00:00Z') },
    ],
    ['successful', airflowRow('ended.json', 'finishing'), { status: 'completed', outcome: 'succeeded' }],
    ['failed', airflowRow('ended.json', 'failing'), { status: 'completed', outcome: 'failed' }],
  ],
  broken: [
    ['dag_run_id', { ...running, dag_run_id: null }],
    ['start_date', { ...running, start_date: '2026-11-23T07:57:33' }],
    ['queued_at', { ...running, queued_at: 'then' }],
    ['dag_id', { ...running, dag_id: '' }],
    ['triggering_user_name', { ...running, triggering_user_name: 7, run_type: 'scheduled' }],
  ],
  unknownStatus: { row: { ...running, state: 'hibernating' }, native: 'hibernating' },
  serve: (rows) => airflowServer(rows),
  cutShort: (url) => ({
    body: { dag_runs: url.searchParams.get('offset') === '0' ? [running] : [], total_entries: 7 },
  }),
  failingSecondPage: (url) =>
    url.searchParams.get('offset') === '0' ? { body: fixture('airflow/page-1.json') } : { status: 500, body: {} },
};
