// A Kubernetes control plane, and what plays the kubelets of its nodes.
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, startProcess, until } from '../../../../../../scripts/live/processes.mjs';

const here = dirname(fileURLToPath(import.meta.url));

/** Starts etcd, the API server and the controllers in the folder; gives how they are reached. */
export async function startCluster(workdir, bin) {
  const [etcd, peers, port] = await Promise.all([freePort(), freePort(), freePort()]);
  const token = 'live-test-admin';
  const server = `https://127.0.0.1:${port}`;
  const store = `http://127.0.0.1:${etcd}`;
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  writeFileSync(join(workdir, 'sa.key'), privateKey.export({ type: 'pkcs1', format: 'pem' }));
  writeFileSync(join(workdir, 'tokens.csv'), `${token},admin,1,"system:masters"\n`);
  mkdirSync(join(workdir, 'certs'));
  const run = (program, options) => {
    const args = Object.entries(options).map(([option, value]) => `--${option}=${value}`);
    return startProcess(join(bin, program), args, { workdir, log: `${program}.log` });
  };
  run('etcd', {
    'data-dir': join(workdir, 'etcd'),
    'listen-client-urls': store,
    'advertise-client-urls': store,
    'listen-peer-urls': `http://127.0.0.1:${peers}`,
    'initial-advertise-peer-urls': `http://127.0.0.1:${peers}`,
    'initial-cluster': `default=http://127.0.0.1:${peers}`,
  });
  run('kube-apiserver', {
    'etcd-servers': store,
    'secure-port': port,
    'bind-address': '127.0.0.1',
    'cert-dir': 'certs',
    'service-cluster-ip-range': '10.96.0.0/16',
    'service-account-key-file': 'sa.key',
    'service-account-signing-key-file': 'sa.key',
    'service-account-issuer': 'https://kubernetes.default.svc',
    'authorization-mode': 'RBAC',
    'token-auth-file': 'tokens.csv',
    'endpoint-reconciler-type': 'none',
    'disable-admission-plugins': 'ServiceAccount',
  });
  const ca = join(workdir, 'certs/apiserver.crt');
  const cluster = { server, token, ca };
  const admin = join(workdir, 'admin.json');
  writeFileSync(admin, JSON.stringify(kubeconfig(cluster, token)));
  await until('the API server is up', () => ask(cluster, '/version'));
  await until('the API server is ready', () => ask(cluster, '/api/v1/namespaces/kube-system'));
  run('kube-controller-manager', {
    kubeconfig: admin,
    controllers: 'job-controller,node-lifecycle-controller,taint-eviction-controller',
    'leader-elect': 'false',
    'secure-port': 0,
    'node-monitor-grace-period': '20s',
  });
  return cluster;
}

/** Starts what plays the kubelet of a node. */
export function startNode({ server, token, ca }, workdir, node) {
  const args = [join(here, 'kubelet.mjs'), server, token, node];
  return startProcess(process.execPath, args, { workdir, log: `${node}.log`, env: { NODE_EXTRA_CA_CERTS: ca } });
}

/** A kubeconfig with one context, called live. */
export function kubeconfig({ server, ca }, token) {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'live',
    clusters: [{ name: 'live', cluster: { server, 'certificate-authority': ca } }],
    users: [{ name: 'live', user: { token } }],
    contexts: [{ name: 'live', context: { cluster: 'live', user: 'live' } }],
  };
}

/** Asks the API server as its administrator; `fetch` cannot take a certificate. */
export function ask({ server, token, ca }, path, body) {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const options = { method: body === undefined ? 'GET' : 'POST', headers, ca: readFileSync(ca) };
    const asked = request(`${server}${path}`, options, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => (text += chunk));
      response.on('end', () =>
        response.statusCode < 300
          ? resolve(JSON.parse(text))
          : reject(new Error(`${path}: ${response.statusCode} ${text}`)),
      );
    });
    asked.on('error', reject);
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
