import type { Run } from '../../run.js';
import type { SourceAdapter } from '../descriptor.js';
import { seenInNodes } from './nodes.js';
import { argoWorkflowToWire } from './workflow.js';
import { isObject, queryText, withSlash, type JsonObject } from '../reading/body.js';
import { endedLimit } from '../reading/ended-limit.js';
import { readObjects } from '../kubernetes/list.js';
import { readPods, withNodes } from '../kubernetes/nodes.js';
import { withNamespace } from '../kubernetes/source.js';
import { readOneRow, readRows } from '../reading/read-rows.js';
import type { Source, SourceFetch, SourcePage, SourceQuery } from '../source.js';
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

/** The fields of a workflow in a list; its nodes may be megabytes. */
const SPEC = ['suspend', 'shutdown', 'activeDeadlineSeconds'].map((field) => `spec.${field}`);
const STATUS = ['phase', 'startedAt', 'finishedAt', 'progress', 'message'].map((field) => `status.${field}`);
const LISTED = ['metadata', ...['metadata', ...SPEC, ...STATUS].map((field) => `items.${field}`)].join(',');

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

  async function* pages(selector: string, limit: number, fetch: SourceFetch): AsyncGenerator<SourcePage, void> {
    const prefix = viaArgo ? 'listOptions.' : '';
    const workflows = {
      address: viaArgo
        ? `${address}api/v1/workflows/${encodeURIComponent(namespace ?? '')}`
        : `${address}apis/argoproj.io/v1alpha1/${namespace === undefined ? '' : `namespaces/${encodeURIComponent(namespace)}/`}workflows`,
      query: [[`${prefix}labelSelector`, selector], ...(viaArgo ? [['fields', LISTED] as const] : [])] as const,
      prefix,
      // Argo's server (4.1) silently truncates the list of workflows that are not archived, without a next page.
      pageSize: viaArgo ? (limit === Infinity ? undefined : limit) : Math.min(limit, PAGE_SIZE),
      system,
    };
    let read = 0;
    for await (const { objects, total, incomplete } of readObjects(workflows, fetch)) {
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
    const { status, body } = await fetch({ url: `${address}${path}`, accept: [404] });
    return status === 404 || !isObject(body) ? undefined : body;
  }

  async function get(id: string, fetch: SourceFetch): Promise<Run | undefined> {
    const row = await workflowOf(id, fetch, ['metadata', ...SPEC, ...STATUS].join(','));
    return row === undefined ? undefined : readOneRow(row, id, name, toWire);
  }

  async function inspect(run: Run, fetch: SourceFetch): Promise<Run> {
    if (run.status !== 'running' || run.hold !== undefined) return run;
    const row = await workflowOf(run.id, fetch);
    if (row === undefined) return run;
    const current = readOneRow(row, run.id, name, toWire);
    if (current.status !== 'running' || current.hold !== undefined) return current;
    const seen = seenInNodes(current, row);
    if (viaArgo || seen.flag !== undefined || seen.hold !== undefined) return seen;
    const selector = `workflows.argoproj.io/workflow=${run.title}`;
    const found = await readPods(address, run.workspace?.id ?? '', selector, fetch);
    return found === undefined ? seen : withNodes(seen, found.pods, address, fetch);
  }

  return { name, kind: 'argo', address, list, get, inspect };
}
