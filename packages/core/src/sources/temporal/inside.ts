import type { Flag, Instant, Run, WaitsFor } from '../../run.js';
import { isObject, isText, listField, memberOf, type JsonObject } from '../reading/body.js';
import { because, wordIn } from '../reading/vocabulary.js';
import { instantIn } from '../reading/wire-time.js';

/** A task queue whose pollers are to be read, for workflow tasks or for activities. */
export type WantedPollers = { readonly queue: string; readonly kind: 'WORKFLOW' | 'ACTIVITY' };

/** From this attempt, a task that keeps failing is reported as the reason. */
const MANY_ATTEMPTS = 5;

/** A worker polls every minute. One that did not poll for longer is gone, though the server lists it for some minutes more. */
const POLLER_SILENCE_MS = 150_000;

/** What an activity does, by Temporal's `PendingActivityState`. */
export const TEMPORAL_ACTIVITY_STATES: Readonly<Record<string, 'waits' | 'works' | 'paused'>> = {
  PENDING_ACTIVITY_STATE_UNSPECIFIED: 'works',
  PENDING_ACTIVITY_STATE_SCHEDULED: 'waits',
  PENDING_ACTIVITY_STATE_STARTED: 'works',
  PENDING_ACTIVITY_STATE_CANCEL_REQUESTED: 'works',
  PENDING_ACTIVITY_STATE_PAUSED: 'paused',
  PENDING_ACTIVITY_STATE_PAUSE_REQUESTED: 'works',
};

/**
 * A running execution with what its description shows: its deadline, its heartbeats, what it waits for, what fails.
 *
 * @param now the server's clock.
 */
export function withDescription(run: Run, description: JsonObject, now: Instant | undefined): Run {
  const more = memberOf(description, 'workflowExtendedInfo');
  const deadlineAt = instantIn(more['runExpirationTime']) ?? instantIn(more['executionExpirationTime']);
  const seen: Run = deadlineAt === undefined ? run : { ...run, deadlineAt };
  if (run.hold === 'paused') {
    const holdSince = instantIn(memberOf(more, 'pauseInfo')['pausedTime']);
    return holdSince === undefined ? seen : { ...seen, holdSince };
  }
  const task = description['pendingWorkflowTask'];
  const activities = listIn(description, 'pendingActivities');
  const failing = isObject(task) ? failingTask(task) : undefined;
  if (failing !== undefined) return { ...seen, flag: failing };
  // The workflow itself is about to continue: what else is pending says nothing yet.
  if (isObject(task)) return seen;
  if (activities.length > 0) return withActivities(seen, activities, now);
  // No work for a worker is left: the workflow waits for a child, a timer or a signal.
  const [child] = listIn(description, 'pendingChildren');
  if (child === undefined) return { ...seen, hold: 'event' };
  return { ...seen, hold: 'dependency', waitsFor: childOf(child) };
}

function childOf(child: JsonObject): WaitsFor {
  const { workflowId, workflowTypeName } = child;
  return {
    kind: 'workflow',
    id: isText(workflowId) ? workflowId : undefined,
    name: isText(workflowTypeName) ? workflowTypeName : undefined,
  };
}

/** The task queue whose workers would have to do what the execution waits for; `undefined` if nothing waits for a worker. */
export function wantedPollers(run: Run, description: JsonObject): WantedPollers | undefined {
  if (run.hold !== undefined || run.flag !== undefined) return undefined;
  const queue = run.labels['task_queue'];
  if (isObject(description['pendingWorkflowTask'])) {
    return queue === undefined ? undefined : { queue, kind: 'WORKFLOW' };
  }
  const [activity] = listIn(description, 'pendingActivities').filter((one) => stateOf(one) !== 'paused');
  if (activity === undefined) return undefined;
  const own = memberOf(memberOf(activity, 'activityOptions'), 'taskQueue')['name'];
  const name = typeof own === 'string' && own !== '' ? own : queue;
  return name === undefined ? undefined : { queue: name, kind: 'ACTIVITY' };
}

