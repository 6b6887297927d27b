import { parseDuration } from '../../duration.js';
import type { Flag, Instant, Run, WaitsFor } from '../../run.js';
import { hasNumber, hasText, isObject, memberOf, objectField, objectsField, type JsonObject } from '../reading/body.js';
import { because, wordIn } from '../reading/vocabulary.js';
import { firstOf, instantIn, lastOf } from '../reading/wire-time.js';
import { SourceError } from '../source.js';
import { requiredState, withNexus } from './nexus.js';
import { pinnedVersion, pollersOf, type DeploymentVersion } from './versions.js';

/** A task queue whose pollers are to be read, for workflow tasks or for activities. */
export type WantedPollers = {
  readonly queue: string;
  readonly kind: 'WORKFLOW' | 'ACTIVITY';
  /** The only version of the workers that may take the task. */
  readonly version?: DeploymentVersion | undefined;
  /** Whether everything that is pending waits in a queue, and nothing is at work. */
  readonly isIdle: boolean;
};

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
  const more = objectField(description, 'workflowExtendedInfo', 'Temporal') ?? {};
  const deadlineAt = instantIn(more['runExpirationTime']) ?? instantIn(more['executionExpirationTime']);
  const seen: Run = deadlineAt === undefined ? run : { ...run, deadlineAt };
  if (run.hold === 'paused') {
    const holdSince = instantIn(memberOf(more, 'pauseInfo')['pausedTime']);
    return holdSince === undefined ? seen : { ...seen, holdSince };
  }
  const task = objectField(description, 'pendingWorkflowTask', 'Temporal');
  const activities = listIn(description, 'pendingActivities');
  const failing = task === undefined ? undefined : failingTask(task);
  if (failing !== undefined) return { ...seen, flag: failing };
  // The workflow itself is about to continue: what else is pending says nothing yet.
  if (task !== undefined) return { ...seen, phaseAt: instantIn(task['originalScheduledTime']) };
  if (activities.length > 0) return withActivities(seen, activities, now);
  // No work for a worker is left: the workflow waits for an operation, a child, a timer or a signal.
  const operations = listIn(description, 'pendingNexusOperations');
  if (operations.length > 0) return withNexus(seen, operations, now);
  const [child] = childrenIn(description);
  if (child === undefined) return { ...seen, hold: 'event' };
  return { ...seen, hold: 'dependency', waitsFor: childOf(child) };
}

/** The children that an execution waits for. */
export function childrenIn(description: JsonObject): readonly JsonObject[] {
  const children = listIn(description, 'pendingChildren');
  if (children.every(({ workflowId }) => hasText(workflowId))) return children;
  throw new SourceError('shape', 'Temporal sent a pending child without its workflow.');
}

/** How long a server may take to notify a parent of the end of its child. */
const NOTICE_MS = 5 * 60_000;

/** The run with a flag if a child that it waits for has ended, and Temporal did not notify it. */
export function withChild(run: Run, child: Run, now: Instant | undefined): Run {
  const { status, endedAt: since, title, native } = child;
  if (status !== 'completed' || since === undefined || now === undefined || now - since <= NOTICE_MS) return run;
  const text = `Its child ${title} has ended (${native?.status ?? status}), but it still waits for it.`;
  return { ...run, flag: { kind: 'orphaned', by: 'tardy', text, since } };
}

function childOf(child: JsonObject): WaitsFor {
  const { workflowId, workflowTypeName } = child;
  return {
    kind: 'workflow',
    id: hasText(workflowId) ? workflowId : undefined,
    name: hasText(workflowTypeName) ? workflowTypeName : undefined,
  };
}

/** The task queue whose workers would have to do what the execution waits for; `undefined` if nothing waits for a worker. */
export function wantedPollers(run: Run, description: JsonObject): WantedPollers | undefined {
  if (run.hold !== undefined || run.flag !== undefined) return undefined;
  const queue = run.labels['task_queue'];
  const version = pinnedVersion(memberOf(description, 'workflowExecutionInfo'));
  if (isObject(description['pendingWorkflowTask'])) {
    return queue === undefined ? undefined : { queue, kind: 'WORKFLOW', version, isIdle: false };
  }
  const pending = listIn(description, 'pendingActivities').filter((one) => stateOf(one) !== 'paused');
  const [activity] = pending;
  if (activity === undefined) return undefined;
  const own = memberOf(memberOf(activity, 'activityOptions'), 'taskQueue')['name'];
  const name = typeof own === 'string' && own !== '' ? own : queue;
  if (name === undefined) return undefined;
  const isIdle = pending.every((one) => stateOf(one) === 'waits');
  // Activities in another queue may be those of another deployment.
  return { queue: name, kind: 'ACTIVITY', version: name === queue ? version : undefined, isIdle };
}

