import type { Run } from '../run.js';
import type { SourceAdapter } from './adapter.js';
import { isObject, listOf, queryText, withSlash, type JsonObject } from './body.js';
import { kubernetesJobToWire, partOf } from './kubernetes-job.js';
import { readObjects } from './kubernetes-list.js';
import { lostNode, nodesOfPods, seenInPods, unfinishedPods } from './kubernetes-pods.js';
import { readOneRow, readRows } from './read-rows.js';
import type { Source, SourceFetch, SourcePage, SourceQuery } from './source.js';
import { baseAddress } from './web-address.js';

/** Where a Kubernetes API server answers; one `namespace` alone where that is named, Jobs with the labels of `selector` alone. */
export type KubernetesConfig = {
  readonly url: string;
  readonly namespace?: string | undefined;
  readonly selector?: string | undefined;
};

/** Kubernetes in short, for the registry of kinds. */
export const kubernetesAdapter: SourceAdapter<KubernetesConfig> = {
  create: kubernetesSource,
  credentialHeaders: (token) => ({ authorization: `Bearer ${token}` }),
  configFromUri: (rest) => withNamespace(baseAddress(rest, 'kubernetes:https://host.example:6443')),
};

/** Reads `https://host/namespaces/<namespace>` as what it says. */
export function withNamespace(address: string): { readonly url: string; readonly namespace?: string } {
  const [, url, namespace] = /^(.+?)\/namespaces\/([^/]+)\/?$/.exec(address) ?? [];
  return url === undefined || namespace === undefined ? { url: address } : { url, namespace };
}

const SYSTEM = 'the Kubernetes API';
const MOST_PODS = 100;

/** Beyond so many nodes of one Job those left are not asked about. */
const MOST_NODES = 3;

/** Reads Jobs. Kubernetes tells no heartbeat of one, but how its pods are and whether their nodes report. */
export function kubernetesSource(name: string, config: KubernetesConfig): Source {
  const address = withSlash(config.url);
  const place = config.namespace === undefined ? '' : `namespaces/${encodeURIComponent(config.namespace)}/`;

  async function* list(query: SourceQuery, fetch: SourceFetch): AsyncGenerator<SourcePage, void> {
    // No filter of the server tells Jobs that have ended from others: `status.successful=0` would hide those with a part done.
    const objects = readObjects(
      `${address}apis/batch/v1/${place}jobs`,
      [['labelSelector', config.selector]],
      SYSTEM,
      fetch,
    );
    for await (const { objects: jobs, total, incomplete } of objects) {
      const read = readRows(jobs, name, kubernetesJobToWire);
      const runs = query.activity === 'active' ? read.runs.filter(({ status }) => status !== 'completed') : read.runs;
      yield { ...read, runs, total, incomplete };
    }
  }

  async function jobOf(id: string, fetch: SourceFetch): Promise<JsonObject | undefined> {
    const [namespace = '', job = ''] = id.split('/');
    if (namespace === '' || job === '' || id.split('/').length !== 2) return undefined;
    const path = `namespaces/${encodeURIComponent(namespace)}/jobs/${encodeURIComponent(job)}`;
    const { status, body } = await fetch({ url: `${address}apis/batch/v1/${path}`, accept: [404] });
    return status === 404 || !isObject(body) ? undefined : body;
  }

  async function get(id: string, fetch: SourceFetch): Promise<Run | undefined> {
    const job = await jobOf(id, fetch);
    return job === undefined ? undefined : readOneRow(job, id, name, kubernetesJobToWire);
  }

  async function inspect(run: Run, fetch: SourceFetch): Promise<Run> {
    if (run.status === 'completed' || run.hold !== undefined) return run;
    const selector = queryText([
      ['labelSelector', `job-name=${run.title}`],
      ['limit', MOST_PODS],
    ]);
    const namespace = encodeURIComponent(run.workspace?.id ?? '');
    const [job, answer] = await Promise.all([
      jobOf(run.id, fetch),
      // Who may list Jobs need not see pods.
      fetch({ url: `${address}api/v1/namespaces/${namespace}/pods?${selector}`, accept: [403] }),
    ]);
    if (job === undefined || answer.status === 403) return run;
    const pods = listOf(answer, 'items', SYSTEM);
    const whole = !isObject(answer.body) || !('continue' in partOf(answer.body, 'metadata'));
    const seen = seenInPods(run, job, pods, whole);
    if (seen.flag !== undefined || seen.hold !== undefined) return seen;
    for (const node of nodesOfPods(unfinishedPods(pods)).slice(0, MOST_NODES)) {
      const { status, body } = await fetch({
        url: `${address}api/v1/nodes/${encodeURIComponent(node)}`,
        accept: [403, 404],
      });
      if (status === 403) return seen;
      const flag = lostNode(node, status === 404 || !isObject(body) ? undefined : body);
      if (flag !== undefined) return { ...seen, flag };
    }
    return seen;
  }

  return { name, kind: 'kubernetes', address, repeats: true, list, get, inspect };
}