/** The run with a flag if no worker polls the task queue that its work waits in. */
export function withPollers(run: Run, { queue, kind }: WantedPollers, pollers: readonly unknown[], now?: Instant): Run {
  const times = pollers.map((poller) => (isObject(poller) ? instantIn(poller['lastAccessTime']) : undefined));
  if (times.some((at) => at === undefined || now === undefined || now - at < POLLER_SILENCE_MS)) return run;
  const what = kind === 'WORKFLOW' ? 'workflow tasks' : 'activities';
  const known = times.filter((at) => at !== undefined);
  const since = known.length === 0 ? undefined : Math.max(...known);
  const text = `No worker polls the task queue ${queue} for ${what}.`;
  return { ...run, flag: { kind: 'worker_lost', by: 'tardy', text, since } };
}

function failingTask(task: JsonObject): Flag | undefined {
  const attempt = task['attempt'];
  if (typeof attempt !== 'number' || attempt < MANY_ATTEMPTS) return undefined;
  const since = instantIn(task['originalScheduledTime']);
  return { kind: 'stuck', by: 'tardy', text: `Its workflow task keeps failing: this is attempt ${attempt}.`, since };
}

function withActivities(run: Run, activities: readonly JsonObject[], now: Instant | undefined): Run {
  const states = activities.map(stateOf);
  const working = activities.filter((_, index) => states[index] === 'works');
  const beats = working.flatMap((activity) => heartbeatOf(activity) ?? []);
  // The oldest heartbeat counts: a run does not continue while one of its activities hangs.
  const seen: Run = beats.length === 0 ? run : { ...run, heartbeatAt: Math.min(...beats) };
  if (states.every((state) => state === 'paused')) return { ...seen, hold: 'paused' };
  const flag = activities.map(failingActivity).find((one) => one !== undefined);
  if (flag !== undefined) return { ...seen, flag };
  const waitsFor = nextAttempt(activities, now);
  return waitsFor === undefined ? seen : { ...seen, hold: 'retry', waitsFor };
}

/** The earliest next attempt if every activity that is not paused waits for one; nothing is at work until then. */
function nextAttempt(activities: readonly JsonObject[], now: Instant | undefined): WaitsFor | undefined {
  const pending = activities.filter((activity) => stateOf(activity) !== 'paused');
  const ahead = pending.flatMap((activity) => {
    const until = stateOf(activity) === 'waits' ? instantIn(activity['nextAttemptScheduleTime']) : undefined;
    return until !== undefined && now !== undefined && until > now ? [{ activity, until }] : [];
  });
  if (ahead.length < pending.length) return undefined;
  const [first, ...others] = ahead;
  if (first === undefined) return undefined;
  const { activity, until } = others.reduce((earliest, one) => (one.until < earliest.until ? one : earliest), first);
  const name = memberOf(activity, 'activityType')['name'];
  return { kind: 'activity', name: isText(name) ? name : undefined, until };
}

/** The last heartbeat of the current attempt. One of an earlier attempt says nothing about this one. */
function heartbeatOf(activity: JsonObject): Instant | undefined {
  const at = instantIn(activity['lastHeartbeatTime']);
  return at === undefined || at < (instantIn(activity['lastStartedTime']) ?? 0) ? undefined : at;
}

function failingActivity(activity: JsonObject): Flag | undefined {
  const { attempt, maximumAttempts } = activity;
  if (typeof attempt !== 'number' || attempt < MANY_ATTEMPTS || stateOf(activity) === 'paused') return undefined;
  if (polls(activity)) return undefined;
  const type = memberOf(activity, 'activityType')['name'];
  const most = typeof maximumAttempts === 'number' && maximumAttempts > 0 ? ` of ${maximumAttempts}` : '';
  const message = memberOf(activity, 'lastFailure')['message'];
  const text = `Its activity ${String(type)} is in attempt ${attempt}${most}${because(message)}`;
  return { kind: 'stuck', by: 'tardy', text };
}

/**
 * Whether an activity polls by its retries, as Temporal's samples teach: the same interval between all attempts. A retry of what fails
 * waits longer each time.
 */
function polls(activity: JsonObject): boolean {
  return memberOf(memberOf(activity, 'activityOptions'), 'retryPolicy')['backoffCoefficient'] === 1;
}

/** An unknown state may well be work. */
function stateOf(activity: JsonObject): 'waits' | 'works' | 'paused' {
  return wordIn(TEMPORAL_ACTIVITY_STATES, activity['state']) ?? 'works';
}

function listIn(value: JsonObject, name: string): readonly JsonObject[] {
  return (listField(value, name, 'Temporal') ?? []).filter(isObject);
}
