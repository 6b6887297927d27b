import type { Flag, Instant, WaitsFor } from '../../../run.js';
import { hasText, isObject, memberOf, objectsField, type JsonObject } from '../body.js';
import { because } from '../vocabulary.js';
import { instantIn } from '../wire-time.js';
import { countIn } from './object.js';

/** Why a container waits, if it will not start without help. */
export const BLOCKED = new Set([
  'ImagePullBackOff',
  'ErrImagePull',
  'InvalidImageName',
  'ErrImageNeverPull',
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
  'CrashLoopBackOff',
]);

/** How long a pod may take to go once its grace period is over. */
export const TERMINATING_MS = 5 * 60_000;

/** From this restart, a container that keeps crashing is reported as the reason. */
const MANY_RESTARTS = 5;

/** The delays of an exponential backoff, from its first to its longest. */
export type Backoff = { readonly first: number; readonly longest: number };

/** The one of the containers of a pod. */
const CONTAINER_BACKOFF: Backoff = { first: 10_000, longest: 5 * 60_000 };

/** The pods that have not ended. */
export function unfinishedPods(pods: readonly JsonObject[]): readonly JsonObject[] {
  return pods.filter((pod) => !['Succeeded', 'Failed'].includes(phaseOf(pod)));
}

/** The first flag that one of some pods gives. */
export function firstFlag(
  pods: readonly JsonObject[],
  flagOf: (pod: JsonObject) => Flag | undefined,
): Flag | undefined {
  for (const pod of pods) {
    const flag = flagOf(pod);
    if (flag !== undefined) return flag;
  }
  return undefined;
}

/** A pod that no node takes, or whose containers do not start. */
export function blockedPod(pod: JsonObject): Flag | undefined {
  const name = nameOf(pod);
  const status = memberOf(pod, 'status');
  const scheduled = listIn(status, 'conditions').find(({ type }) => type === 'PodScheduled');
  if (scheduled?.['status'] === 'False' && scheduled['reason'] === 'Unschedulable') {
    const since = instantIn(scheduled['lastTransitionTime']);
    const message = scheduled['message'];
    // A node may become free or be added; a selector, an affinity or a taint is not going to change by itself.
    const kind = hasText(message) && fitsNowhere(message) ? 'cannot_start' : 'stuck';
    return { kind, by: 'source', text: `No node takes its pod ${name}${because(message)}`, since };
  }
  const blocked = containersOf(pod).find((container) => {
    const { reason } = memberOf(memberOf(container, 'state'), 'waiting');
    if (reason === 'CrashLoopBackOff') return countIn(container, 'restartCount') >= MANY_RESTARTS;
    return typeof reason === 'string' && BLOCKED.has(reason);
  });
  if (blocked === undefined) return undefined;
  const { reason, message } = memberOf(memberOf(blocked, 'state'), 'waiting');
  const text = `Its pod ${name} does not start (${String(reason)})${because(message)}`;
  return { kind: reason === 'CrashLoopBackOff' ? 'stuck' : 'cannot_start', by: 'source', text };
}

const FITS_NOWHERE = /didn't match Pod's node (affinity|selector)|untolerated taint/;
const CLAIM = 'persistentvolumeclaim ';

/**
 * Whether the scheduler's message says that no node of the cluster can take a pod as they are now, however free: it counts the nodes
 * for each reason, as in `0/5 nodes are available: 2 Insufficient cpu, 3 node(s) had untolerated taint(s).`
 */
export function fitsNowhere(message: string): boolean {
  const claim = message.indexOf(CLAIM);
  if (claim >= 0 && message.includes(' not found', claim + CLAIM.length)) return true;
  const [, nodes, reasons] = /^(?:Unschedulable: )?0\/(\d+) nodes are available: (.*)/.exec(message) ?? [];
  if (nodes === undefined || reasons === undefined) return FITS_NOWHERE.test(message);
  const [now = ''] = reasons.split('preemption:');
  const counts = now.split(', ').map((one) => (FITS_NOWHERE.test(one) ? Number.parseInt(one, 10) || 0 : 0));
  return counts.reduce((all, count) => all + count, 0) >= Number(nodes);
}

