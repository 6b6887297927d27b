// Kubernetes: etcd, the API server and the controllers of Jobs and nodes, built from their Go modules. No kubelet can run here: a stand-in
// for each of two nodes keeps its lease and runs the containers of its pods as processes.
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ask as askCluster, kubeconfig, startCluster, startNode as startNodeOf } from './live/cluster.mjs';
import { killGroup, stopProcesses, until } from '../../../../../scripts/live/processes.mjs';
import { goPrograms } from '../../../../../scripts/live/registry/go.mjs';

export const name = 'Kubernetes 1.37.2';

/**
 * A Job sends no heartbeat: elapsed time makes it a suspect, and a node that is not ready convicts it. Once that is so the list shows no
 * pod that is ready, as of a Job that has not begun.
 */
export const policy = {
  version: 1,
  defaults: { run: { late: '30m', stale: '1h' }, queue: { late: '10s', stale: '20s' }, flag: 'stale' },
};

const here = join(dirname(fileURLToPath(import.meta.url)), 'live');
const NAMESPACE = 'billing';
const JOBS = `/apis/batch/v1/namespaces/${NAMESPACE}/jobs`;

/** The rights that README.md names. */
const RULES = [
  { apiGroups: ['batch'], resources: ['jobs'], verbs: ['get', 'list'] },
  { apiGroups: [''], resources: ['pods', 'events'], verbs: ['list'] },
  { apiGroups: [''], resources: ['nodes'], verbs: ['get'] },
];

let programs;
let place;

/** Building it takes longer than a test may. */
export async function prepare() {
  const version = ['gitVersion=v1.37.2', 'gitMajor=1', 'gitMinor=37'].map(
    (setting) => `-X k8s.io/component-base/version.${setting}`,
  );
  programs = await goPrograms(here, { targets: ['.', 'tool'], ldflags: ['-s -w', ...version].join(' ') });
}

export async function start(workdir) {
  const cluster = await startCluster(workdir, programs);
  place = { workdir, cluster };
  await ask('/api/v1/namespaces', { metadata: { name: NAMESPACE } });
  startNode('steady');
  await Promise.all(['default', 'tardy'].map((account) => ask(accounts(), { metadata: { name: account } })));
  const rbac = '/apis/rbac.authorization.k8s.io/v1';
  await ask(`${rbac}/clusterroles`, { metadata: { name: 'tardy' }, rules: RULES });
  await ask(`${rbac}/clusterrolebindings`, {
    metadata: { name: 'tardy' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'tardy' },
    subjects: [{ kind: 'ServiceAccount', name: 'tardy', namespace: NAMESPACE }],
  });
  const { status } = await ask(`${accounts()}/tardy/token`, { spec: { expirationSeconds: 3600 } });
  const config = (token) => {
    const file = join(workdir, `kubeconfig-${token.length}`);
    writeFileSync(file, JSON.stringify(kubeconfig(cluster, token)));
    return { KUBECONFIG: file };
  };
  return { source: 'kubernetes:live', env: config(status.token), wrongEnv: config('mistyped') };
}

export async function finishOne() {
  await makeJob('quick', 'steady', ['true']);
  await until('the Job has ended', async () =>
    (await ask(`${JOBS}/quick`)).status.completionTime === undefined ? undefined : true,
  );
}

export async function healthyOne() {
  return atWork(await makeJob('healthy', 'steady', ['sleep', '3600']));
}

export async function hangOne() {
  const node = startNode('doomed');
  await until('the node is ready', async () => ((await ready('doomed')) === 'True' ? true : undefined));
  return {
    id: await atWork(await makeJob('nightly-report', 'doomed', ['sleep', '3600'])),
    kill: () => killGroup(node),
  };
}

export async function nativeView(id) {
  const [, job] = id.split('/');
  const { status } = await ask(`${JOBS}/${job}`);
  const { items } = await ask(`/api/v1/namespaces/${NAMESPACE}/pods?labelSelector=job-name%3D${job}`);
  const { nodeName } = items[0].spec;
  const { active, ready: begun, conditions = [] } = status;
  const state = `active ${active}, ready ${begun}, ${conditions.length === 0 ? 'no condition' : JSON.stringify(conditions)}`;
  return `${state}; its pod ${items[0].status.phase}; its node ${nodeName}: Ready ${await ready(nodeName)}`;
}

export const stop = stopProcesses;

function accounts() {
  return `/api/v1/namespaces/${NAMESPACE}/serviceaccounts`;
}

function ask(path, body) {
  return askCluster(place.cluster, path, body);
}

function startNode(node) {
  return startNodeOf(place.cluster, place.workdir, node);
}

async function ready(node) {
  const { status } = await ask(`/api/v1/nodes/${node}`);
  return status.conditions.find(({ type }) => type === 'Ready').status;
}

async function makeJob(job, node, command) {
  const containers = [{ name: 'main', image: 'registry.example/app:1', command }];
  const template = { spec: { restartPolicy: 'Never', nodeName: node, containers } };
  await ask(JOBS, { metadata: { name: job }, spec: { template } });
  return `${NAMESPACE}/${job}`;
}

async function atWork(id) {
  await until(`${id} is at work`, async () =>
    (await ask(`${JOBS}/${id.split('/')[1]}`)).status.ready === 1 ? true : undefined,
  );
  return id;
}
