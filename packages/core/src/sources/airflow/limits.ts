import type { Run, Flag } from '../../run.js';
import {
  booleanField,
  countField,
  hasNumber,
  hasText,
  isObject,
  isText,
  listOf,
  objectsIn,
  queryText,
  type JsonObject,
} from '../reading/body.js';
import { DistinctRows } from '../reading/distinct-rows.js';
import { firstOf, instantIn } from '../reading/wire-time.js';
import { SourceError, type SourceFetch } from '../source.js';
import { PAGE_SIZE, refuseNone, SYSTEM, totalIn } from './api.js';

/** The DAG of a run: the URL of the API, its path below that, and its details. */
export type Dag = { readonly api: string; readonly path: string; readonly details: JsonObject };

/** What a pool says of a task that wants a place in it. */
type Place = { readonly kind: 'never'; readonly flag: Flag } | { readonly kind: 'full'; readonly pool: JsonObject };

/**
 * A run whose tasks are scheduled or queued: they wait for a slot of their pool, or for others of their DAG, or can never get a slot.
 *
 * @param waiting the tasks; no task of the run is at work.
 */
export async function withLimits(run: Run, dag: Dag, waiting: readonly JsonObject[], fetch: SourceFetch): Promise<Run> {
  const pools = await readPools(dag, fetch);
  const places: (Place | undefined)[] = [];
  for (const task of pools === undefined ? [] : waiting) places.push(await placeOf(task, dag, pools ?? [], fetch));
  const never = places.find((place) => place?.kind === 'never');
  if (never?.kind === 'never') return { ...run, flag: never.flag };
  const [first] = places;
  if (first?.kind === 'full' && places.every((place) => place?.kind === 'full' && place.pool === first.pool)) {
    const { name, slots } = first.pool;
    const waitsFor = { kind: 'pool', name: String(name), state: `all ${String(slots)} slots in use` };
    return { ...run, hold: 'limit', waitsFor };
  }
  const most = countField(dag.details, 'max_active_tasks', SYSTEM);
  if (most === undefined || most === 0) return withoutWork(run, waiting);
  const url = `${dag.api}${dag.path}/dagRuns/~/taskInstances?state=running&limit=1`;
  const counted = await fetch({ url, accept: [403, 404] });
  if (counted.status >= 400 || totalIn(counted.body) < most) return withoutWork(run, waiting);
  const state = `${totalIn(counted.body)} of ${most} tasks at work`;
  return { ...run, hold: 'limit', waitsFor: { kind: 'max_active_tasks', name: run.type, state } };
}

/** A run none of whose tasks is at work, and which no limit holds: it waits for a worker since the first of them was scheduled. */
function withoutWork(run: Run, waiting: readonly JsonObject[]): Run {
  const times = waiting.map((task) => instantIn(task['scheduled_when']) ?? instantIn(task['queued_when']));
  const phaseAt = firstOf(times.filter((at) => at !== undefined));
  return phaseAt === undefined ? run : { ...run, status: 'queued', phaseAt };
}

/** All pools; `undefined` if the credential may not read them. */
async function readPools({ api }: Dag, fetch: SourceFetch): Promise<readonly JsonObject[] | undefined> {
  const pools = new DistinctRows(({ name }) => name);
  for (;;) {
    const page = pools.size === 0 ? '' : `&offset=${pools.size}`;
    const response = await fetch({ url: `${api}pools?limit=${PAGE_SIZE}${page}`, accept: [403, 404] });
    if (response.status >= 400) return undefined;
    const rows = objectsIn(listOf(response, 'pools', SYSTEM), 'pools', SYSTEM);
    const added = pools.add(rows);
    const total = totalIn(response.body);
    if (pools.size >= total) return pools.rows;
    if (added === 0) throw new SourceError('truncated', `Airflow counts ${total} pools and sent ${pools.size}.`);
  }
}

