import type { Run } from '../../run.js';
import type { SourceAdapter } from '../descriptor.js';
import { SYNCHRONIZATION, waitsForOthers, withHolders } from './holders.js';
import { needsPod, nodesOf, withNodes } from './nodes.js';
import { argoWorkflowToWire } from './workflow.js';
import { objectBody, objectsIn, queryText, withSlash, type JsonObject } from '../reading/body.js';
import { endedLimit } from '../reading/ended-limit.js';
import { readObjects, type ObjectList } from '../reading/cluster/list.js';
import { readPods, withNodes as withMachines } from '../reading/cluster/nodes.js';
import { unfinishedPods } from '../reading/cluster/pods.js';
import { withNamespace } from '../reading/cluster/object.js';
import { readOneRow, readRows } from '../reading/read-rows.js';
import { SourceError, type Source, type SourceFetch, type SourcePage, type SourceQuery } from '../source.js';
import { POD_SHAPES } from '../reading/cluster/shapes.js';
import { checkShape } from '../reading/shape.js';
import { strictSource } from '../reading/strict-source.js';
import { nameFor } from '../reading/vocabulary.js';
import { HOLDING_SHAPE, INSIDE_SHAPE } from './shapes.js';
import { baseUrl } from '../reading/base-url.js';

/** Where Argo's workflows are read: from Argo's server, or from the API server of the cluster. */
export type ArgoConfig = {
  readonly url: string;
  readonly namespace?: string | undefined;
  readonly api?: 'argo' | 'kubernetes' | undefined;
};

/** Argo Workflows, for the registry of kinds. */
export const argoAdapter: SourceAdapter<ArgoConfig> = {
  create: argoSource,
  // `argo auth token` prints it with the scheme.
  credentialHeaders: (token) => ({ authorization: `Bearer ${token.replace(/^Bearer /, '')}` }),
  configFromUri: (rest) => withNamespace(baseUrl(rest, 'argo:https://host.example:2746')),
};

/** Page size for objects with all their nodes, which Kubernetes cannot omit. */
const PAGE_SIZE = 100;

/** Set by the controller when a workflow has ended. */
const ENDED = 'workflows.argoproj.io/completed';

/** The label of a pod that names its workflow. */
const WORKFLOW = 'workflows.argoproj.io/workflow';

/** The fields of a workflow in a list; its nodes may be megabytes. */
const SPEC = ['suspend', 'shutdown', 'activeDeadlineSeconds'].map((field) => `spec.${field}`);
const STATUS = [
  'phase',
  'startedAt',
  'finishedAt',
  'progress',
  'message',
  'storedWorkflowTemplateSpec.activeDeadlineSeconds',
].map((field) => `status.${field}`);
const LISTED = listed('metadata', ...SPEC, ...STATUS);

/** The fields of a workflow that show what it holds. */
const HOLDING = listed('metadata.name', 'metadata.namespace', 'status.phase', SYNCHRONIZATION);

function listed(...fields: readonly string[]): string {
  return ['metadata', ...fields.map((field) => `items.${field}`)].join(',');
}

