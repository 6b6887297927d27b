import type { Flag, Run } from '../../run.js';
import { isObject, memberOf, queryText, type JsonObject } from '../reading/body.js';
import { conditionsOf, countIn } from './job.js';
import { because } from '../reading/vocabulary.js';
import type { SourceFetch, SourceRequest } from '../source.js';
import { instantIn } from '../reading/wire-time.js';

/** Why a container waits, where it will not begin without help. */
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

/** The pods that have not ended. */
function unfinishedPods(pods: readonly unknown[]): readonly JsonObject[] {
  return pods.filter(isObject).filter((pod) => !['Succeeded', 'Failed'].includes(phaseOf(pod)));
}

/** The nodes that pods lie on. */
function nodesOfPods(pods: readonly JsonObject[]): readonly string[] {
  const names = pods.map((pod) => memberOf(pod, 'spec')['nodeName']).filter((name) => typeof name === 'string');
  return [...new Set(names)];
}

/**
 * What the pods of a Job show: that they cannot start, that none is left, that one has started though it is not ready.
 *
 * @param complete - true if these are all the pods.
 */
export function seenInPods(run: Run, job: JsonObject, pods: readonly unknown[], complete: boolean): Run {
  const left = unfinishedPods(pods);
  const active = countIn(memberOf(job, 'status'), 'active');
  if (complete && left.length === 0 && active > 0) {
    const all = pods.length === 0 ? 'None of its pods exists' : 'All its pods have ended';
    return { ...run, flag: { kind: 'stuck', text: `${all}, yet the Job counts ${active} at work.` } };
  }
  const flag = left.map(blockedPod).find((one) => one !== undefined);
  if (flag !== undefined) return { ...run, flag };
  if (left.length > 0 && left.every(isGated)) return { ...run, hold: 'dependency' };
  if (run.status !== 'queued' || left.length === 0) return run;
  if (left.some((pod) => phaseOf(pod) === 'Running')) {
    return { ...run, status: 'running', native: { ...run.native, status: 'Running' } };
  }
  // Pods of an evicted try are replaced by new ones: those wait since they were made, not since the Job was.
  const made = left.flatMap((pod) => instantIn(memberOf(pod, 'metadata')['creationTimestamp']) ?? []);
  return made.length === 0 ? run : { ...run, queuedAt: Math.min(...made) };
}

const MOST_PODS = 100;

/** Beyond so many nodes of one run those left are not asked about. */
const MOST_NODES = 3;

/** The request for pods with a label; who may read what runs need not see its pods. */
export function podsRequest(address: string, namespace: string, selector: string): SourceRequest {
  const query = queryText([
    ['labelSelector', selector],
    ['limit', MOST_PODS],
  ]);
  return { url: `${address}api/v1/namespaces/${encodeURIComponent(namespace)}/pods?${query}`, accept: [403] };
}

/** A run with a flag when a node of its unfinished pods is not ready, or is no more. */
export async function seenOnNodes(
  run: Run,
  pods: readonly unknown[],
  address: string,
  fetch: SourceFetch,
): Promise<Run> {
  for (const node of nodesOfPods(unfinishedPods(pods)).slice(0, MOST_NODES)) {
    const { status, body } = await fetch({
      url: `${address}api/v1/nodes/${encodeURIComponent(node)}`,
      accept: [403, 404],
    });
    if (status === 403) return run;
    const flag = lostNode(node, status === 404 || !isObject(body) ? undefined : body);
    if (flag !== undefined) return { ...run, flag };
  }
  return run;
}

/** A flag for a node that does not report, or is no more: its pods stay as they were last seen. */
function lostNode(name: string, node: JsonObject | undefined): Flag | undefined {
  if (node === undefined) return { kind: 'worker_lost', text: `The node ${name}, where a pod of it ran, is gone.` };
  const status = memberOf(node, 'status');
  if (conditionsOf(status).has('Ready')) return undefined;
  const all = Array.isArray(status['conditions']) ? status['conditions'].filter(isObject) : [];
  const ready = all.find(({ type }) => type === 'Ready');
  const since = instantIn(ready?.['lastTransitionTime']);
  return { kind: 'unresponsive', text: `The node ${name} is not ready${because(ready?.['message'])}`, since };
}

function blockedPod(pod: JsonObject): Flag | undefined {
  const name = String(memberOf(pod, 'metadata')['name']);
  const status = memberOf(pod, 'status');
  const conditions = Array.isArray(status['conditions']) ? status['conditions'].filter(isObject) : [];
  const scheduled = conditions.find(({ type }) => type === 'PodScheduled');
  if (scheduled?.['status'] === 'False' && scheduled['reason'] === 'Unschedulable') {
    const since = instantIn(scheduled['lastTransitionTime']);
    return { kind: 'stuck', text: `No node takes its pod ${name}${because(scheduled['message'])}`, since };
  }
  const lists = [status['initContainerStatuses'], status['containerStatuses']];
  const waiting = lists
    .flatMap((list) => (Array.isArray(list) ? list : []))
    .map((container) => memberOf(memberOf(container, 'state'), 'waiting'))
    .find(({ reason }) => typeof reason === 'string' && BLOCKED.has(reason));
  if (waiting === undefined) return undefined;
  return {
    kind: 'stuck',
    text: `Its pod ${name} does not start (${String(waiting['reason'])})${because(waiting['message'])}`,
  };
}

/** Held back by a gate that somebody else is to take away, as quota systems do. */
function isGated(pod: JsonObject): boolean {
  const gates = memberOf(pod, 'spec')['schedulingGates'];
  return Array.isArray(gates) && gates.length > 0;
}

function phaseOf(pod: JsonObject): string {
  return String(memberOf(pod, 'status')['phase']);
}
