// Procrastinate on PostgreSQL: a worker process of its own for each queue, and jobs that wait for every reason there is.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startDatabase } from '../../../../../scripts/live/database.mjs';
import { killGroup, runToEnd, startProcess, stopProcesses, until } from '../../../../../scripts/live/processes.mjs';
import { pythonWith } from '../../../../../scripts/live/python.mjs';

export const name = 'Procrastinate 3.10.0';

/** A worker sends a heartbeat every 10 seconds. A job that waits without a reason is stuck. */
export const policy = {
  version: 1,
  defaults: {
    run: { late: '10m', stale: '1h' },
    queue: { late: '1s', stale: '1s' },
    silence: { late: '40s', stale: '100s' },
    flag: 'stale',
  },
};

const APP = `
import os, time, procrastinate
app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=os.environ['DATABASE']))

@app.task(name='sleep')
def sleep(): time.sleep(3600)

@app.task(name='fail', retry=procrastinate.RetryStrategy(max_attempts=3, wait=3600))
def fail(): raise ValueError('no such mailbox')

@app.task(name='end')
def end(): pass
`;

let place;
let database;

export async function start(workdir) {
  database = await startDatabase();
  const bin = await pythonWith(['procrastinate==3.10.0', 'psycopg[binary]==3.3.9']);
  writeFileSync(join(workdir, 'app.py'), APP);
  place = { workdir, program: join(bin, 'procrastinate'), env: { DATABASE: database.url, PYTHONPATH: workdir } };
  await run(['schema', '--apply']);
  await database.query('grant select on procrastinate_jobs, procrastinate_workers, procrastinate_events to reader');
  return { source: `procrastinate:${database.readerUrl}`, env: {} };
}

export async function finishOne() {
  work('quick');
  await inStatus(await defer('quick', 'end'), 'succeeded');
}

export async function healthyOne() {
  work('steady');
  const id = await defer('steady', 'sleep');
  await inStatus(id, 'doing');
  return id;
}

export async function hangOne() {
  const worker = work('doomed');
  const id = await defer('doomed', 'sleep');
  await inStatus(id, 'doing');
  return { id, kill: () => killGroup(worker) };
}

export async function waitingOnes() {
  const failing = await defer('quick', 'fail');
  await until('the job has failed', async () => ((await jobOf(failing)).attempts > 0 ? true : undefined));
  await inStatus(await defer('steady', 'sleep', ['--lock', 'one']), 'doing');
  return [
    { id: await defer('steady', 'sleep', ['--lock', 'one']), hold: 'limit' },
    { id: failing, hold: 'retry' },
    { id: await defer('quick', 'end', ['--in', '3600']), hold: 'schedule' },
  ];
}

export async function nativeView(id) {
  const { status, worker_id: worker } = await jobOf(id);
  const [row] = await database.query(
    'select now() - last_heartbeat as silent from procrastinate_workers where id = $1',
    [worker],
  );
  const beat =
    row === undefined ? 'not registered' : `silent for ${(row.silent.minutes ?? 0) * 60 + (row.silent.seconds ?? 0)} s`;
  return `status ${status}; its worker is ${beat}`;
}

export async function stop() {
  await stopProcesses();
  await database?.stop();
}

function run(args) {
  const { workdir, program, env } = place;
  return runToEnd(program, ['--app', 'app.app', ...args], { cwd: workdir, env });
}

function work(queue) {
  const { workdir, program, env } = place;
  const args = ['--app', 'app.app', 'worker', '--queues', queue, '--concurrency', '4'];
  return startProcess(program, args, { workdir, log: `worker-${queue}.log`, env });
}

async function defer(queue, task, more = []) {
  await run(['defer', '--queue', queue, ...more, task]);
  const [job] = await database.query('select max(id)::text as id from procrastinate_jobs');
  return job.id;
}

async function jobOf(id) {
  const [job] = await database.query('select * from procrastinate_jobs where id = $1', [id]);
  return job;
}

async function inStatus(id, status) {
  await until(`${id} is ${status}`, async () => ((await jobOf(id)).status === status ? true : undefined));
}
