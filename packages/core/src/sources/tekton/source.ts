import type { Run } from '../../run.js';
import type { SourceAdapter } from '../descriptor.js';
import { baseUrl } from '../reading/base-url.js';
import { objectBody, withSlash, type JsonObject } from '../reading/body.js';
import { withPodEvents } from '../reading/cluster/events.js';
import { readObjects } from '../reading/cluster/list.js';
import { readLabelled, readPods, withNodes } from '../reading/cluster/nodes.js';
import { withNamespace } from '../reading/cluster/object.js';
import { readOneRow, readRows } from '../reading/read-rows.js';
import { strictSource } from '../reading/strict-source.js';
import { nameFor } from '../reading/vocabulary.js';
import { SourceError, type Source, type SourceFetch, type SourcePage, type SourceQuery } from '../source.js';
import { isPending, withChildren, withPods, type Children } from './inside.js';
import { tektonRunToWire, type TektonKind } from './run.js';
import { TEKTON_SHAPES } from './shapes.js';

/** The URL of a Kubernetes API server with Tekton; limited to `namespace`, if set. */
export type TektonConfig = { readonly url: string; readonly namespace?: string | undefined };

/** Tekton in short, for the registry of kinds. */
export const tektonAdapter: SourceAdapter<TektonConfig> = {
  create: tektonSource,
  credentialHeaders: (token) => ({ authorization: `Bearer ${token}` }),
  configFromUri: (rest) => withNamespace(baseUrl(rest, 'tekton:https://host.example:6443')),
};

const SYSTEM = 'the Kubernetes API, with Tekton,';

/** Each brings the specification of its pipeline, which Kubernetes cannot omit. */
const PAGE_SIZE = 100;

/** The label of everything that a PipelineRun has made. */
const PIPELINE_RUN = 'tekton.dev/pipelineRun';
const TASK_RUN = 'tekton.dev/taskRun';

/** Reads PipelineRuns, and TaskRuns that no pipeline made. Tekton reports no heartbeat of them. */
export function tektonSource(name: string, { url, namespace }: TektonConfig): Source {
  const address = withSlash(url);
  const place = namespace === undefined ? '' : `namespaces/${encodeURIComponent(namespace)}/`;

  async function* list(query: SourceQuery, fetch: SourceFetch): AsyncGenerator<SourcePage, void> {
    yield* listOf('pipelineruns', undefined, query, fetch);
    yield* listOf('taskruns', `!${PIPELINE_RUN}`, query, fetch);
  }

  async function* listOf(
    kind: TektonKind,
    selector: string | undefined,
    { activity }: SourceQuery,
    fetch: SourceFetch,
  ): AsyncGenerator<SourcePage, void> {
    const objectsList = {
      address: `${address}apis/tekton.dev/v1/${place}${kind}`,
      query: [['labelSelector', selector]] as const,
      pageSize: PAGE_SIZE,
      system: SYSTEM,
    };
    // No label says whether a run has ended.
    for await (const { objects, incomplete } of readObjects(objectsList, fetch)) {
      const read = readRows(objects, name, tektonRunToWire(kind));
      const runs = activity === 'active' ? read.runs.filter(({ status }) => status !== 'completed') : read.runs;
      yield { ...read, runs, incomplete };
    }
  }

  async function rowOf(id: string, fetch: SourceFetch): Promise<JsonObject | undefined> {
    const place = placeOf(id);
    if (place === undefined) return undefined;
    const response = await fetch({
      url: `${inNamespace(place.namespace, `v1/${place.kind}`)}/${encodeURIComponent(place.name)}`,
      accept: [404],
    });
    return response.status === 404 ? undefined : objectBody(response, SYSTEM);
  }

  function inNamespace(of: string, path: string): string {
    const [version = '', kind = ''] = path.split('/');
    return `${address}apis/tekton.dev/${version}/namespaces/${encodeURIComponent(of)}/${kind}`;
  }

  function runIn(row: JsonObject, id: string): Run {
    const run = readOneRow(row, id, name, tektonRunToWire(placeOf(id)?.kind ?? 'pipelineruns'));
    if (run.id !== id) throw new SourceError('shape', `${SYSTEM} was asked for ${nameFor(id)} and sent another.`);
    return run;
  }

  async function get(id: string, fetch: SourceFetch): Promise<Run | undefined> {
    const row = await rowOf(id, fetch);
    return row === undefined ? undefined : runIn(row, id);
  }

  async function inspect(run: Run, fetch: SourceFetch): Promise<Run> {
    const place = placeOf(run.id);
    if (run.status === 'completed' || place === undefined) return run;
    const current = await get(run.id, fetch);
    if (current === undefined) return run;
    if (current.status === 'completed' || current.hold !== undefined || current.flag !== undefined) return current;
    const isPipeline = place.kind === 'pipelineruns';
    const children = isPipeline ? await childrenOf(place.namespace, place.name, fetch) : undefined;
    const seen = children === undefined ? current : withChildren(current, children);
    if (seen.hold !== undefined || seen.flag !== undefined) return seen;
    const selector = `${isPipeline ? PIPELINE_RUN : TASK_RUN}=${place.name}`;
    const found = await readPods(address, place.namespace, selector, fetch);
    if (found === undefined) return seen;
    const withTheirs = withPods(seen, found.pods, found.now);
    // What Kubernetes says leads; what we concluded of the pods may have its cause in a node.
    if (withTheirs.flag?.by === 'source') return withTheirs;
    const onNodes = await withNodes(withTheirs, found.pods, address, fetch);
    if (onNodes.flag !== undefined) return onNodes;
    return withPodEvents(onNodes, found.pods.filter(isPending), address, fetch);
  }

  /** What a PipelineRun has made; `undefined` if the credential may not see it, or it cannot be read. */
  async function childrenOf(of: string, pipelineRun: string, fetch: SourceFetch): Promise<Children | undefined> {
    const selector = `${PIPELINE_RUN}=${pipelineRun}`;
    const [tasks, customs] = await Promise.all([
      readLabelled(inNamespace(of, 'v1/taskruns'), selector, fetch),
      readLabelled(inNamespace(of, 'v1beta1/customruns'), selector, fetch),
    ]);
    if (tasks === undefined || customs === undefined) return undefined;
    const { runs, issues } = readRows(tasks.objects, name, tektonRunToWire('taskruns'));
    const [issue] = issues;
    if (issue !== undefined)
      throw new SourceError('shape', `A task run of ${nameFor(pipelineRun)} cannot be read: ${issue.reason}.`);
    return { taskRuns: runs, customRuns: customs.objects };
  }

  return strictSource({ name, kind: 'tekton', address, list, get, inspect }, SYSTEM, TEKTON_SHAPES);
}

/** Where the run of an id is: `namespace/name`, or `namespace/taskruns/name`. */
function placeOf(id: string) {
  const parts = id.split('/');
  const [namespace = '', second = '', third] = parts;
  if (parts.some((part) => part === '') || parts.length > 3) return undefined;
  if (third === undefined)
    return second === '' ? undefined : { kind: 'pipelineruns' as const, namespace, name: second };
  return second === 'taskruns' ? { kind: 'taskruns' as const, namespace, name: third } : undefined;
}
