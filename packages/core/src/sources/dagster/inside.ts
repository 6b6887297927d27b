import { epochMs } from '../reading/epoch-time.js';
import type { Run } from '../../run.js';
import {
  booleanField,
  hasNumber,
  listField,
  objectField,
  objectsIn,
  textField,
  type JsonObject,
} from '../reading/body.js';
import { DAGSTER_AT_WORK, SYSTEM } from './api.js';
import { limitReached, tagLimits, type Tags } from './limits.js';
import { tagsOf } from './run.js';

/** What a second look at a run reads. */
export const DAGSTER_INSIDE = `query tardyInside($id: ID!) {
  runOrError(runId: $id) {
    __typename
    ... on Run { executionPlan { steps { key } } stepStats { stepKey status endTime attempts { endTime } } }
  }
  atWork: runsOrError(filter: { statuses: [STARTING, STARTED, CANCELING] }, limit: 1) { ... on Runs { count } }
  instance {
    info
    runQueueConfig { maxConcurrentRuns tagConcurrencyLimitsYaml }
    daemonHealth { daemonStatus(daemonType: "QUEUED_RUN_COORDINATOR") { required healthy lastHeartbeatTime } }
  }
}`;

const STEP_ENDED = ['SUCCESS', 'FAILURE', 'SKIPPED'];

/**
 * A queued run with what keeps it in the queue: the daemon that would launch it is dead, or a limit is reached.
 *
 * @param inside the response to `DAGSTER_INSIDE`.
 * @param atWork reads the rows of the runs at work, if a limit on tags asks for them.
 */
export async function withQueue(
  run: Run,
  inside: JsonObject,
  own: Tags,
  atWork: () => Promise<readonly JsonObject[]>,
): Promise<Run> {
  const instance = objectField(inside, 'instance', SYSTEM) ?? {};
  const daemons = objectField(instance, 'daemonHealth', SYSTEM) ?? {};
  const health = objectField(daemons, 'daemonStatus', SYSTEM) ?? {};
  if (booleanField(health, 'required', SYSTEM) === true && booleanField(health, 'healthy', SYSTEM) === false) {
    const text = 'The daemon of Dagster that launches queued runs is not healthy.';
    return { ...run, flag: { kind: 'worker_lost', by: 'source', text, since: instantOf(health['lastHeartbeatTime']) } };
  }
  const config = objectField(instance, 'runQueueConfig', SYSTEM) ?? {};
  const most = config['maxConcurrentRuns'];
  const busy = objectField(inside, 'atWork', SYSTEM)?.['count'];
  if (most === 0) return { ...run, hold: 'paused', waitsFor: { kind: 'run queue', state: 'maxConcurrentRuns: 0' } };
  if (hasNumber(most) && most > 0 && hasNumber(busy) && busy >= most) {
    return { ...run, hold: 'limit', waitsFor: { kind: 'run queue', state: `${busy} of ${most} runs at work` } };
  }
  const limits = await tagLimits(textField(config, 'tagConcurrencyLimitsYaml', SYSTEM));
  if (!limits.some(({ key }) => own.has(key))) return run;
  const rows = (await atWork()).filter((row) => DAGSTER_AT_WORK.includes(String(row['status'])));
  const reached = limitReached(limits, own, rows.map(tagsOf));
  if (reached === undefined) return run;
  const { key, limit } = reached;
  return { ...run, hold: 'limit', waitsFor: { kind: 'tag limit', name: key, state: `${limit} runs at work` } };
}

/** What the steps of a running run show. */
export type Inside = {
  /** The run with its progress, and a flag if all of its steps have ended. */
  readonly run: Run;
  /** Whether it has steps, and none of them is at work. */
  readonly isIdle: boolean;
  /** A step that failed, if there is one. */
  readonly failed: JsonObject | undefined;
  /** The steps that have begun and not ended, if each of them was tried before. */
  readonly retried: readonly string[];
};

/** Reads the steps of a running run. If all have ended, its worker died before it could say so. */
export function withSteps(run: Run, inside: JsonObject): Inside {
  const itself = objectField(inside, 'runOrError', SYSTEM) ?? {};
  const planned = rowsIn(objectField(itself, 'executionPlan', SYSTEM) ?? {}, 'steps').length;
  const steps = rowsIn(itself, 'stepStats');
  if (planned === 0) return { run, isIdle: false, failed: undefined, retried: [] };
  const ended = steps.filter((step) => STEP_ENDED.includes(textField(step, 'status', SYSTEM) ?? ''));
  const failed = ended.filter((step) => step['status'] === 'FAILURE');
  const progress = {
    processed: Math.min(ended.length, planned),
    total: planned,
    ...(failed.length > 0 ? { failed: failed.length } : {}),
    unit: 'steps',
  };
  const isIdle = ended.length === steps.length;
  const shown = { isIdle, failed: failed[0], retried: retriedSteps(steps) };
  if (ended.length < planned || !isIdle) return { run: { ...run, progress }, ...shown };
  const last = Math.max(...ended.map((step) => instantOf(step['endTime']) ?? 0));
  const which = planned === 1 ? 'Its only step has ended' : `All ${planned} steps have ended`;
  const text = `${which}, but the run has not.`;
  const since = last > 0 ? last : undefined;
  return { run: { ...run, progress, flag: { kind: 'stuck', by: 'tardy', text, since } }, ...shown };
}

/** The open steps, if each of them has an attempt that ended. Dagster calls a step in progress while it waits for the next one. */
function retriedSteps(steps: readonly JsonObject[]): readonly string[] {
  const open = steps.filter((step) => !STEP_ENDED.includes(textField(step, 'status', SYSTEM) ?? ''));
  const tried = open.filter((step) => rowsIn(step, 'attempts').length > 0);
  return tried.length < open.length ? [] : tried.map((step) => textField(step, 'stepKey', SYSTEM) ?? '');
}

/** A run whose step has failed while nothing else of it is at work: its process could not end it. */
export function withFailedStep(run: Run, failed: JsonObject): Run {
  const text = `Its step ${String(failed['stepKey'])} has failed, and no other is at work.`;
  return { ...run, flag: { kind: 'stuck', by: 'tardy', text, since: instantOf(failed['endTime']) } };
}

/** Epoch seconds of Dagster. */
export function instantOf(seconds: unknown): number | undefined {
  return hasNumber(seconds) ? epochMs(seconds * 1000) : undefined;
}

/** The objects of a list that may be missing. */
export function rowsIn(owner: JsonObject, name: string): readonly JsonObject[] {
  return objectsIn(listField(owner, name, SYSTEM) ?? [], name, SYSTEM);
}
