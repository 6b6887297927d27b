// Temporal: a server built from its Go module, on SQLite in memory with its own authorizer, and a Python worker for each of two task queues.
import { createSign, generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  askJson,
  freePort,
  killGroup,
  startProcess,
  stopProcesses,
  until,
} from '../../../../../scripts/live/processes.mjs';
import { pythonWith } from '../../../../../scripts/live/python.mjs';
import { goPrograms } from '../../../../../scripts/live/registry/go.mjs';

export const name = 'Temporal 1.32.1';

/** Activities tell heartbeats: one that falls silent is what tells a dead worker. Workers pass one on every 30 seconds. */
export const policy = {
  version: 1,
  defaults: { run: { late: '20s', stale: '30s' }, silence: { late: '50s', stale: '70s' }, flag: 'late' },
};

const WORKER = `
import asyncio, os, sys
from datetime import timedelta
from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

@activity.defn
async def count(to: int) -> None:
    for done in range(to):
        activity.heartbeat(done)
        await asyncio.sleep(1)

class Counting:
    async def counted(self, to):
        await workflow.execute_activity(count, to, start_to_close_timeout=timedelta(hours=2))

@workflow.defn(name="quick")
class Quick(Counting):
    @workflow.run
    async def run(self) -> None:
        await self.counted(0)

@workflow.defn(name="healthy")
class Healthy(Counting):
    @workflow.run
    async def run(self) -> None:
        await self.counted(3600)

@workflow.defn(name="nightly-report")
class Nightly(Counting):
    @workflow.run
    async def run(self) -> None:
        await self.counted(3600)

async def main():
    client = await Client.connect(os.environ["ADDRESS"], api_key=os.environ["TOKEN"], tls=False)
    await Worker(client, task_queue=sys.argv[1], workflows=[Quick, Healthy, Nightly], activities=[count], workflow_runner=UnsandboxedWorkflowRunner()).run()

asyncio.run(main())
`;

let programs;
let place;

/** Building the server takes longer than a test may. */
export async function prepare() {
  programs = await goPrograms(join(dirname(fileURLToPath(import.meta.url)), 'live'));
}

export async function start(workdir) {
  const bin = await pythonWith(['temporalio==1.35.0']);
  const [grpc, http, ...free] = await Promise.all(Array.from({ length: 11 }, freePort));
  const issue = tokenIssuer(join(workdir, 'keys.json'));
  const hour = 3600;
  const settings = { grpc, http, free, keys: `file://${join(workdir, 'keys.json')}`, namespaces: ['default'] };
  startProcess(join(programs, 'temporalserver'), [JSON.stringify(settings)], { workdir, log: 'server.log' });
  const headers = { authorization: `Bearer ${issue(['default:write', 'default:worker'], hour)}` };
  place = {
    workdir,
    bin,
    address: `127.0.0.1:${grpc}`,
    api: `http://127.0.0.1:${http}/api/v1/namespaces/default`,
    headers,
  };
  await until('the server is up', () => askJson(`${place.api}/workflows`, { headers }));
  writeFileSync(join(workdir, 'worker.py'), WORKER);
  startWorker('mails');
  return {
    source: `temporal:http://127.0.0.1:${http}/namespaces/default`,
    env: { TEMPORAL_API_KEY: issue(['default:read'], hour) },
    wrongEnv: { TEMPORAL_API_KEY: issue(['default:read'], -hour) },
  };
}

export async function finishOne() {
  const id = await startWorkflow('quick', 'mails');
  await until('the workflow has ended', async () =>
    (await describe(id)).workflowExecutionInfo.status === 'WORKFLOW_EXECUTION_STATUS_COMPLETED' ? true : undefined,
  );
}

export async function healthyOne() {
  return atWork(await startWorkflow('healthy', 'mails'));
}

export async function hangOne() {
  const worker = startWorker('reports');
  return { id: await atWork(await startWorkflow('nightly-report', 'reports')), kill: () => killGroup(worker) };
}

export async function nativeView(id) {
  const { workflowExecutionInfo: info, pendingActivities = [] } = await describe(id);
  const [activity] = pendingActivities;
  const seen = activity === undefined ? 'none' : `${activity.state}, last heartbeat ${activity.lastHeartbeatTime}`;
  const { pollers = [] } = await ask(`task-queues/${info.taskQueue}?taskQueueType=TASK_QUEUE_TYPE_ACTIVITY`);
  const last = pollers.map(({ lastAccessTime }) => lastAccessTime).join(', ');
  return `${info.status}; its activity ${seen}; pollers of its task queue: ${last === '' ? 'none' : `last seen ${last}`}`;
}

export const stop = stopProcesses;

function startWorker(queue) {
  const { workdir, bin, address, headers } = place;
  const env = { ADDRESS: address, TOKEN: headers.authorization.slice('Bearer '.length) };
  return startProcess(join(bin, 'python'), ['worker.py', queue], { workdir, log: `worker-${queue}.log`, env });
}

async function startWorkflow(type, queue) {
  const body = { workflowType: { name: type }, taskQueue: { name: queue } };
  const { runId } = await askJson(`${place.api}/workflows/${type}-1`, { headers: place.headers, body });
  return `${type}-1/${runId}`;
}

async function atWork(id) {
  await until(`${id} is at work`, async () => {
    const { pendingActivities = [] } = await describe(id);
    return pendingActivities.some((one) => (one.lastHeartbeatTime ?? null) !== null) ? true : undefined;
  });
  return id;
}

function describe(id) {
  return ask(`workflows/${id.split('/')[0]}`);
}

function ask(path) {
  return askJson(`${place.api}/${path}`, { headers: place.headers });
}

/** Signs tokens as Temporal's default authorizer reads them, with a key whose public half it finds in the file. */
function tokenIssuer(file) {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = { ...publicKey.export({ format: 'jwk' }), kid: 'live', alg: 'RS256', use: 'sig' };
  writeFileSync(file, JSON.stringify({ keys: [key] }));
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return (permissions, seconds) => {
    const exp = Math.floor(Date.now() / 1000) + seconds;
    const text = `${part({ alg: 'RS256', kid: 'live', typ: 'JWT' })}.${part({ sub: 'live-test', permissions, exp })}`;
    return `${text}.${createSign('RSA-SHA256').update(text).sign(privateKey, 'base64url')}`;
  };
}
