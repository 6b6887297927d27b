import type { Hold, Instant, Run, WaitsFor } from '../../run.js';
import { hasNumber, hasText, isObject, memberOf, objectField, textField, type JsonObject } from '../reading/body.js';
import { SYSTEM } from './api.js';
import { nameFor, wordIn } from '../reading/vocabulary.js';
import { instantIn, lastOf } from '../reading/wire-time.js';
import { SourceError } from '../source.js';

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
  /** The response of `monitor/health`; an empty object if the credential may not read it. */
  readonly health: JsonObject;
  /** The details of its DAG; an empty object if the credential may not read them. */
  readonly dag: JsonObject;
  readonly isPaused: boolean;
  /** Whether the DAG is no longer in its bundle. Airflow then looks at none of its runs. */
  readonly isStale: boolean;
};

/** A flag if the part of Airflow that would move the run is not healthy. */
export function withHealth(run: Run, health: JsonObject, part: 'scheduler' | 'triggerer'): Run | undefined {
  const reported = objectField(health, part, SYSTEM) ?? {};
  if (reported['status'] !== 'unhealthy') return undefined;
  const since = instantIn(reported[`latest_${part}_heartbeat`]);
  const text = `Airflow calls its ${part} unhealthy, so the run does not move.`;
  return { ...run, flag: { kind: 'worker_lost', by: 'source', text, since } };
}

/**
 * A running run with what all of its tasks show: its progress, that all have ended although the run has not, or what those that have
 * not ended wait for.
 */
export function withTasks(run: Run, tasks: readonly JsonObject[], context: AirflowContext): Run {
  const { health, dag, isPaused, isStale } = context;
  if (tasks.length === 0) return isPaused ? paused(run, dag) : isStale ? withoutDag(run) : run;
  const states = tasks.map(stateOf);
  const ended = states.filter((state) => state === 'ended').length;
  const failed = tasks.filter(({ state }) => state === 'failed' || state === 'upstream_failed').length;
  const seen: Run = {
    ...run,
    progress: { processed: ended, total: tasks.length, ...(failed > 0 ? { failed } : {}), unit: 'tasks' },
  };
  // Airflow looks at no run of a paused DAG: no task starts, and no run ends, whatever it waits for otherwise.
  if (!states.includes('running') && isPaused) return paused(seen, dag);
  if (!states.includes('running') && isStale) return withoutDag(seen);
  if (ended === tasks.length) {
    const which = ended === 1 ? 'Its only task has ended' : `All ${ended} tasks have ended`;
    const since = lastInstant(tasks.map((task) => task['end_date']));
    return { ...seen, flag: { kind: 'stuck', by: 'tardy', text: `${which}, but the run has not.`, since } };
  }
  if (states.includes('running')) return seen;
  // Tasks without a state wait for those before them, and say nothing.
  if (states.includes('waiting')) return seen;
  const hold = HOLDS.find((one) => states.includes(one));
  if (hold === undefined) return seen;
  const deferred = tasks.filter(({ state }) => state === 'deferred');
  const dead =
    deferred.length > 0 ? (withHealth(seen, health, 'triggerer') ?? withTriggers(seen, deferred, health)) : undefined;
  if (dead !== undefined) return dead;
  const held = tasks.filter((_, index) => states[index] === hold);
  return { ...seen, hold, holdSince: lastInstant(held.map((task) => task['start_date'])), waitsFor: taskOf(held) };
}

/** How long ago the triggerer of a task may have sent its heartbeat, compared with the last of any. Each sends one every 5 s. */
const TRIGGERER_SILENCE_MS = 5 * 60_000;

/** A flag if no triggerer watches what a deferred task waits for. A triggerer takes a trigger within seconds. */
function withTriggers(run: Run, deferred: readonly JsonObject[], health: JsonObject): Run | undefined {
  const triggerer = objectField(health, 'triggerer', SYSTEM);
  if (triggerer === undefined && Object.keys(health).length > 0) {
    throw new SourceError('shape', `${SYSTEM} reports its health without that of the triggerer.`);
  }
  const never = triggerer !== undefined && 'status' in triggerer && (triggerer['status'] ?? undefined) === undefined;
  const newest = instantIn(triggerer?.['latest_triggerer_heartbeat']);
  for (const task of deferred) {
    const why = never ? 'no triggerer has ever run' : unwatched(task, newest);
    if (why === undefined) continue;
    const text = `Its task ${String(task['task_id'])} is deferred, and ${why}.`;
    const since = instantIn(memberOf(task, 'trigger')['created_date']) ?? instantIn(task['start_date']);
    return { ...run, flag: { kind: 'orphaned', by: 'tardy', text, since } };
  }
  return undefined;
}

/** Why nothing watches the trigger of a task: no triggerer took it, or the one that did has died and no other took it over. */
function unwatched(task: JsonObject, newest: Instant | undefined): string | undefined {
  const trigger = objectField(task, 'trigger', SYSTEM);
  if (trigger !== undefined && 'triggerer_id' in trigger && (trigger['triggerer_id'] ?? undefined) === undefined) {
    return 'no triggerer has taken its trigger';
  }
  const { latest_heartbeat: heartbeat, hostname } = memberOf(task, 'triggerer_job');
  const last = instantIn(heartbeat);
  if (last === undefined || newest === undefined || newest - last <= TRIGGERER_SILENCE_MS) return undefined;
  const name = hasText(hostname) ? ` on ${nameFor(hostname)}` : '';
  return `the triggerer${name} that took its trigger sends no heartbeat`;
}

/** The run with the flag that its DAG is gone. */
export function withoutDag(run: Run): Run {
  const text = 'Its DAG is no longer in its bundle, so Airflow does not look at its runs.';
  return { ...run, flag: { kind: 'orphaned', by: 'tardy', text } };
}

/** Of several reasons, the one that asks most of people counts. */
const HOLDS: readonly Hold[] = ['approval', 'event', 'retry'];

/** The tasks that wait for a place to run in. */
export function waitingTasks(tasks: readonly JsonObject[]): readonly JsonObject[] {
  return tasks.filter((task) => stateOf(task) === 'waiting');
}

/** The tasks that Airflow has not scheduled: those before them have not ended, or it never will. */
export function unscheduledTasks(tasks: readonly JsonObject[]): readonly JsonObject[] {
  return tasks.filter((task) => stateOf(task) === undefined);
}

/** Whether a task is at work. */
export function anyRunning(tasks: readonly JsonObject[]): boolean {
  return tasks.some((task) => stateOf(task) === 'running');
}

/** The run on hold because its DAG is paused. */
export function paused(run: Run, dag: JsonObject): Run {
  return {
    ...run,
    hold: 'paused',
    waitsFor: { kind: 'DAG', name: hasText(dag['dag_id']) ? dag['dag_id'] : undefined },
  };
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
  return hasNumber(days) && hasNumber(seconds) ? days * 86_400 + seconds : undefined;
}

function taskOf(tasks: readonly JsonObject[]): WaitsFor {
  const name = tasks[0]?.['task_id'];
  return { kind: 'task', name: hasText(name) ? name : undefined };
}

/** An unknown state may well be one of work. */
function stateOf(task: JsonObject): 'ended' | 'running' | 'waiting' | Hold | undefined {
  const state = textField(task, 'state', SYSTEM);
  if (state === undefined) return undefined;
  return wordIn(AIRFLOW_TASK_STATES, state) ?? 'running';
}

function lastInstant(values: readonly unknown[]): number | undefined {
  return lastOf(values.flatMap((value) => instantIn(value) ?? []));
}