/** The run with a flag if no worker polls the task queue that its work waits in. */
export function withPollers(run: Run, wanted: WantedPollers, all: readonly JsonObject[], now?: Instant): Run {
  const { queue, kind, version } = wanted;
  const pollers = version === undefined ? all : pollersOf(version, all);
  const times = pollers.map((poller) => instantIn(poller['lastAccessTime']));
  if (times.some((at) => at === undefined || now === undefined || now - at < POLLER_SILENCE_MS)) return run;
  const what = kind === 'WORKFLOW' ? 'workflow tasks' : 'activities';
  const known = times.filter((at) => at !== undefined);
  const since = lastOf(known);
  const who =
    version === undefined ? 'No worker' : `No worker of ${version.deployment} ${version.build}, which it is pinned to,`;
  const text = `${who} polls the task queue ${queue} for ${what}.`;
  return { ...run, flag: { kind: 'worker_lost', by: 'tardy', text, since } };
}

function failingTask(task: JsonObject): Flag | undefined {
  const attempt = task['attempt'];
  if (!hasNumber(attempt) || attempt < MANY_ATTEMPTS) return undefined;
  const since = instantIn(task['originalScheduledTime']);
  return { kind: 'stuck', by: 'tardy', text: `Its workflow task keeps failing: this is attempt ${attempt}.`, since };
}

function withActivities(run: Run, activities: readonly JsonObject[], now: Instant | undefined): Run {
  const states = activities.map(stateOf);
  const working = activities.filter((_, index) => states[index] === 'works');
  const beats = working.flatMap((activity) => heartbeatOf(activity) ?? []);
  // The oldest heartbeat counts: a run does not continue while one of its activities hangs.
  const seen: Run = {
    ...run,
    phaseAt: phaseOf(activities),
    heartbeatAt: firstOf(beats),
    heartbeatInterval: rhythmOf(working),
  };
  if (states.every((state) => state === 'paused')) return { ...seen, hold: 'paused' };
  const flag = activities.map(failingActivity).find((one) => one !== undefined);
  if (flag !== undefined) return { ...seen, flag };
  const waitsFor = nextAttempt(activities, now);
  return waitsFor === undefined ? seen : { ...seen, hold: 'retry', waitsFor };
}

/** What the workflow does now began with its first attempts. When later attempts began says nothing of the activity. */
function phaseOf(activities: readonly JsonObject[]): Instant | undefined {
  if (activities.some(({ attempt }) => hasNumber(attempt) && attempt > 1)) return undefined;
  return firstOf(activities.flatMap((activity) => instantIn(activity['scheduledTime']) ?? []));
}

/** An activity promises a heartbeat within its timeout, and SDKs pass heartbeats on as seldom as that allows. */
function rhythmOf(activities: readonly JsonObject[]): number | undefined {
  const timeouts = activities.flatMap((activity) => {
    const timeout = memberOf(activity, 'activityOptions')['heartbeatTimeout'];
    const length = hasText(timeout) ? parseDuration(timeout) : undefined;
    return length === undefined || length === 0 ? [] : [length];
  });
  return lastOf(timeouts);
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
  return { kind: 'activity', name: hasText(name) ? name : undefined, until };
}

/** The last heartbeat of the current attempt. One of an earlier attempt says nothing about this one. */
function heartbeatOf(activity: JsonObject): Instant | undefined {
  const at = instantIn(activity['lastHeartbeatTime']);
  return at === undefined || at < (instantIn(activity['lastStartedTime']) ?? 0) ? undefined : at;
}

function failingActivity(activity: JsonObject): Flag | undefined {
  const { attempt, maximumAttempts } = activity;
  if (!hasNumber(attempt) || attempt < MANY_ATTEMPTS || stateOf(activity) === 'paused') return undefined;
  if (polls(activity)) return undefined;
  const type = memberOf(activity, 'activityType')['name'];
  const most = hasNumber(maximumAttempts) && maximumAttempts > 0 ? ` of ${maximumAttempts}` : '';
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
  return wordIn(TEMPORAL_ACTIVITY_STATES, requiredState(activity)) ?? 'works';
}

function listIn(value: JsonObject, name: string): readonly JsonObject[] {
  return objectsField(value, name, 'Temporal');
}
