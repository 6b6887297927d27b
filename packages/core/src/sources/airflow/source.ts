import { parseDuration } from '../../duration.js';
import type { Run } from '../../run.js';
import type { SourceAdapter } from '../descriptor.js';
import { AIRFLOW_STATES, airflowRunToWire } from './run.js';
import {
  anyRunning,
  paused,
  retriedTask,
  unscheduledTasks,
  waitingTasks,
  withHealth,
  withRetryDelay,
  withTasks,
  withoutDag,
  type AirflowContext,
} from './tasks.js';
import { withAwaitedRuns } from './awaited.js';
import { withLimits, withoutInstance, type Dag } from './limits.js';
import { PAGE_SIZE, SYSTEM, totalIn } from './api.js';
import { airflowSession, isPassword } from './session.js';
import {
  booleanField,
  countField,
  hasText,
  isObject,
  listOf,
  objectsIn,
  queryText,
  refuseError,
  textField,
  withSlash,
  type JsonObject,
} from '../reading/body.js';
import { DistinctRows } from '../reading/distinct-rows.js';
import { activeStatuses, endedStatuses } from '../reading/vocabulary.js';
import { instantIn } from '../reading/wire-time.js';
import { backTo } from '../reading/back-to.js';
import { endedLimit } from '../reading/ended-limit.js';
import { readCounted } from '../reading/read-counted.js';
import { readOneRow, readRows } from '../reading/read-rows.js';
import {
  SourceError,
  type Source,
  type SourceFetch,
  type SourcePage,
  type SourceQuery,
  type SourceResponse,
} from '../source.js';
import { baseUrl } from '../reading/base-url.js';
import { strictSource } from '../reading/strict-source.js';
import { AIRFLOW_SHAPES } from './shapes.js';

/** The URL of Airflow's API server, without `/api/v2`. */
export type AirflowConfig = { readonly url: string };

/** Airflow 3, for the registry of kinds. */
export const airflowAdapter: SourceAdapter<AirflowConfig> = {
  create: airflowSource,
  // The source itself exchanges a user and a password for a token.
  credentialHeaders: (token) => (isPassword(token) ? {} : { authorization: `Bearer ${token}` }),
  configFromUri: (rest) => ({ url: baseUrl(rest, 'airflow:https://host.example') }),
};

const ACTIVE = activeStatuses(AIRFLOW_STATES);
const ENDED = endedStatuses(AIRFLOW_STATES);

