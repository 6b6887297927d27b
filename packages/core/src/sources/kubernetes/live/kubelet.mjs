// Plays the kubelet of one node: keeps its lease, and runs the containers of its pods as processes. No container runtime can be had here.
// node kubelet.mjs <API server> <token> <node>
import { spawn } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';

const [server, token, node] = process.argv.slice(2);
const running = new Map();

const at = () => new Date().toISOString();
const condition = (type, status, more = {}) => ({ type, status, lastTransitionTime: at().slice(0, 19) + 'Z', ...more });

async function ask(method, path, body) {
  const type = method === 'PATCH' ? 'application/strategic-merge-patch+json' : 'application/json';
  const response = await fetch(`${server}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': type },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = await response.json();
  if (!response.ok && response.status !== 409)
    throw new Error(`${method} ${path}: ${response.status} ${answer.message}`);
  return answer;
}

const lease = '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases';
const microTime = () => at().replace('Z', '000Z');

async function register() {
  await ask('POST', '/api/v1/nodes', { metadata: { name: node, labels: { 'kubernetes.io/hostname': node } } });
  const spec = { holderIdentity: node, leaseDurationSeconds: 20, renewTime: microTime() };
  await ask('POST', lease, { metadata: { name: node }, spec });
  await beat();
  // New nodes carry it until they are ready; here nothing needs to be waited for.
  await ask('PATCH', `/api/v1/nodes/${node}`, { spec: { taints: null } });
}

async function beat() {
  const ready = {
    ...condition('Ready', 'True', { reason: 'KubeletReady', message: 'kubelet is posting ready status' }),
    lastHeartbeatTime: at().slice(0, 19) + 'Z',
  };
  const resources = { cpu: '8', memory: '16Gi', pods: '110' };
  await ask('PATCH', `/api/v1/nodes/${node}/status`, {
    status: { conditions: [ready], capacity: resources, allocatable: resources },
  });
  await ask('PATCH', `${lease}/${node}`, { spec: { renewTime: microTime() } });
}

function containerStatus(pod, state, ready) {
  const [{ name, image }] = pod.spec.containers;
  return [{ name, image, imageID: '', ready, restartCount: 0, started: ready, state }];
}

async function tell(pod, phase, ready, state) {
  const { namespace, name } = pod.metadata;
  const flag = ready ? 'True' : 'False';
  await ask('PATCH', `/api/v1/namespaces/${namespace}/pods/${name}/status`, {
    status: {
      phase,
      startTime: pod.status.startTime ?? at().slice(0, 19) + 'Z',
      conditions: ['Initialized', 'PodScheduled']
        .map((type) => condition(type, 'True'))
        .concat(['ContainersReady', 'Ready'].map((type) => condition(type, flag))),
      containerStatuses: containerStatus(pod, state, ready),
    },
  });
}

async function run(pod) {
  const startedAt = at().slice(0, 19) + 'Z';
  const [{ image, command }] = pod.spec.containers;
  if (image.includes('missing')) {
    return tell(pod, 'Pending', false, {
      waiting: { reason: 'ImagePullBackOff', message: `Back-off pulling image "${image}"` },
    });
  }
  const child = spawn(command[0], command.slice(1), { stdio: 'ignore' });
  const ended = new Promise((resolve) => child.on('close', (code) => resolve(code ?? 137)));
  await tell(pod, 'Running', true, { running: { startedAt } });
  const exitCode = await ended;
  const terminated = {
    exitCode,
    startedAt,
    finishedAt: at().slice(0, 19) + 'Z',
    reason: exitCode === 0 ? 'Completed' : 'Error',
  };
  await tell(pod, exitCode === 0 ? 'Succeeded' : 'Failed', false, { terminated });
}

await register();
for (let round = 0; ; round++) {
  if (round % 5 === 0) await beat();
  const { items } = await ask('GET', `/api/v1/pods?fieldSelector=spec.nodeName%3D${node}`);
  for (const pod of items) {
    const { uid, namespace, name, deletionTimestamp } = pod.metadata;
    if (deletionTimestamp !== undefined) {
      await ask('DELETE', `/api/v1/namespaces/${namespace}/pods/${name}?gracePeriodSeconds=0`);
    } else if (!running.has(uid)) {
      running.set(
        uid,
        run(pod).catch((error) => process.stderr.write(`${error.message}\n`)),
      );
    }
  }
  await wait(1000);
}
