import type { Run } from '../../run.js';
import type { SourceAdapter } from '../descriptor.js';
import { memberOf, objectBody, withSlash, type JsonObject } from '../reading/body.js';
import { withPodEvents } from '../reading/cluster/events.js';
import { withCreationEvents } from './events.js';
import { KUEUE_QUEUE, kubernetesJobToWire } from './job.js';
import { withKueue } from './kueue.js';
import { readObjects } from '../reading/cluster/list.js';
import { readPods, withNodes } from '../reading/cluster/nodes.js';
import { withNamespace } from '../reading/cluster/object.js';
import { withDeletion, withPods } from './pods.js';
import { readOneRow, readRows } from '../reading/read-rows.js';
import type { Source, SourceFetch, SourcePage, SourceQuery } from '../source.js';
import { baseUrl } from '../reading/base-url.js';
import { strictSource } from '../reading/strict-source.js';
import { KUBERNETES_SHAPES } from './shapes.js';

/** The URL of a Kubernetes API server; limited to `namespace` and to Jobs with the labels of `selector`, if set. */
export type KubernetesConfig = {
  readonly url: string;
  readonly namespace?: string | undefined;
  readonly selector?: string | undefined;
};

/** Kubernetes in short, for the registry of kinds. */
export const kubernetesAdapter: SourceAdapter<KubernetesConfig> = {
  create: kubernetesSource,
  credentialHeaders: (token) => ({ authorization: `Bearer ${token}` }),
  configFromUri: (rest) => withNamespace(baseUrl(rest, 'kubernetes:https://host.example:6443')),
};

const SYSTEM = 'the Kubernetes API';

/** Reads Jobs. Kubernetes tells no heartbeat of one, but how its pods are and whether their nodes report. */
export function kubernetesSource(name: string, config: KubernetesConfig): Source {
  const address = withSlash(config.url);
  const place = config.namespace === undefined ? '' : `namespaces/${encodeURIComponent(config.namespace)}/`;

  async function* list(query: SourceQuery, fetch: SourceFetch): AsyncGenerator<SourcePage, void> {
    // No filter of the server tells Jobs that have ended from others: `status.successful=0` would hide those with a part done.
    const jobsList = {
      address: `${address}apis/batch/v1/${place}jobs`,
      query: [['labelSelector', config.selector]] as const,
      pageSize: 500,
      system: SYSTEM,
    };
    for await (const { objects: jobs, total, incomplete } of readObjects(jobsList, fetch)) {
      const read = readRows(jobs, name, kubernetesJobToWire);
      const runs = query.activity === 'active' ? read.runs.filter(({ status }) => status !== 'completed') : read.runs;
      yield { ...read, runs, total, incomplete };
    }
  }

  async function jobOf(id: string, fetch: SourceFetch): Promise<JsonObject | undefined> {
    const [namespace = '', job = ''] = id.split('/');
    if (namespace === '' || job === '' || id.split('/').length !== 2) return undefined;
    const path = `namespaces/${encodeURIComponent(namespace)}/jobs/${encodeURIComponent(job)}`;
    const response = await fetch({ url: `${address}apis/batch/v1/${path}`, accept: [404] });
    return response.status === 404 ? undefined : objectBody(response, SYSTEM);
  }

  async function get(id: string, fetch: SourceFetch): Promise<Run | undefined> {
    const job = await jobOf(id, fetch);
    return job === undefined ? undefined : readOneRow(job, id, name, kubernetesJobToWire);
  }

  async function inspect(run: Run, fetch: SourceFetch): Promise<Run> {
    if (run.status === 'completed') return run;
    if (run.hold !== undefined) return run.labels[KUEUE_QUEUE] === undefined ? run : withKueue(run, address, fetch);
    const [job, found] = await Promise.all([
      jobOf(run.id, fetch),
      readPods(address, run.workspace?.id ?? '', `job-name=${run.title}`, fetch),
    ]);
    if (job === undefined || found === undefined || isManagedElsewhere(job)) return run;
    const { pods, now } = found;
    const seen = withDeletion(withPods(run, job, pods, now), job, now);
    // What Kubernetes says leads; what we concluded of the pods may have its cause in a node.
    if (seen.flag?.by === 'source' || seen.hold !== undefined) return seen;
    if (pods.length === 0 && seen.flag === undefined && seen.status === 'queued') {
      return withCreationEvents(seen, address, fetch);
    }
    const onNodes = await withNodes(seen, pods, address, fetch);
    return onNodes.flag === undefined && onNodes.status === 'queued'
      ? withPodEvents(onNodes, pods, address, fetch)
      : onNodes;
  }

  return strictSource({ name, kind: 'kubernetes', address, list, get, inspect }, SYSTEM, KUBERNETES_SHAPES);
}

/** The controller that makes the pods of a Job unless it names another. */
const OWN_CONTROLLER = 'kubernetes.io/job-controller';

/** Whether another controller runs a Job, as MultiKueue does in another cluster: its pods are not here, and show nothing. */
function isManagedElsewhere(job: JsonObject): boolean {
  const manager = memberOf(job, 'spec')['managedBy'] ?? OWN_CONTROLLER;
  return manager !== OWN_CONTROLLER;
}
