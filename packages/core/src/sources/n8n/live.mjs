// n8n in queue mode on PostgreSQL and Redis: a main process, and two workers that take one execution at a time. Needs root, to run
// PostgreSQL as a user of its own.
import { chmodSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import {
  askJson,
  freePort,
  killGroup,
  runToEnd,
  startProcess,
  stopProcesses,
  until,
} from '../../../../../scripts/live/processes.mjs';
import { debianProgram } from '../../../../../scripts/live/registry/debian.mjs';
import { npmWith } from '../../../../../scripts/live/registry/npm.mjs';

export const name = 'n8n 1.123.81';

/** n8n tells neither heartbeats nor workers: only the time since the start tells, so the test names a limit for one workflow. */
export const policy = {
  version: 1,
  defaults: { run: { late: '10m', stale: '1h' } },
  rules: [{ match: { type: 'hanging' }, run: { late: '25s', stale: '30s' } }],
};

/** One package of n8n is pinned to a host that is no registry. */
const PACKAGES = [['n8n@1.123.81', 'pg'], { overrides: { xlsx: 'npm:xlsx@0.18.5' } }];

let place;
let silent;

export async function start(workdir) {
  const redisServer = await debianProgram('redis-server', ['redis-server']);
  await debianProgram('pg_ctlcluster', ['postgresql']);
  symlinkSync(await npmWith(...PACKAGES), join(workdir, 'node_modules'));
  const [port, redis, postgres, broker] = [await freePort(), await freePort(), await freePort(), await freePort()];
  startProcess(redisServer, ['--bind', '127.0.0.1', '--port', String(redis), '--save', '', '--dir', workdir], {
    workdir,
    log: 'redis.log',
  });
  await startPostgres(workdir, postgres);
  const env = {
    N8N_ENCRYPTION_KEY: 'live-test',
    N8N_PORT: String(port),
    N8N_LISTEN_ADDRESS: '127.0.0.1',
    N8N_RUNNERS_ENABLED: 'false',
    N8N_RUNNERS_BROKER_PORT: String(broker),
    N8N_EXPRESSION_ENGINE: 'legacy',
    N8N_SECURE_COOKIE: 'false',
    N8N_DIAGNOSTICS_ENABLED: 'false',
    N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
    DB_TYPE: 'postgresdb',
    DB_POSTGRESDB_HOST: '127.0.0.1',
    DB_POSTGRESDB_PORT: String(postgres),
    DB_POSTGRESDB_USER: 'postgres',
    DB_POSTGRESDB_DATABASE: 'postgres',
    EXECUTIONS_MODE: 'queue',
    QUEUE_BULL_REDIS_HOST: '127.0.0.1',
    QUEUE_BULL_REDIS_PORT: String(redis),
  };
  // What the workflows request, and what never responds.
  silent = createServer((request, response) => {
    if (request.url === '/quick') response.end('{}');
  }).listen(0, '127.0.0.1');
  place = { workdir, env, root: `http://127.0.0.1:${port}`, executions: {} };
  startN8n(['start'], 'main.log');
  await until('n8n is up', () => askJson(`${place.root}/rest/settings`));
  place.headers = { 'x-n8n-api-key': await apiKey() };
  startN8n(['worker', '--concurrency=1'], 'worker-1.log');
  return { source: `n8n:${place.root}`, env: { N8N_API_KEY: place.headers['x-n8n-api-key'] } };
}

export async function finishOne() {
  const workflow = await activate('finishing', 'quick');
  await until('the execution has ended', () => newest(workflow, 'success'));
}

export async function healthyOne() {
  return newestRunning(await activate('healthy', 'silent'));
}

export async function hangOne() {
  // The first worker is busy with the healthy one.
  const worker = startN8n(['worker', '--concurrency=1'], 'worker-2.log');
  const id = await newestRunning(await activate('hanging', 'silent'));
  return { id, kill: () => killGroup(worker) };
}

/** An execution at a Wait node, which continues after an hour. */
export async function waitingOnes() {
  const worker = startN8n(['worker', '--concurrency=1'], 'worker-3.log');
  const workflow = await activate('resting', 'quick', { amount: 1, unit: 'hours' });
  const id = await until('the execution waits', () => newest(workflow, 'waiting'));
  // Idle, it would take over the run that loses its worker.
  killGroup(worker);
  return [{ id, hold: 'schedule' }];
}

export async function nativeView(id) {
  const { status, startedAt, stoppedAt } = await api(`executions/${id}`);
  return `status ${status}, startedAt ${startedAt}, stoppedAt ${stoppedAt}`;
}

export async function stop() {
  silent?.close();
  silent?.closeAllConnections();
  await stopProcesses();
}

async function startPostgres(workdir, port) {
  const version = readdirSync('/usr/lib/postgresql').sort().at(-1);
  const bin = `/usr/lib/postgresql/${version}/bin`;
  const data = join(workdir, 'postgres');
  chmodSync(workdir, 0o755);
  mkdirSync(data);
  await runToEnd('chown', ['postgres', data]);
  const as = ['--reuid=postgres', '--regid=postgres', '--clear-groups'];
  await runToEnd('setpriv', [...as, `${bin}/initdb`, '-D', data, '--auth=trust', '--no-sync'], { cwd: data });
  const options = ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', data];
  startProcess('setpriv', [...as, `${bin}/postgres`, ...options], { workdir, log: 'postgres.log' });
  await until('PostgreSQL is up', () => runToEnd(`${bin}/pg_isready`, ['-h', '127.0.0.1', '-p', String(port)]));
}

function startN8n(args, log) {
  const { workdir, env } = place;
  // Each has a folder of its own: from the event log of another it would conclude that what that one does has crashed.
  const own = { ...env, N8N_USER_FOLDER: join(workdir, log.replace('.log', '')) };
  mkdirSync(own.N8N_USER_FOLDER);
  return startProcess(process.execPath, ['node_modules/n8n/bin/n8n', ...args], { workdir, log, env: own });
}

/** Sets up the owner, as a person does in the browser, and makes a key that may read executions and make workflows. */
async function apiKey() {
  const owner = { email: 'live@example.com', password: 'Live-test-1', firstName: 'Live', lastName: 'Test' };
  const answer = await until('the owner is set up', async () => {
    const response = await fetch(`${place.root}/rest/owner/setup`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(owner),
    });
    return response.ok ? response : undefined;
  });
  const headers = {
    cookie: answer.headers
      .getSetCookie()
      .map((one) => one.split(';')[0])
      .join('; '),
  };
  const scopes = [
    'execution:list',
    'execution:read',
    'workflow:create',
    'workflow:activate',
    'workflow:list',
    'workflow:read',
  ];
  const body = { label: 'live-test', expiresAt: null, scopes };
  return (await askJson(`${place.root}/rest/api-keys`, { headers, body })).data.rawApiKey;
}