/** Reads the runs of all DAGs that the user may see from Airflow's stable REST API. It has no heartbeat of a run. */
export function airflowSource(name: string, { url }: AirflowConfig, token?: string): Source {
  const address = withSlash(url);
  const api = `${address}api/v2/`;
  const toWire = (row: JsonObject) => airflowRunToWire(row, address);
  const signedIn = token !== undefined && isPassword(token) ? airflowSession(address, token) : undefined;
  const session = (fetch: SourceFetch): SourceFetch => signedIn?.(fetch) ?? fetch;

  async function* list(query: SourceQuery, fetch: SourceFetch): AsyncGenerator<SourcePage, void> {
    yield* pages(ACTIVE, 'id', Infinity, session(fetch));
    // Active runs first: a run that ends in between is then read twice and not missed.
    if (query.activity !== 'active') {
      yield* backTo(query, pages(ENDED, '-end_date', endedLimit(query), session(fetch)), 'ended');
    }
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

  /** The scheduler first, then the DAG, which all of its runs share, and only then the run itself. */
  async function inspect(run: Run, fetch: SourceFetch): Promise<Run> {
    const place = placeOf(run.id);
    if (run.status === 'completed' || place === undefined) return run;
    const ask = session(fetch);
    const health = contextIn(await ask({ url: `${api}monitor/health`, accept: [403, 404] }));
    const stopped = withHealth(run, health, 'scheduler');
    if (stopped !== undefined) return stopped;
    const dag = contextIn(await ask({ url: `${api}${place.dag}/details`, accept: [403, 404] }));
    const context = {
      health,
      dag,
      isPaused: booleanField(dag, 'is_paused', SYSTEM) === true,
      isStale: booleanField(dag, 'is_stale', SYSTEM) === true,
    };
    if (run.status === 'queued') return withQueue(run, place.dag, context, ask);
    return withInside(withTimeout(run, dag), place, context, ask);
  }

  /** A queued run waits while its DAG or its backfill is paused, or while as many runs as it allows are at work. */
  async function withQueue(run: Run, path: string, context: AirflowContext, fetch: SourceFetch): Promise<Run> {
    const { dag } = context;
    if (context.isPaused) return paused(run, dag);
    if (context.isStale) return withoutDag(run);
    const backfill = run.labels['run_type'] === 'backfill' ? await backfillOf(run, dag, fetch) : undefined;
    if (backfill === 'cancelled') {
      const text = 'Its backfill was cancelled, and nothing else starts its runs.';
      return { ...run, flag: { kind: 'orphaned', by: 'tardy', text } };
    }
    if (backfill !== undefined && booleanField(backfill, 'is_paused', SYSTEM) === true)
      return { ...run, hold: 'paused', waitsFor: { kind: 'backfill' } };
    const most = countField(backfill ?? dag, 'max_active_runs', SYSTEM);
    if (most === undefined) return run;
    const running = await runningOf(path, backfill !== undefined, fetch);
    if (running < most) return run;
    const waitsFor = { kind: 'max_active_runs', name: run.type, state: `${running} of ${most} runs at work` };
    return { ...run, hold: 'limit', waitsFor };
  }

  /** How many runs of a DAG are at work and count against the limit of a run: those of backfills have a limit of their own. */
  async function runningOf(path: string, ofBackfill: boolean, fetch: SourceFetch): Promise<number> {
    const filter = ofBackfill ? '&run_type=backfill&limit=1' : `&limit=${PAGE_SIZE}`;
    const response = await fetch({ url: `${api}${path}/dagRuns?state=running${filter}` });
    const all = totalIn(response.body);
    if (ofBackfill) return all;
    const rows = objectsIn(listOf(response, 'dag_runs', SYSTEM), 'dag_runs', SYSTEM);
    return all - rows.filter((row) => row['run_type'] === 'backfill').length;
  }

  /** The backfill of a run. A run does not name it; the one whose dates hold its own is taken, else the only one that is open. */
  async function backfillOf(
    run: Run,
    dag: JsonObject,
    fetch: SourceFetch,
  ): Promise<JsonObject | 'cancelled' | undefined> {
    const query = queryText([['dag_id', textField(dag, 'dag_id', SYSTEM) ?? run.type]]);
    const response = await fetch({ url: `${api}backfills?${query}`, accept: [403, 404] });
    if (response.status >= 400) return undefined;
    const all = objectsIn(listOf(response, 'backfills', SYSTEM), 'backfills', SYSTEM);
    const open = all.filter((backfill) => (backfill['completed_at'] ?? undefined) === undefined);
    const due = run.notBefore;
    const dated = open.find((backfill) => {
      const [from, to] = [instantIn(backfill['from_date']), instantIn(backfill['to_date'])];
      return due !== undefined && from !== undefined && to !== undefined && from <= due && due <= to;
    });
    if (dated !== undefined) return dated;
    if (open.length === 0 && all.length > 0) return 'cancelled';
    return open.length === 1 ? open[0] : undefined;
  }

  async function withInside(run: Run, place: Place, context: AirflowContext, fetch: SourceFetch): Promise<Run> {
    const tasks = await readTasks(place, fetch);
    const seen = withTasks(run, tasks, context);
    if (seen.flag !== undefined || anyRunning(tasks)) return seen;
    const retried = seen.hold === 'retry' ? retriedTask(tasks) : undefined;
    if (retried !== undefined) {
      const task = encodeURIComponent(String(retried['task_id']));
      const { body } = await fetch({ url: `${api}${place.dag}/tasks/${task}`, accept: [403, 404] });
      return isObject(body) ? withRetryDelay(seen, retried, body) : seen;
    }
    if (seen.hold === 'event') return withAwaitedRuns(seen, tasks, api, fetch);
    if (seen.hold !== undefined) return seen;
    const dag: Dag = { api, path: place.dag, details: context.dag };
    const waiting = waitingTasks(tasks);
    return waiting.length > 0
      ? withLimits(seen, dag, waiting, fetch)
      : withoutInstance(seen, dag, tasks, unscheduledTasks(tasks), fetch);
  }

  /**
   * All tasks of a run.
   *
   * @throws {SourceError} if not all of them arrived: what is missing may be at work.
   */
  async function readTasks({ run }: Place, fetch: SourceFetch): Promise<readonly JsonObject[]> {
    const tasks = new DistinctRows((row) => row);
    for (;;) {
      const page = tasks.size === 0 ? '' : `&offset=${tasks.size}`;
      const response = await fetch({ url: `${api}${run}/taskInstances?limit=${PAGE_SIZE}${page}` });
      const rows = objectsIn(listOf(response, 'task_instances', SYSTEM), 'task_instances', SYSTEM);
      const total = totalIn(response.body);
      const added = tasks.add(rows);
      if (tasks.size >= total) return tasks.rows;
      if (added === 0) {
        throw new SourceError('shape', `Airflow counts ${total} tasks and sent ${tasks.size}.`);
      }
    }
  }

  return strictSource({ name, kind: 'airflow', address, list, get, inspect }, SYSTEM, AIRFLOW_SHAPES);
}

/** The paths of a run and of its DAG. */
type Place = { readonly dag: string; readonly run: string };

/** The id of a DAG has no slash; that of a run may have. */
function placeOf(id: string): Place | undefined {
  const slash = id.indexOf('/');
  if (slash <= 0 || slash === id.length - 1) return undefined;
  const dag = `dags/${encodeURIComponent(id.slice(0, slash))}`;
  return { dag, run: `${dag}/dagRuns/${encodeURIComponent(id.slice(slash + 1))}` };
}

/** The run with the instant at which Airflow fails it itself, if its DAG has a `dagrun_timeout`. */
function withTimeout(run: Run, dag: JsonObject): Run {
  const span = dag['dag_run_timeout'];
  const ms = hasText(span) ? parseDuration(span) : undefined;
  if (ms === undefined || !Number.isFinite(ms) || run.startedAt === undefined) return run;
  return { ...run, deadlineAt: run.startedAt + ms };
}

/**
 * What a response says of the surroundings of a run; an empty object if the credential may not read them.
 *
 * @throws {SourceError} `shape` for a response of another type, or one that reports an error.
 */
function contextIn(response: SourceResponse): JsonObject {
  if (response.status >= 400) return {};
  refuseError(response.body, response);
  if (isObject(response.body)) return response.body;
  throw new SourceError('shape', `${response.url} sent no object. Is this the URL of ${SYSTEM}?`);
}