async function placeOf(
  task: JsonObject,
  { api }: Dag,
  pools: readonly JsonObject[],
  fetch: SourceFetch,
): Promise<Place | undefined> {
  const name = task['pool'];
  if (!hasText(name)) return undefined;
  const pool = pools.find((one) => one['name'] === name);
  if (pool === undefined) {
    // The list leaves out pools that the credential may not read. Airflow itself has to say that there is none.
    const { status, body } = await fetch({ url: `${api}pools/${encodeURIComponent(name)}`, accept: [403, 404] });
    const detail = isObject(body) ? body['detail'] : undefined;
    const none = status === 404 && isText(detail) && detail.includes(name);
    return none ? { kind: 'never', flag: neverStarts(task, detail) } : undefined;
  }
  const needed = countField(task, 'pool_slots', SYSTEM) ?? 1;
  const { slots, open_slots: open } = pool;
  // A pool of -1 slots has no limit.
  if (hasNumber(slots) && slots >= 0 && needed > slots) {
    return {
      kind: 'never',
      flag: neverStarts(task, `it needs ${needed} slots of the pool ${name}, which has ${slots}`),
    };
  }
  return hasNumber(open) && open < needed ? { kind: 'full', pool } : undefined;
}

function neverStarts(task: JsonObject, why: string): Flag {
  const text = `Its task ${String(task['task_id'])} can never start: ${why}.`;
  return { kind: 'cannot_start', by: 'tardy', text, since: instantIn(task['scheduled_when']) };
}

/**
 * A run none of whose unfinished tasks has been scheduled. Airflow schedules a task when those before it have ended; but not one
 * whose instance was deleted, nor those after it, nor one that depends on the past while that has failed.
 *
 * @param tasks all task instances of the run.
 * @param unscheduled those without a state.
 */
export async function withoutInstance(
  run: Run,
  dag: Dag,
  tasks: readonly JsonObject[],
  unscheduled: readonly JsonObject[],
  fetch: SourceFetch,
): Promise<Run> {
  if (unscheduled.length === 0) return run;
  const response = await fetch({ url: `${dag.api}${dag.path}/tasks`, accept: [403, 404] });
  if (response.status >= 400) return run;
  const defined = objectsIn(listOf(response, 'tasks', SYSTEM), 'tasks', SYSTEM);
  const known = new Set(tasks.map((task) => task['task_id']));
  const missing = defined.map((task) => task['task_id']).filter((id) => hasText(id) && !known.has(id));
  // A run of a versioned bundle has the tasks of its own version, which may be fewer.
  if (missing.length > 0 && run.labels['bundle_version'] === undefined) {
    const text = `Its task ${String(missing[0])} has no instance, and Airflow makes no new one.`;
    return { ...run, flag: { kind: 'stuck', by: 'tardy', text } };
  }
  for (const { task_id: id } of unscheduled) {
    const definition = defined.find((task) => task['task_id'] === id);
    if (definition === undefined || !hasText(id) || !dependsOnPast(definition)) continue;
    const past = await pastOf(run, dag, id, fetch);
    if (past !== undefined) return past;
  }
  return run;
}

function dependsOnPast(task: JsonObject): boolean {
  return (
    booleanField(task, 'depends_on_past', SYSTEM) === true || booleanField(task, 'wait_for_downstream', SYSTEM) === true
  );
}

/** The run with what became of the same task in the run before it; `undefined` if that does not hold it up. */
async function pastOf(run: Run, dag: Dag, task: string, fetch: SourceFetch): Promise<Run | undefined> {
  const before = run.notBefore ?? run.queuedAt ?? run.startedAt;
  if (before === undefined) return undefined;
  const query = queryText([
    ['task_id', task],
    ['run_after_lte', new Date(before).toISOString()],
    ['order_by', '-run_after'],
    ['limit', 5],
  ]);
  const url = `${dag.api}${dag.path}/dagRuns/~/taskInstances?${query}`;
  const response = await fetch({ url, accept: [400, 403, 404, 422] });
  if (response.status >= 400) return undefined;
  const instances = objectsIn(listOf(response, 'task_instances', SYSTEM), 'task_instances', SYSTEM);
  refuseNone(instances, response.body);
  const past = instances.find(
    (one) => one['task_id'] === task && `${run.type}/${String(one['dag_run_id'])}` !== run.id,
  );
  const state = past?.['state'];
  if (state === 'success' || state === 'skipped') return undefined;
  const name = past === undefined ? undefined : `${task} of ${String(past['dag_run_id'])}`;
  if (name === undefined) return undefined;
  if (state === 'failed' || state === 'upstream_failed') {
    const text = `Its task ${task} depends on ${name}, which has failed: it starts when somebody clears that one.`;
    return { ...run, flag: { kind: 'orphaned', by: 'tardy', text, since: instantIn(past?.['end_date']) } };
  }
  return { ...run, hold: 'dependency', waitsFor: { kind: 'task', name } };
}
