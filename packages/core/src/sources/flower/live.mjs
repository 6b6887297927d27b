// Celery on Redis, seen through Flower: a worker of its own for each of three queues.
import { writeFileSync } from 'node:fs';
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
import { pythonWith } from '../../../../../scripts/live/python.mjs';
import { debianProgram } from '../../../../../scripts/live/registry/debian.mjs';

export const name = 'Celery 5.7.0 with Flower 2.2.0';

/** A task sends no heartbeat: what tells is that its worker sends none, which Flower notices within seconds. A task that waits without a reason is stuck. */
export const policy = {
  version: 1,
  defaults: { run: { late: '10m', stale: '1h' }, queue: { late: '1s', stale: '1s' }, flag: 'stale' },
};

const PACKAGES = ['celery[redis]==5.7.0', 'flower==2.2.0'];

const APP = `
import os, sys, time
from celery import Celery

app = Celery('app', broker=os.environ['BROKER'], backend=os.environ['BROKER'])

@app.task(name='reports.nightly')
def nightly(seconds): time.sleep(seconds)

@app.task(bind=True, name='mails.invoice')
def invoice(self, seconds): raise self.retry(countdown=seconds)

if __name__ == '__main__':
    queue, task_id, seconds, task, countdown = sys.argv[1:]
    app.tasks[task].apply_async((int(seconds),), queue=queue, task_id=task_id, countdown=int(countdown))
`;

const headers = { authorization: `Basic ${btoa('admin:live-test')}` };

let place;

export async function start(workdir) {
  const redisServer = await debianProgram('redis-server', ['redis-server']);
  const bin = await pythonWith(PACKAGES);
  const [redis, port] = [await freePort(), await freePort()];
  const env = { BROKER: `redis://127.0.0.1:${redis}/0` };
  place = { workdir, bin, env, flower: `http://127.0.0.1:${port}` };
  writeFileSync(join(workdir, 'app.py'), APP);
  const options = ['--bind', '127.0.0.1', '--port', String(redis), '--save', '', '--dir', workdir];
  startProcess(redisServer, options, { workdir, log: 'redis.log' });
  const flower = ['-A', 'app', 'flower', '--address=127.0.0.1', `--port=${port}`, '--basic-auth=admin:live-test'];
  startProcess(join(bin, 'celery'), flower, { workdir, log: 'flower.log', env });
  startWorker('steady');
  await until('Flower sees the worker', () => workerIs('steady', true));
  return { source: `flower:${place.flower}`, env: { FLOWER_TOKEN: 'admin:live-test' } };
}

export async function finishOne() {
  await send('steady', 'finishing', 0);
  await inState('finishing', 'SUCCESS');
}

export async function healthyOne() {
  await send('steady', 'healthy', 3600);
  await inState('healthy', 'STARTED');
  return 'healthy';
}

export async function hangOne() {
  const worker = startWorker('doomed');
  await until('Flower sees the worker', () => workerIs('doomed', true));
  await send('doomed', 'hung', 3600);
  await inState('hung', 'STARTED');
  return { id: 'hung', kill: () => killGroup(worker) };
}

/** A task whose first attempt failed, and one for later: their worker keeps both in its memory until their time. */
export async function waitingOnes() {
  startWorker('resting');
  await until('Flower sees the worker', () => workerIs('resting', true));
  await send('resting', 'failing', 3600, 'mails.invoice');
  await until('the task waits for its next attempt', async () => {
    const task = await taskOf('failing');
    return task.retries === 1 || task.state === 'RETRY' ? true : undefined;
  });
  await send('resting', 'later', 0, 'reports.nightly', 3600);
  await inState('later', 'RECEIVED');
  return [
    { id: 'failing', hold: 'retry' },
    { id: 'later', hold: 'schedule' },
  ];
}

export async function nativeView(id) {
  const task = await taskOf(id);
  const workers = await askJson(`${place.flower}/api/workers?status=1`, { headers });
  return `state ${task.state}; its worker ${task.worker} is ${workers[task.worker] ? 'online' : 'offline'}`;
}

export const stop = stopProcesses;

function startWorker(queue) {
  const { workdir, bin, env } = place;
  const options = ['-A', 'app', 'worker', '-E', '-c', '1', '-n', `${queue}@live`, '-Q', queue];
  return startProcess(join(bin, 'celery'), options, { workdir, log: `worker-${queue}.log`, env });
}

function taskOf(id) {
  return askJson(`${place.flower}/api/task/info/${id}`, { headers });
}

async function send(queue, id, seconds, task = 'reports.nightly', countdown = 0) {
  const { workdir, bin, env } = place;
  const args = ['app.py', queue, id, String(seconds), task, String(countdown)];
  await runToEnd(join(bin, 'python'), args, { cwd: workdir, env });
}

async function workerIs(queue, alive) {
  const workers = await askJson(`${place.flower}/api/workers?status=1`, { headers });
  return workers[`${queue}@live`] === alive ? true : undefined;
}

async function inState(id, state) {
  await until(`${id} is ${state}`, async () => {
    const task = await taskOf(id);
    return task.state === state ? true : undefined;
  });
}
