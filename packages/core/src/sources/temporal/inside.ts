import type { Flag, Hold, Instant, Run } from '../../run.js';
import { isObject, memberOf, type JsonObject } from '../reading/body.js';
import { because, wordIn } from '../reading/vocabulary.js';
import { instantIn } from '../reading/wire-time.js';

/** A task queue of which the pollers are to be read, for workflow tasks or for activities. */
export type WantedPollers = { readonly queue: string; readonly kind: 'WORKFLOW' | 'ACTIVITY' };

/** Attempts from which on a task that is tried again and again is told as the reason. */
const MANY_ATTEMPTS = 5;

/** A worker asks anew every minute; one that did not for longer is gone, though its server lists it for some minutes more. */
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

/** What a description of an execution tells of a running one: its deadline, its heartbeats, what it waits for, what fails. */
export function seenInDescription(run: Run, description: JsonObject): Run {
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
  // The decider is about to go on: what else is pending says nothing yet.
  if (isObject(task)) return seen;
  if (activities.length > 0) return seenInActivities(seen, activities);
  const hold: Hold = listIn(description, 'pendingChildren').length > 0 ? 'dependency' : 'event';
  // Nothing to be done by a worker is left: the workflow waits for a child, a timer or a signal.
  return { ...seen, hold };
}

/** Whose pollers would have to do what the execution waits for; `undefined` where nothing waits for a worker. */
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

/** A flag when nobody asks a task queue for work that waits there or is being done. */
export function seenInPollers(
  run: Run,
  { queue, kind }: WantedPollers,
  pollers: readonly unknown[],
  now?: Instant,
): Run {
  const times = pollers.map((poller) => (isObject(poller) ? instantIn(poller['lastAccessTime']) : undefined));
  if (times.some((at) => at === undefined || now === undefined || now - at < POLLER_SILENCE_MS)) return run;
  const what = kind === 'WORKFLOW' ? 'workflow tasks' : 'activities';
  const known = times.filter((at) => at !== undefined);
  const since = known.length === 0 ? undefined : Math.max(...known);
  return { ...run, flag: { kind: 'worker_lost', text: `No worker asks the task queue ${queue} for ${what}.`, since } };
}

function failingTask(task: JsonObject): Flag | undefined {
  const attempt = task['attempt'];
  if (typeof attempt !== 'number' || attempt < MANY_ATTEMPTS) return undefined;
  const since = instantIn(task['originalScheduledTime']);
  return { kind: 'stuck', text: `Its workflow task fails again and again: this is attempt ${attempt}.`, since };
}

function seenInActivities(run: Run, activities: readonly JsonObject[]): Run {
  const states = activities.map(stateOf);
  const working = activities.filter((_, index) => states[index] === 'works');
  const beats = working.flatMap((activity) => heartbeatOf(activity) ?? []);
  // The one that is silent for longest: a run does not go on while one of its activities hangs.
  const seen: Run = beats.length === 0 ? run : { ...run, heartbeatAt: Math.min(...beats) };
  if (states.every((state) => state === 'paused')) return { ...seen, hold: 'paused' };
  const flag = activities.map(failingActivity).find((one) => one !== undefined);
  return flag === undefined ? seen : { ...seen, flag };
}

/** The last heartbeat of the present attempt; one of an earlier attempt tells nothing about this one. */
function heartbeatOf(activity: JsonObject): Instant | undefined {
  const at = instantIn(activity['lastHeartbeatTime']);
  return at === undefined || at < (instantIn(activity['lastStartedTime']) ?? 0) ? undefined : at;
}

function failingActivity(activity: JsonObject): Flag | undefined {
  const { attempt, maximumAttempts } = activity;
  if (typeof attempt !== 'number' || attempt < MANY_ATTEMPTS || stateOf(activity) === 'paused') return undefined;
  const type = memberOf(activity, 'activityType')['name'];
  const most = typeof maximumAttempts === 'number' && maximumAttempts > 0 ? ` of ${maximumAttempts}` : '';
  const message = memberOf(activity, 'lastFailure')['message'];
  return { kind: 'stuck', text: `Its activity ${String(type)} is in attempt ${attempt}${most}${because(message)}` };
}

/** What nobody knows may well be work. */
function stateOf(activity: JsonObject): 'waits' | 'works' | 'paused' {
  return wordIn(TEMPORAL_ACTIVITY_STATES, activity['state']) ?? 'works';
}

function listIn(value: JsonObject, name: string): readonly JsonObject[] {
  const list = value[name];
  return Array.isArray(list) ? list.filter(isObject) : [];
}