/** A pod that should be gone by now: its node does not report that its containers have ended. */
export function terminatingPod(pod: JsonObject, now: Instant | undefined): Flag | undefined {
  const since = instantIn(memberOf(pod, 'metadata')['deletionTimestamp']);
  if (since === undefined || now === undefined || now - since <= TERMINATING_MS) return undefined;
  const text = `Its pod ${nameOf(pod)} was deleted, but its containers do not end.`;
  return { kind: 'stuck', by: 'tardy', text, since };
}

/** A running pod whose main container has ended for good while another runs on, as a proxy that nobody stops. */
export function leftOver(pod: JsonObject): Flag | undefined {
  const own = listIn(memberOf(pod, 'status'), 'containerStatuses');
  const main = mainOf(pod, own);
  if (main === undefined) return undefined;
  const ended = memberOf(memberOf(main, 'state'), 'terminated');
  const left = own.find((container) => isObject(memberOf(container, 'state')['running']));
  const { exitCode } = ended;
  // With another policy, a container that failed is started again.
  const isOver = exitCode === 0 || (typeof exitCode === 'number' && memberOf(pod, 'spec')['restartPolicy'] === 'Never');
  if (!isOver || left === undefined) return undefined;
  const since = instantIn(ended['finishedAt']);
  const how = exitCode === 0 ? 'ended' : `failed (exit code ${exitCode})`;
  const text = `Its container ${String(main['name'])} has ${how}, but ${String(left['name'])} still runs in the pod ${nameOf(pod)}.`;
  return { kind: 'stuck', by: 'tardy', text, since };
}

/** The container that does the work: the one that the pod names, else its first, else any that has ended. */
function mainOf(pod: JsonObject, containers: readonly JsonObject[]): JsonObject | undefined {
  const named = memberOf(memberOf(pod, 'metadata'), 'annotations')['kubectl.kubernetes.io/default-container'];
  const [first] = listIn(memberOf(pod, 'spec'), 'containers');
  const main = named ?? first?.['name'];
  return containers.find((container) =>
    main === undefined ? isObject(memberOf(container, 'state')['terminated']) : container['name'] === main,
  );
}

/** When a crashed container of a pod is started again; `undefined` if none waits for that. */
export function restartOf(pod: JsonObject): WaitsFor | undefined {
  const crashed = containersOf(pod).find(
    (container) => memberOf(memberOf(container, 'state'), 'waiting')['reason'] === 'CrashLoopBackOff',
  );
  const endedAt = crashed === undefined ? undefined : endOf(crashed, 'lastState');
  if (crashed === undefined || endedAt === undefined) return undefined;
  const until = endedAt + delayOf(CONTAINER_BACKOFF, countIn(crashed, 'restartCount'));
  return { kind: 'restart of its container', name: String(crashed['name']), until };
}

/** The wait that ends first. */
export function earliest(waits: readonly WaitsFor[]): WaitsFor | undefined {
  return [...waits].sort((a, b) => (a.until ?? 0) - (b.until ?? 0))[0];
}

/** How long the wait is after so many doublings. */
export function delayOf({ first, longest }: Backoff, doublings: number): number {
  return Math.min(first * 2 ** Math.max(0, doublings), longest);
}

/** When a container ended. */
export function endOf(container: JsonObject, state: 'state' | 'lastState'): Instant | undefined {
  return instantIn(memberOf(memberOf(container, state), 'terminated')['finishedAt']);
}

/** Held back by a gate that somebody else removes, as quota systems do. */
export function isGated(pod: JsonObject): boolean {
  return listIn(memberOf(pod, 'spec'), 'schedulingGates').length > 0;
}

/** What removes the gate of pods that are held back. */
export function gateOf(pods: readonly JsonObject[]): WaitsFor {
  const [gate] = pods.flatMap((pod) => listIn(memberOf(pod, 'spec'), 'schedulingGates'));
  return { kind: 'scheduling gate', name: hasText(gate?.['name']) ? gate['name'] : undefined };
}

/** All containers of a pod that have a status. */
export function containersOf(pod: JsonObject): readonly JsonObject[] {
  const status = memberOf(pod, 'status');
  return [...listIn(status, 'initContainerStatuses'), ...listIn(status, 'containerStatuses')];
}

function listIn(owner: JsonObject, name: string): readonly JsonObject[] {
  return objectsField(owner, name, 'the Kubernetes API');
}

function nameOf(pod: JsonObject): string {
  return String(memberOf(pod, 'metadata')['name']);
}

/** The phase of a pod. */
export function phaseOf(pod: JsonObject): string {
  return String(memberOf(pod, 'status')['phase']);
}
