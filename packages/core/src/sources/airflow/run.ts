import { parseInstant } from '../../instant.js';
import type { Hold, InitiatorKind, Instant, Run } from '../../run.js';
import { isObject, type JsonObject } from '../reading/body.js';
import { meaningOf, shortText, wordIn, type Vocabulary } from '../reading/vocabulary.js';
import { textLabels } from '../reading/read-rows.js';

/** Airflow's `DagRunState`. */
const STATES: Vocabulary = {
  queued: { status: 'queued' },
  running: { status: 'running' },
  success: { status: 'completed', outcome: 'succeeded' },
  failed: { status: 'completed', outcome: 'failed' },
};

/** Airflow's `DagRunType`; a run that was made by hand is told by who made it. */
const INITIATORS: Readonly<Record<string, InitiatorKind>> = {
  scheduled: 'schedule',
  asset_triggered: 'event',
  asset_materialization: 'event',
  operator_triggered: 'api',
  backfill: 'user',
};

/** How far a task of a run has got, by Airflow's `TaskInstanceState`. */
export const AIRFLOW_TASK_STATES: Readonly<Record<string, 'ended' | 'moving' | Hold>> = {
  removed: 'ended',
  success: 'ended',
  failed: 'ended',
  upstream_failed: 'ended',
  skipped: 'ended',
  scheduled: 'moving',
  queued: 'moving',
  running: 'moving',
  restarting: 'moving',
  up_for_retry: 'schedule',
  up_for_reschedule: 'event',
  deferred: 'event',
  awaiting_input: 'approval',
};

/**
 * A DAG run as Airflow sends it, in the wire form of a run.
 *
 * The id of a DAG run is unique within its DAG alone, so ours names both. `last_scheduling_decision` is no heartbeat: it says that
 * the scheduler is alive, not that a task is.
 */
export function airflowRunToWire(row: JsonObject, address: string): Record<string, unknown> {
  const dag = row['dag_id'];
  const runId = row['dag_run_id'];
  const named = typeof dag === 'string' && dag !== '' && typeof runId === 'string' && runId !== '';
  const meaning = meaningOf(STATES, row['state']);
  return {
    id: named ? `${dag}/${runId}` : undefined,
    type: dag,
    title: runId,
    ...meaning,
    queued_at: row['queued_at'],
    not_before: meaning.status === 'queued' ? row['run_after'] : undefined,
    started_at: meaning.status === 'queued' ? undefined : row['start_date'],
    ended_at: meaning.status === 'completed' ? row['end_date'] : undefined,
    initiator: initiatorOf(row),
    url: named ? `${address}dags/${encodeURIComponent(dag)}/runs/${encodeURIComponent(runId)}` : undefined,
    labels: textLabels({
      run_type: row['run_type'],
      logical_date: row['logical_date'],
      partition: shortText(row['partition_key']),
      bundle_version: row['bundle_version'],
    }),
  };
}

/** A flag when the part of Airflow that would move the run is not healthy. */
export function unhealthy(run: Run, health: unknown, part: 'scheduler' | 'triggerer'): Run | undefined {
  const told = isObject(health) ? health[part] : undefined;
  if (!isObject(told) || told['status'] !== 'unhealthy') return undefined;
  const since = told[`latest_${part}_heartbeat`];
  const text = `Airflow calls its ${part} unhealthy, so the run does not move.`;
  return {
    ...run,
    flag: { kind: 'worker_lost', text, since: typeof since === 'string' ? parseInstant(since) : undefined },
  };
}

/**
 * What the tasks of a run show: how many have ended, that all have while the run has not, or that those which have not only
 * wait (deferred, to be tried again, for a person).
 */
export function seenInTasks(run: Run, tasks: readonly unknown[], total: number, health: unknown): Run {
  const rows = tasks.filter(isObject);
  if (rows.length === 0 || rows.length < total) return run;
  const kinds = rows.map((task) => kindOf(task['state']));
  const ended = kinds.filter((kind) => kind === 'ended').length;
  const failed = rows.filter(({ state }) => state === 'failed' || state === 'upstream_failed').length;
  const seen: Run = {
    ...run,
    progress: { processed: ended, total, ...(failed > 0 ? { failed } : {}), unit: 'tasks' },
  };
  if (ended === total) {
    const which = total === 1 ? 'Its only task has ended' : `All ${total} tasks have ended`;
    const since = greatest(rows.map((task) => task['end_date']));
    return { ...seen, flag: { kind: 'stuck', text: `${which}, but the run has not.`, since } };
  }
  // Tasks without a state yet wait for those before them, and say nothing.
  const waiting = kinds.flatMap((kind) => (kind === 'ended' || kind === undefined ? [] : [kind]));
  if (waiting.length === 0 || waiting.some((kind) => kind === 'moving')) return seen;
  const deferred = rows.some(({ state }) => state === 'deferred');
  const dead = deferred ? unhealthy(seen, health, 'triggerer') : undefined;
  if (dead !== undefined) return dead;
  const [hold] = HOLDS.filter((one) => waiting.includes(one));
  const holdSince = greatest(rows.map((task) => task['start_date']));
  return hold === undefined ? seen : { ...seen, hold, ...(holdSince === undefined ? {} : { holdSince }) };
}

/** Of several reasons the one that asks most of people is told. */
const HOLDS: readonly Hold[] = ['approval', 'event', 'schedule'];

/** An unknown state may well be one of work. */
function kindOf(state: unknown): 'ended' | 'moving' | Hold | undefined {
  if (typeof state !== 'string') return undefined;
  return wordIn(AIRFLOW_TASK_STATES, state) ?? 'moving';
}

function greatest(texts: readonly unknown[]): Instant | undefined {
  const all = texts.flatMap((text) => (typeof text === 'string' ? (parseInstant(text) ?? []) : []));
  return all.length === 0 ? undefined : Math.max(...all);
}

function initiatorOf(row: JsonObject): Record<string, unknown> | undefined {
  const type = row['run_type'];
  const name = row['triggering_user_name'];
  if (type === 'manual') return { kind: typeof name === 'string' && name !== '' ? 'user' : 'api', name };
  const kind = wordIn(INITIATORS, type);
  return kind === undefined ? undefined : { kind, name };
}
