import type { Hold, Run, WaitsFor } from '../../run.js';
import { isObject, isText, memberOf, type JsonObject } from '../reading/body.js';
import { wordIn } from '../reading/vocabulary.js';
import { instantIn, lastOf } from '../reading/wire-time.js';

/** What a task of a run does, by Airflow's `TaskInstanceState`: `waiting` for a place to run in. */
export const AIRFLOW_TASK_STATES: Readonly<Record<string, 'ended' | 'running' | 'waiting' | Hold>> = {
  removed: 'ended',
  success: 'ended',
  failed: 'ended',
  upstream_failed: 'ended',
  skipped: 'ended',
  scheduled: 'waiting',
  queued: 'waiting',
  running: 'running',
  restarting: 'running',
  up_for_retry: 'retry',
  up_for_reschedule: 'event',
  deferred: 'event',
  awaiting_input: 'approval',
};

/** What Airflow reports about a run's surroundings. */
export type AirflowContext = {
  /** The response of `monitor/health`. */
  readonly health: unknown;
  /** The details of its DAG; an empty object if the credential may not read them. */
  readonly dag: JsonObject;
};

/** A flag if the part of Airflow that would move the run is not healthy. */
export function withHealth(run: Run, health: unknown, part: 'scheduler' | 'triggerer'): Run | undefined {
  const reported = memberOf(health, part);
  if (reported['status'] !== 'unhealthy') return undefined;
  const since = instantIn(reported[`latest_${part}_heartbeat`]);
  const text = `Airflow calls its ${part} unhealthy, so the run does not move.`;
  return { ...run, flag: { kind: 'worker_lost', by: 'source', text, since } };
}

/**
 * A running run with what all of its tasks show: its progress, that all have ended although the run has not, or what those that have
 * not ended wait for.
 */
export function withTasks(run: Run, tasks: readonly JsonObject[], { health, dag }: AirflowContext): Run {
  if (tasks.length === 0) return dag['is_paused'] === true ? paused(run, dag) : run;
  const states = tasks.map(stateOf);
  const ended = states.filter((state) => state === 'ended').length;
  const failed = tasks.filter(({ state }) => state === 'failed' || state === 'upstream_failed').length;
  const seen: Run = {
    ...run,
    progress: { processed: ended, total: tasks.length, ...(failed > 0 ? { failed } : {}), unit: 'tasks' },
  };
  if (ended === tasks.length) {
    const which = ended === 1 ? 'Its only task has ended' : `All ${ended} tasks have ended`;
    const since = lastInstant(tasks.map((task) => task['end_date']));
    return { ...seen, flag: { kind: 'stuck', by: 'tardy', text: `${which}, but the run has not.`, since } };
  }
  if (states.includes('running')) return seen;
  // No task starts while the DAG is paused, whatever it waits for otherwise.
  if (dag['is_paused'] === true) return paused(seen, dag);
  // Tasks without a state wait for those before them, and say nothing.
  if (states.includes('waiting')) return seen;
  const hold = HOLDS.find((one) => states.includes(one));
  if (hold === undefined) return seen;
  const dead = tasks.some(({ state }) => state === 'deferred') ? withHealth(seen, health, 'triggerer') : undefined;
  if (dead !== undefined) return dead;
  const held = tasks.filter((_, index) => states[index] === hold);
  return { ...seen, hold, holdSince: lastInstant(held.map((task) => task['start_date'])), waitsFor: taskOf(held) };
}

/** Of several reasons, the one that asks most of people counts. */
const HOLDS: readonly Hold[] = ['approval', 'event', 'retry'];

/** The tasks that wait for a place to run in. */
export function waitingTasks(tasks: readonly JsonObject[]): readonly JsonObject[] {
  return tasks.filter((task) => stateOf(task) === 'waiting');
}

/** Whether a task is at work. */
export function anyRunning(tasks: readonly JsonObject[]): boolean {
  return tasks.some((task) => stateOf(task) === 'running');
}

/** The run on hold because its DAG is paused. */
export function paused(run: Run, dag: JsonObject): Run {
  return { ...run, hold: 'paused', waitsFor: { kind: 'DAG', name: isText(dag['dag_id']) ? dag['dag_id'] : undefined } };
}

/**
 * The run on hold until the next attempt of its task, which Airflow makes `retry_delay` after the last one ended.
 *
 * @param task the definition of the task.
 */
export function withRetryDelay(run: Run, instance: JsonObject, task: JsonObject): Run {
  const endedAt = instantIn(instance['end_date']);
  const seconds = secondsIn(task['retry_delay']);
  // The delay of an exponential backoff has jitter, so its end is not known.
  if (endedAt === undefined || seconds === undefined || task['retry_exponential_backoff'] === true) return run;
  if (typeof task['retry_exponential_backoff'] === 'number' && task['retry_exponential_backoff'] > 1) return run;
  return { ...run, waitsFor: { ...run.waitsFor, kind: 'next attempt', until: endedAt + seconds * 1000 } };
}

/** The task instance whose next attempt a run waits for. */
export function retriedTask(tasks: readonly JsonObject[]): JsonObject | undefined {
  return tasks.find((task) => stateOf(task) === 'retry');
}

/** Airflow writes a time span as `{ days, seconds }`. */
function secondsIn(span: unknown): number | undefined {
  const { days, seconds } = isObject(span) ? span : {};
  return typeof days === 'number' && typeof seconds === 'number' ? days * 86_400 + seconds : undefined;
}

function taskOf(tasks: readonly JsonObject[]): WaitsFor {
  const name = tasks[0]?.['task_id'];
  return { kind: 'task', name: isText(name) ? name : undefined };
}

/** An unknown state may well be one of work. */
function stateOf(task: JsonObject): 'ended' | 'running' | 'waiting' | Hold | undefined {
  const state = task['state'];
  if (typeof state !== 'string') return undefined;
  return wordIn(AIRFLOW_TASK_STATES, state) ?? 'running';
}

function lastInstant(values: readonly unknown[]): number | undefined {
  return lastOf(values.flatMap((value) => instantIn(value) ?? []));
}
