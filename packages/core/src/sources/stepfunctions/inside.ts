import { parseInstant } from '../../instant.js';
import type { Flag, Hold, Instant, Run, WaitsFor } from '../../run.js';
import { hasNumber, hasText, isObject, memberOf, objectsField, type JsonObject } from '../reading/body.js';
import { firstOf, lastOf } from '../reading/wire-time.js';
import { SYSTEM } from './api.js';

/** The events of an execution, newest first, and whether they are all of them. */
export type History = { readonly events: readonly JsonObject[]; readonly isComplete: boolean };

/** What one branch of an execution does now. */
type Work = {
  readonly since: Instant;
  readonly hold?: Hold;
  readonly waitsFor?: WaitsFor;
  readonly flag?: Flag;
  /** When the state itself ends its work. */
  readonly endsAt?: Instant | undefined;
};

/** An execution with its time limit and with what the last events of its branches say that it does. */
export function withHistory(run: Run, { events, isComplete }: History, definition: JsonObject): Run {
  const working = leavesOf(events).flatMap((leaf) => workOf(leaf, events, definition) ?? []);
  const limit = definition['TimeoutSeconds'];
  const begun = lastOf([run.startedAt, run.phaseAt].filter((at) => at !== undefined));
  const limited = hasNumber(limit) && begun !== undefined ? begun + limit * 1000 : undefined;
  const [first] = working;
  const timed: Run = {
    ...run,
    phaseAt: lastOf([run.phaseAt, ...events.slice(0, 1).map(timeOf)].filter((at) => at !== undefined)),
    deadlineAt: firstOf([limited, working.length === 1 ? first?.endsAt : undefined].filter((at) => at !== undefined)),
  };
  const flag = working.find((work) => work.flag !== undefined)?.flag;
  if (flag !== undefined) return { ...timed, flag };
  // An older branch that is not read may be at work.
  if (first?.hold === undefined || !isComplete || working.some(({ hold }) => hold === undefined)) return timed;
  const last = working.reduce((longest, work) => (endOf(work) > endOf(longest) ? work : longest), first);
  // A hold ends by itself where the state says so, and is no deadline before.
  return { ...timed, deadlineAt: limited, hold: last.hold, holdSince: last.since, waitsFor: last.waitsFor };
}

function endOf({ waitsFor }: Work): number {
  return waitsFor?.until ?? Infinity;
}

/** When an event was, from its epoch seconds. */
function timeOf(event: JsonObject): Instant {
  return Math.floor(Number(event['timestamp']) * 1000);
}

/** The last event of each branch: those that no other event follows. */
function leavesOf(events: readonly JsonObject[]): readonly JsonObject[] {
  const followed = new Set(events.map(({ previousEventId }) => previousEventId));
  return events.filter(({ id }) => !followed.has(id));
}

/** What a branch does whose last event this is; `undefined` for one that is over, or does what says nothing. */
function workOf(leaf: JsonObject, events: readonly JsonObject[], definition: JsonObject): Work | undefined {
  const since = timeOf(leaf);
  const type = String(leaf['type']);
  // No event follows the start: the first state names none before it.
  if (/^Execution|(?:Exited|Succeeded|Aborted)$/.test(type)) return undefined;
  const state = stateBefore(leaf, events);
  // What fails and is not tried again ends the execution, or its branch.
  if (/(?:Failed|TimedOut)$/.test(type))
    return { since, hold: 'retry', waitsFor: { kind: 'next attempt', name: state } };
  if (type === 'WaitStateEntered') return { since, hold: 'schedule', waitsFor: timerOf(state, since, definition) };
  const scheduled = scheduledBefore(leaf, events);
  if (scheduled === undefined) return { since };
  const { details, isActivity, at } = scheduled;
  const { resource, timeoutInSeconds, heartbeatInSeconds } = details;
  const endsAt = hasNumber(timeoutInSeconds) ? at + timeoutInSeconds * 1000 : undefined;
  if (type === 'ActivityScheduled') {
    const text = `No worker has taken its activity ${state ?? String(resource)}.`;
    return { since, endsAt, flag: { kind: 'stuck', by: 'tardy', text, since } };
  }
  const waits = !isActivity && hasText(resource) && resource.endsWith('.waitForTaskToken');
  if (!waits) return { since, endsAt };
  // With a heartbeat limit Step Functions itself ends a task that nobody speaks for, and the next event says so.
  const kind = hasNumber(heartbeatInSeconds) ? 'task token, with heartbeats' : 'task token';
  return { since, hold: 'event', waitsFor: { kind, name: state, until: endsAt } };
}

/** The event that scheduled the work of a branch. */
function scheduledBefore(leaf: JsonObject, events: readonly JsonObject[]) {
  for (const event of chainOf(leaf, events)) {
    const type = String(event['type']);
    if (type !== 'TaskScheduled' && type !== 'ActivityScheduled') continue;
    const isActivity = type === 'ActivityScheduled';
    const details = memberOf(event, isActivity ? 'activityScheduledEventDetails' : 'taskScheduledEventDetails');
    return { details, isActivity, at: timeOf(event) };
  }
  return undefined;
}

/** The name of the state that a branch is in. */
function stateBefore(leaf: JsonObject, events: readonly JsonObject[]): string | undefined {
  for (const event of chainOf(leaf, events)) {
    const { name } = memberOf(event, 'stateEnteredEventDetails');
    if (hasText(name)) return name;
  }
  return undefined;
}

/** An event and those before it, up to the state that the branch is in. */
function* chainOf(leaf: JsonObject, events: readonly JsonObject[]): Generator<JsonObject, void> {
  const byId = new Map(events.map((event) => [event['id'], event]));
  for (let at: JsonObject | undefined = leaf, left = events.length; at !== undefined && left > 0; left--) {
    yield at;
    if (String(at['type']).endsWith('StateEntered')) return;
    at = byId.get(at['previousEventId']);
  }
}

/** What a state that waits waits for, as far as its definition says so without a computation. */
function timerOf(name: string | undefined, since: Instant, definition: JsonObject): WaitsFor {
  const state = name === undefined ? undefined : stateIn(definition, name);
  const seconds = state?.['Seconds'];
  const timestamp = state?.['Timestamp'];
  const until = hasNumber(seconds)
    ? since + seconds * 1000
    : typeof timestamp === 'string'
      ? parseInstant(timestamp)
      : undefined;
  return { kind: 'timer', name, until };
}

const DEEPEST = 20;

/** A state by its name, inside parallel branches and maps too. */
function stateIn(definition: JsonObject, name: string, depth = 0): JsonObject | undefined {
  const states = memberOf(definition, 'States');
  const own = states[name];
  if (isObject(own)) return own;
  if (depth > DEEPEST) return undefined;
  for (const state of Object.values(states)) {
    if (!isObject(state)) continue;
    const inner = [
      ...objectsField(state, 'Branches', SYSTEM),
      memberOf(state, 'ItemProcessor'),
      memberOf(state, 'Iterator'),
    ];
    for (const one of inner) {
      const found = stateIn(one, name, depth + 1);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}
