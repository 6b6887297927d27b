import type { Run } from '../../run.js';
import type { SourceAdapter } from '../descriptor.js';
import { airflowRunToWire, seenInTasks, unhealthy } from './run.js';
import { airflowSession, isPassword } from './session.js';
import { isObject, listOf, queryText, withSlash, type JsonObject } from '../reading/body.js';
import { endedLimit } from '../reading/ended-limit.js';
import { readCounted } from '../reading/read-counted.js';
import { readOneRow, readRows } from '../reading/read-rows.js';
import { SourceError, type Source, type SourceFetch, type SourcePage, type SourceQuery } from '../source.js';
import { baseUrl } from '../reading/base-url.js';

/** Where Airflow's API server is, without `/api/v2`. */
export type AirflowConfig = { readonly url: string };

/** Airflow 3 in short, for the registry of kinds. */
export const airflowAdapter: SourceAdapter<AirflowConfig> = {
  create: airflowSource,
  // A user and a password are exchanged for a token first, which the source does by itself.
  credentialHeaders: (token) => (isPassword(token) ? {} : { authorization: `Bearer ${token}` }),
  configFromUri: (rest) => ({ url: baseUrl(rest, 'airflow:https://host.example') }),
};

/** The states of a DAG run that has not ended, and of one that has. */
export const AIRFLOW_ACTIVE = ['queued', 'running'] as const;
export const AIRFLOW_ENDED = ['success', 'failed'] as const;

/** What Airflow sends at most unless it is configured otherwise; it cuts a larger number without a word. */
const PAGE_SIZE = 100;

const SYSTEM = "Airflow's API server (version 3)";

/** Reads the runs of all DAGs that the user may see from Airflow's stable REST API. It tells no heartbeat of a run. */
export function airflowSource(name: string, { url }: AirflowConfig, token?: string): Source {
  const address = withSlash(url);
  const api = `${address}api/v2/`;
  const toWire = (row: JsonObject) => airflowRunToWire(row, address);
  const signedIn = token !== undefined && isPassword(token) ? airflowSession(address, token) : undefined;
  const session = (fetch: SourceFetch): SourceFetch => signedIn?.(fetch) ?? fetch;

  async function* list(query: SourceQuery, fetch: SourceFetch): AsyncGenerator<SourcePage, void> {
    yield* pages(AIRFLOW_ACTIVE, 'id', Infinity, session(fetch));
    // After the active ones: a run that ends in between is then seen twice and not missed.
    if (query.activity !== 'active') yield* pages(AIRFLOW_ENDED, '-end_date', endedLimit(query), session(fetch));
  }

  async function* pages(
    states: readonly string[],
    order: string,
    limit: number,
    fetch: SourceFetch,
  ): AsyncGenerator<SourcePage, void> {
    const filter = queryText([...states.map((state) => ['state', state] as const), ['order_by', order]]);
    const request = (_: number, offset: number) => ({
      url: `${api}dags/~/dagRuns?${filter}&limit=${Math.min(limit, PAGE_SIZE)}&offset=${offset}`,
    });
    const rowsOf = readCounted(
      {
        system: 'Airflow',
        limit,
        request,
        read: (response) => ({
          rows: listOf(response, 'dag_runs', SYSTEM),
          total: totalIn(response.body),
          // No DAG has a slash in its id.
          idOf: (row) => (isObject(row) ? `${String(row['dag_id'])}/${String(row['dag_run_id'])}` : undefined),
        }),
      },
      fetch,
    );
    for await (const { rows, total, incomplete } of rowsOf) {
      yield { ...readRows(rows, name, toWire), total: limit === Infinity ? total : undefined, incomplete };
    }
  }

  async function get(id: string, fetch: SourceFetch): Promise<Run | undefined> {
    const place = placeOf(id);
    if (place === undefined) return undefined;
    const response = await session(fetch)({ url: `${api}${place.run}`, accept: [404] });
    return response.status === 404 ? undefined : readOneRow(response.body, id, name, toWire);
  }

  async function inspect(run: Run, fetch: SourceFetch): Promise<Run> {
    const place = placeOf(run.id);
    if (run.status === 'completed' || run.hold !== undefined || place === undefined) return run;
    const ask = session(fetch);
    const { body: health } = await ask({ url: `${api}monitor/health`, accept: [403, 404] });
    const stopped = unhealthy(run, health, 'scheduler');
    if (stopped !== undefined) return stopped;
    if (run.status === 'queued') return seenInQueue(run, place.dag, ask);
    const response = await ask({ url: `${api}${place.run}/taskInstances?limit=${PAGE_SIZE}` });
    return seenInTasks(run, listOf(response, 'task_instances', SYSTEM), totalIn(response.body), health);
  }

  /** A queued run legitimately waits while its DAG is paused, or already has its maximum of running runs. */
  async function seenInQueue(run: Run, dag: string, fetch: SourceFetch): Promise<Run> {
    const { body } = await fetch({ url: `${api}${dag}/details`, accept: [403, 404] });
    const { is_paused: paused, max_active_runs: most } = isObject(body) ? body : {};
    if (paused === true) return { ...run, hold: 'paused' };
    if (typeof most !== 'number') return run;
    const running = await fetch({ url: `${api}${dag}/dagRuns?state=running&limit=1` });
    return totalIn(running.body) >= most ? { ...run, hold: 'dependency' } : run;
  }

  return { name, kind: 'airflow', address, list, get, inspect };
}

/** The paths of a run and its DAG. No DAG has a slash in its id; a run may. */
function placeOf(id: string): { readonly dag: string; readonly run: string } | undefined {
  const slash = id.indexOf('/');
  if (slash <= 0 || slash === id.length - 1) return undefined;
  const dag = `dags/${encodeURIComponent(id.slice(0, slash))}`;
  return { dag, run: `${dag}/dagRuns/${encodeURIComponent(id.slice(slash + 1))}` };
}

function totalIn(body: unknown): number {
  const total = isObject(body) ? body['total_entries'] : undefined;
  if (typeof total === 'number') return total;
  throw new SourceError('shape', `The answer has no "total_entries". Is this the URL of ${SYSTEM}?`);
}