/** Reads workflows. Argo reports no heartbeat of a workflow; its nodes show its progress. */
export function argoSource(name: string, { url, namespace, api = 'argo' }: ArgoConfig): Source {
  const address = withSlash(url);
  const viaArgo = api === 'argo';
  const system = viaArgo ? "Argo's server" : 'the Kubernetes API, with Argo Workflows';
  const toWire = (row: JsonObject) => argoWorkflowToWire(row, viaArgo ? address : undefined);

  async function* list(query: SourceQuery, fetch: SourceFetch): AsyncGenerator<SourcePage, void> {
    yield* pages(`${ENDED}!=true`, Infinity, fetch);
    // After the active ones: a workflow that ends in between is then read twice and not missed.
    if (query.activity !== 'active') yield* pages(`${ENDED}=true`, endedLimit(query), fetch);
  }

  function workflows(selector: string, fields: string, limit: number): ObjectList {
    const prefix = viaArgo ? 'listOptions.' : '';
    return {
      address: viaArgo
        ? `${address}api/v1/workflows/${encodeURIComponent(namespace ?? '')}`
        : `${address}apis/argoproj.io/v1alpha1/${namespace === undefined ? '' : `namespaces/${encodeURIComponent(namespace)}/`}workflows`,
      query: [[`${prefix}labelSelector`, selector], ...(viaArgo ? [['fields', fields] as const] : [])] as const,
      prefix,
      // Argo's server (4.1) silently truncates the list of workflows that are not archived, without a next page.
      pageSize: viaArgo ? (limit === Infinity ? undefined : limit) : Math.min(limit, PAGE_SIZE),
      system,
    };
  }

  async function* pages(selector: string, limit: number, fetch: SourceFetch): AsyncGenerator<SourcePage, void> {
    let read = 0;
    for await (const { objects, total, incomplete } of readObjects(workflows(selector, LISTED, limit), fetch)) {
      yield {
        ...readRows(objects.slice(0, Math.max(0, limit - read)), name, toWire),
        total: limit === Infinity ? total : undefined,
        incomplete,
      };
      read += objects.length;
      if (read >= limit) return;
    }
  }

  async function workflowOf(id: string, fetch: SourceFetch, fields?: string): Promise<JsonObject | undefined> {
    const [place = '', workflow = '', more] = id.split('/');
    if (place === '' || workflow === '' || more !== undefined) return undefined;
    const [ns, one] = [encodeURIComponent(place), encodeURIComponent(workflow)];
    const query = viaArgo && fields !== undefined ? `?${queryText([['fields', fields]])}` : '';
    const path = viaArgo
      ? `api/v1/workflows/${ns}/${one}${query}`
      : `apis/argoproj.io/v1alpha1/namespaces/${ns}/workflows/${one}`;
    const response = await fetch({ url: `${address}${path}`, accept: [404] });
    return response.status === 404 ? undefined : objectBody(response, system);
  }

  async function get(id: string, fetch: SourceFetch): Promise<Run | undefined> {
    const row = await workflowOf(id, fetch, ['metadata', ...SPEC, ...STATUS].join(','));
    return row === undefined ? undefined : readOneRow(row, id, name, toWire);
  }

  async function inspect(run: Run, fetch: SourceFetch): Promise<Run> {
    if (run.status === 'completed') return run;
    const row = await workflowOf(run.id, fetch);
    if (row === undefined) return run;
    checkShape(row, INSIDE_SHAPE, system);
    const current = readOneRow(row, run.id, name, toWire);
    if (current.id !== run.id)
      throw new SourceError('shape', `${system} was asked for ${nameFor(run.id)} and sent another.`);
    if (current.status === 'completed' || current.hold === 'paused') return current;
    const seen = current.status === 'running' ? withNodes(current, row) : current;
    if (waitsForOthers(seen)) {
      return withHolders(seen, row, await activeWorkflows(fetch), namespace);
    }
    if (viaArgo || current.status === 'queued' || seen.flag !== undefined || seen.hold !== undefined) return seen;
    const found = await readPods(address, run.workspace?.id ?? '', `${WORKFLOW}=${run.title}`, fetch);
    if (found === undefined) return seen;
    const counted = nodesOf(row).filter((node) => needsPod(node, found.now)).length;
    if (counted > 0 && unfinishedPods(found.pods).length === 0) {
      const all = found.pods.length === 0 ? 'None of its pods exists' : 'All its pods have ended';
      const text = `${all}, but Argo counts on ${counted}.`;
      return { ...seen, flag: { kind: 'stuck', by: 'tardy', text } };
    }
    return withMachines(seen, found.pods, address, fetch);
  }

  /**
   * All active workflows with what they hold, the same for each run that waits.
   *
   * @throws {SourceError} `truncated` if not all arrived.
   */
  async function activeWorkflows(fetch: SourceFetch): Promise<readonly JsonObject[]> {
    const rows: JsonObject[] = [];
    for await (const { objects, incomplete } of readObjects(workflows(`${ENDED}!=true`, HOLDING, Infinity), fetch)) {
      if (incomplete !== undefined) throw new SourceError('truncated', incomplete);
      for (const object of objects) checkShape(object, HOLDING_SHAPE, system);
      rows.push(...objectsIn(objects, 'items', system));
    }
    return rows;
  }

  return strictSource({ name, kind: 'argo', address, list, get, inspect }, system, { inside: POD_SHAPES });
}
