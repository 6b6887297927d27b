// BullMQ on Redis, seen through bull-board: a board, and a worker process for each of two queues.
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  askJson,
  freePort,
  killGroup,
  startProcess,
  stopProcesses,
  until,
} from '../../../../../scripts/live/processes.mjs';
import { debianProgram } from '../../../../../scripts/live/registry/debian.mjs';
import { npmWith } from '../../../../../scripts/live/registry/npm.mjs';

export const name = 'BullMQ 6.7.0 with bull-board 9.10';

/** A job sends no heartbeat: what tells is that its queue has no worker, which the board says. A job that waits without a reason is stuck. */
export const policy = {
  version: 1,
  defaults: { run: { late: '10m', stale: '1h' }, queue: { late: '1s', stale: '1s' }, flag: 'stale' },
};

const PACKAGES = ['bullmq@6.7.0', 'ioredis@6.0.0', '@bull-board/api@9.10.2', '@bull-board/express@9.10.1', 'express@5'];

const BOARD = `
import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { ExpressAdapter } from '@bull-board/express';
import { FlowProducer, Queue } from 'bullmq';
import express from 'express';
const connection = { host: '127.0.0.1', port: Number(process.env.REDIS) };
const queues = ['reports', 'mails', 'single', 'closed'].map((name) => new Queue(name, { connection }));
const server = new ExpressAdapter();
server.setBasePath('/admin/queues');
createBullBoard({ queues: queues.map((queue) => new BullMQAdapter(queue)), serverAdapter: server });
const app = express();
const secret = 'Basic ' + btoa('admin:live-test');
app.use((request, response, next) => (request.headers.authorization === secret ? next() : response.status(401).json({ message: 'Log in' })));
app.post('/add/:queue/:name/:id', async (request, response) => {
  const { queue, name, id } = request.params;
  await queues.find((one) => one.name === queue).add(name, {}, { jobId: id, attempts: 2, backoff: { type: 'fixed', delay: 3_600_000 } });
  response.json({});
});
app.post('/limit/:queue', async (request, response) => {
  await queues.find((one) => one.name === request.params.queue).setGlobalConcurrency(1);
  response.json({});
});
app.post('/pause/:queue', async (request, response) => {
  await queues.find((one) => one.name === request.params.queue).pause();
  response.json({});
});
app.post('/flow', async (request, response) => {
  const child = { name: 'newsletter', queueName: 'mails', data: {}, opts: { jobId: 'child' } };
  await new FlowProducer({ connection }).add({ name: 'bundle', queueName: 'mails', opts: { jobId: 'parent' }, children: [child] });
  response.json({});
});
app.use('/admin/queues', server.getRouter());
app.listen(Number(process.env.PORT), '127.0.0.1');
`;

const WORKER = `
import { Worker } from 'bullmq';
const connection = { host: '127.0.0.1', port: Number(process.env.REDIS), maxRetriesPerRequest: null };
new Worker(process.argv[2], async (job) => {
  if (job.name === 'invoice') throw new Error('The mail server does not respond.');
  for (let done = 1; job.name !== 'quick' && done <= 3600; done++) {
    await job.updateProgress({ done, total: 3600 });
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}, { connection, concurrency: 4 });
`;

const headers = { authorization: `Basic ${btoa('admin:live-test')}` };

let place;

export async function start(workdir) {
  const redisServer = await debianProgram('redis-server', ['redis-server']);
  symlinkSync(await npmWith(PACKAGES), join(workdir, 'node_modules'));
  const [redis, port] = [await freePort(), await freePort()];
  const env = { REDIS: String(redis), PORT: String(port) };
  place = { workdir, env, root: `http://127.0.0.1:${port}`, board: `http://127.0.0.1:${port}/admin/queues` };
  writeFileSync(join(workdir, 'board.mjs'), BOARD);
  writeFileSync(join(workdir, 'worker.mjs'), WORKER);
  const options = ['--bind', '127.0.0.1', '--port', String(redis), '--save', '', '--dir', workdir];
  startProcess(redisServer, options, { workdir, log: 'redis.log' });
  startProcess(process.execPath, ['board.mjs'], { workdir, log: 'board.log', env });
  await until('the board is up', () => askJson(`${place.board}/api/queues`, { headers }));
  startWorker('mails');
  return { source: `bullboard:${place.board}`, env: { BULL_BOARD_TOKEN: 'admin:live-test' } };
}

export async function finishOne() {
  await addJob('mails', 'quick', 'finishing');
  await inState('mails', 'finishing', 'completed');
}

export async function healthyOne() {
  await addJob('mails', 'newsletter', 'healthy');
  await inState('mails', 'healthy', 'active');
  return 'mails/healthy';
}

export async function hangOne() {
  const worker = startWorker('reports');
  await addJob('reports', 'nightly-report', 'hung');
  await inState('reports', 'hung', 'active');
  return { id: 'reports/hung', kill: () => killGroup(worker) };
}

/** A failed attempt, a queue that may run one job at a time, a paused queue, and a parent whose child is at work. */
export async function waitingOnes() {
  await addJob('mails', 'invoice', 'failing');
  await inState('mails', 'failing', 'delayed');
  await post('limit/single');
  startWorker('single');
  await addJob('single', 'newsletter', 'first');
  await inState('single', 'first', 'active');
  await addJob('single', 'newsletter', 'second');
  await post('pause/closed');
  await addJob('closed', 'newsletter', 'parked');
  await post('flow');
  await inState('mails', 'child', 'active');
  return [
    { id: 'mails/failing', hold: 'retry' },
    { id: 'single/second', hold: 'limit' },
    { id: 'closed/parked', hold: 'paused' },
    { id: 'mails/parent', hold: 'dependency' },
  ];
}

export async function nativeView(id) {
  const { job, status } = await askJson(`${place.board}/api/queues/${id}`, { headers });
  const { queues } = await askJson(`${place.board}/api/queues`, { headers });
  const { hasWorkers } = queues.find(({ name: queue }) => id.startsWith(`${queue}/`));
  return `status ${status}, progress ${JSON.stringify(job.progress)}; its queue: hasWorkers ${hasWorkers}`;
}

export const stop = stopProcesses;

function startWorker(queue) {
  const { workdir, env } = place;
  return startProcess(process.execPath, ['worker.mjs', queue], { workdir, log: `worker-${queue}.log`, env });
}

async function addJob(queue, type, id) {
  await post(`add/${queue}/${type}/${id}`);
}

async function post(path) {
  await askJson(`${place.root}/${path}`, { headers, method: 'POST' });
}

async function inState(queue, id, state) {
  await until(`${id} is ${state}`, async () => {
    const { status } = await askJson(`${place.board}/api/queues/${queue}/${id}`, { headers });
    return status === state ? true : undefined;
  });
}
