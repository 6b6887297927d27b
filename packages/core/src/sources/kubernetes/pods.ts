import type { Instant, Run } from '../../run.js';
import { memberOf, type JsonObject } from '../reading/body.js';
import { countIn } from '../reading/cluster/object.js';
import {
  blockedPod,
  containersOf,
  delayOf,
  earliest,
  endOf,
  firstFlag,
  gateOf,
  isGated,
  leftOver,
  phaseOf,
  restartOf,
  TERMINATING_MS,
  terminatingPod,
  unfinishedPods,
  type Backoff,
} from '../reading/cluster/pods.js';
import { instantIn, lastOf } from '../reading/wire-time.js';

/** The backoff of the Job controller, from its first delay to its longest. */
const POD_BACKOFF: Backoff = { first: 10_000, longest: 6 * 60_000 };

/**
 * A run with what all pods of its Job show: that they cannot start, that none is left, that the work in them is over, that one has
 * started though it is not ready, or that the next attempt is to come.
 *
 * @param now the clock of the server.
 */
export function withPods(run: Run, job: JsonObject, pods: readonly JsonObject[], now: Instant | undefined): Run {
  const left = unfinishedPods(pods);
  const status = memberOf(job, 'status');
  const active = countIn(status, 'active');
  if (left.length === 0) {
    if (active === 0) return countIn(status, 'failed') > 0 ? withPodBackoff(run, pods) : run;
    const all = pods.length === 0 ? 'None of its pods exists' : 'All its pods have ended';
    return { ...run, flag: { kind: 'stuck', by: 'tardy', text: `${all}, but the Job counts ${active} at work.` } };
  }
  const flag = firstFlag(left, (pod) => blockedPod(pod) ?? terminatingPod(pod, now) ?? leftOver(pod));
  if (flag !== undefined) {
    const started = left.some((pod) => phaseOf(pod) === 'Running');
    return { ...(started ? asRunning(run) : run), flag };
  }
  if (left.every(isGated)) return { ...run, hold: 'limit', waitsFor: gateOf(left) };
  const crashed = left.map(restartOf);
  const restarts = crashed.flatMap((restart) => restart ?? []);
  if (restarts.length === left.length) return { ...asRunning(run), hold: 'retry', waitsFor: earliest(restarts) };
  if (run.status !== 'queued') return run;
  if (left.some((pod) => phaseOf(pod) === 'Running')) return asRunning(run);
  // Pods of an evicted attempt are replaced by new ones, which wait since they were created.
  const made = left.flatMap((pod) => instantIn(memberOf(pod, 'metadata')['creationTimestamp']) ?? []);
  return made.length === 0 ? run : { ...run, phaseAt: Math.min(...made) };
}

/** A list of Jobs calls one whose pods are not ready Pending. */
function asRunning(run: Run): Run {
  if (run.status !== 'queued') return run;
  return { ...run, status: 'running', phaseAt: undefined, native: { ...run.native, status: 'Running' } };
}

/** A Job that was deleted and does not go: something that is to happen before never does. */
export function withDeletion(run: Run, job: JsonObject, now: Instant | undefined): Run {
  const { deletionTimestamp, finalizers } = memberOf(job, 'metadata');
  const since = instantIn(deletionTimestamp);
  if (run.flag !== undefined || since === undefined || now === undefined || now - since <= TERMINATING_MS) return run;
  const which = Array.isArray(finalizers) && finalizers.length > 0 ? ` (${finalizers.slice(0, 3).join(', ')})` : '';
  const text = `It was deleted, but its finalizers${which} keep it.`;
  return { ...run, flag: { kind: 'stuck', by: 'tardy', text, since } };
}

/** The run on hold until the Job controller creates the next pod, after a delay that doubles with each failed one. */
function withPodBackoff(run: Run, pods: readonly JsonObject[]): Run {
  const failed = pods.filter((pod) => phaseOf(pod) === 'Failed');
  const endedAt = lastOf(failed.flatMap((pod) => containersOf(pod).flatMap((one) => endOf(one, 'state') ?? [])));
  if (endedAt === undefined) return run;
  const until = endedAt + delayOf(POD_BACKOFF, failed.length - 1);
  return { ...run, hold: 'retry', waitsFor: { kind: 'next attempt', until } };
}