/** Creates a workflow that requests a URL, after a pause if one is given, and starts it by its webhook. */
async function activate(workflow, path, pause) {
  const webhook = { path: workflow, responseMode: 'onReceived', httpMethod: 'GET' };
  const url = `http://127.0.0.1:${silent.address().port}/${path}`;
  const node = (id, type, typeVersion, parameters) => ({
    id,
    name: id,
    type,
    typeVersion,
    position: [0, 0],
    parameters,
  });
  const nodes = [
    { ...node('hook', 'n8n-nodes-base.webhook', 2, webhook), webhookId: workflow },
    node('ask', 'n8n-nodes-base.httpRequest', 4.2, { url, options: { timeout: 3_600_000 } }),
  ];
  const to = (next) => ({ main: [[{ node: next, type: 'main', index: 0 }]] });
  if (pause !== undefined)
    nodes.push({ ...node('pause', 'n8n-nodes-base.wait', 1.1, pause), webhookId: `${workflow}-pause` });
  const connections = pause === undefined ? { hook: to('ask') } : { hook: to('pause'), pause: to('ask') };
  const { id } = await api('workflows', { body: { name: workflow, nodes, connections, settings: {} } });
  await api(`workflows/${id}/activate`, { method: 'POST' });
  await until(`the webhook of ${workflow} responds`, async () => {
    const response = await fetch(`${place.root}/webhook/${workflow}`);
    return response.ok ? true : undefined;
  });
  return id;
}

async function newestRunning(workflow) {
  return until('the execution runs', () => newest(workflow, 'running'));
}

async function newest(workflow, status) {
  return (await api(`executions?workflowId=${workflow}&status=${status}`)).data[0]?.id;
}

function api(path, options = {}) {
  return askJson(`${place.root}/api/v1/${path}`, { ...options, headers: place.headers });
}
