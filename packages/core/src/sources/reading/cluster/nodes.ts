import type { Flag, Instant, Run } from '../../../run.js';
import { memberOf, objectBody, objectsField, objectsIn, type JsonObject, textField } from '../body.js';
import { because } from '../vocabulary.js';
import { instantIn, serverClock } from '../wire-time.js';
import { SourceError, type SourceFetch } from '../../source.js';
import { conditionsOf } from './object.js';
import { readObjects } from './list.js';
import { unfinishedPods } from './pods.js';

const PER_PAGE = 100;

/** How many nodes of one run are read. */
const MOST_NODES = 3;

/** The objects that carry a label, and the clock of the server that sent them. */
export type LabelledObjects = { readonly objects: readonly JsonObject[]; readonly now: Instant | undefined };

/** The pods that carry a label, and the clock of the server that sent them. */
export type LabelledPods = { readonly pods: readonly JsonObject[]; readonly now: Instant | undefined };

/**
 * Reads all pods with a label; `undefined` if the credential may not see pods.
 *
 * @throws {SourceError} if not all of them arrived.
 */
export async function readPods(
  address: string,
  namespace: string,
  selector: string,
  fetch: SourceFetch,
): Promise<LabelledPods | undefined> {
  const found = await readLabelled(
    `${address}api/v1/namespaces/${encodeURIComponent(namespace)}/pods`,
    selector,
    fetch,
  );
  return found === undefined ? undefined : { pods: found.objects, now: found.now };
}

/**
 * Reads all objects of a list with a label; `undefined` if the credential may not see them.
 *
 * @throws {SourceError} if not all of them arrived.
 */
export async function readLabelled(
  address: string,
  selector: string,
  fetch: SourceFetch,
): Promise<LabelledObjects | undefined> {
  const list = {
    address,
    query: [['labelSelector', selector]] as const,
    pageSize: PER_PAGE,
    system: 'the Kubernetes API',
  };
  let now: Instant | undefined;
  let forbidden = false;
  const watching: SourceFetch = async (request) => {
    const response = await fetch({ ...request, accept: [...(request.accept ?? []), 403] });
    now = serverClock(response);
    forbidden ||= response.status === 403;
    return response.status === 403 ? { ...response, body: { metadata: {}, items: [] } } : response;
  };
  const all: JsonObject[] = [];
  for await (const { objects, incomplete } of readObjects(list, watching)) {
    all.push(...objectsIn(objects, 'items', 'the Kubernetes API'));
    if (incomplete !== undefined) throw new SourceError('truncated', incomplete);
  }
  return forbidden ? undefined : { objects: all, now };
}

/** A run with a flag if a node of its unfinished pods is not ready, or is gone. A cordoned node that still reports is fine. */
export async function withNodes(
  run: Run,
  pods: readonly JsonObject[],
  address: string,
  fetch: SourceFetch,
): Promise<Run> {
  for (const node of nodesOfPods(unfinishedPods(pods)).slice(0, MOST_NODES)) {
    const response = await fetch({
      url: `${address}api/v1/nodes/${encodeURIComponent(node)}`,
      accept: [403, 404],
    });
    if (response.status === 403) return run;
    const flag = lostNode(node, response.status === 404 ? undefined : objectBody(response, 'the Kubernetes API'));
    if (flag !== undefined) return { ...run, flag };
  }
  return run;
}

/** The nodes that pods are on. */
function nodesOfPods(pods: readonly JsonObject[]): readonly string[] {
  const names = pods.flatMap((pod) => textField(memberOf(pod, 'spec'), 'nodeName', 'the Kubernetes API') ?? []);
  return [...new Set(names)];
}

/** A flag for a node that does not report or is gone: its pods stay as they were last seen. */
function lostNode(name: string, node: JsonObject | undefined): Flag | undefined {
  if (node === undefined)
    return { kind: 'worker_lost', by: 'source', text: `The node ${name}, where a pod of it ran, is gone.` };
  const status = memberOf(node, 'status');
  if (conditionsOf(status).has('Ready')) return undefined;
  const all = objectsField(status, 'conditions', 'the Kubernetes API');
  const ready = all.find(({ type }) => type === 'Ready');
  const since = instantIn(ready?.['lastTransitionTime']);
  return {
    kind: 'unresponsive',
    by: 'source',
    text: `The node ${name} is not ready${because(ready?.['message'])}`,
    since,
  };
}
