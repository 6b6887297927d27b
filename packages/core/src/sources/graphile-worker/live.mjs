// Graphile Worker on PostgreSQL: a worker process of its own for each kind of task, and jobs that wait for every reason there is.
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startDatabase } from '../../../../../scripts/live/database.mjs';
import { killGroup, startProcess, stopProcesses, until } from '../../../../../scripts/live/processes.mjs';
import { npmWith } from '../../../../../scripts/live/registry/npm.mjs';

export const name = 'Graphile Worker 0.16.6';

/** Nothing but the time since its start shows that a job hangs, so the type that does has a time of its own. */
export const policy = {
  version: 1,
  defaults: { run: { late: '10m', stale: '1h' }, queue: { late: '1s', stale: '1s' } },
  rules: [{ match: { type: 'doomed' }, run: { late: '30s', stale: '40s' } }],
};

const WORKER = `
import { run } from 'graphile-worker';
const [task, does] = process.argv.slice(2);
const work = { end: async () => {}, fail: async () => { throw new Error('no such mailbox'); }, sleep: () => new Promise(() => setInterval(() => {}, 1e6)) };
await run({ connectionString: process.env.DATABASE, concurrency: 1, pollInterval: 500, taskList: { [task]: work[does] } });
`;

let place;
let database;

export async function start(workdir) {
  database = await startDatabase();
  const modules = await npmWith(['graphile-worker@0.16.6']);
  symlinkSync(modules, join(workdir, 'node_modules'));
  writeFileSync(join(workdir, 'worker.mjs'), WORKER);
  place = { workdir, env: { DATABASE: database.url } };
  work('quick', 'end');
  await until('the schema is there', async () => {
    const [row] = await database.query('select max(id) as id from graphile_worker.migrations');
    return row.id >= 18 ? true : undefined;
  });
  await database.query(`grant usage on schema graphile_worker to reader;
    grant select on graphile_worker.jobs, graphile_worker.migrations to reader`);
  return { source: `graphile-worker:${database.readerUrl}`, env: {} };
}

export async function finishOne() {
  const id = await add('quick');
  await until('the job is gone', async () => ((await jobOf(id)) === undefined ? true : undefined));
}

export async function healthyOne() {
  work('steady', 'sleep');
  const id = await add('steady');
  await atWork(id);
  return id;
}

export async function hangOne() {
  const worker = work('doomed', 'sleep');
  const id = await add('doomed');
  await atWork(id);
  return { id, kill: () => killGroup(worker) };
}

export async function waitingOnes() {
  work('single', 'sleep');
  await atWork(await add('single', { queue_name: 'one' }));
  work('failing', 'fail');
  const failing = await add('failing');
  await until('the job has failed', async () => ((await jobOf(failing))?.attempts > 0 ? true : undefined));
  // The backoff of the first attempt is seconds: as after several.
  await database.query(
    `update graphile_worker._private_jobs set run_at = now() + interval '1 hour' where id = ${failing}`,
  );
  return [
    { id: await add('single', { queue_name: 'one' }), hold: 'limit' },
    { id: failing, hold: 'retry' },
    { id: await add('quick', { run_at: "now() + interval '1 hour'" }), hold: 'schedule' },
  ];
}

export async function nativeView(id) {
  const job = await jobOf(id);
  return `locked by ${job.locked_by}, attempt ${job.attempts} of ${job.max_attempts}`;
}

export async function stop() {
  await stopProcesses();
  await database?.stop();
}

function work(task, does) {
  const { workdir, env } = place;
  const log = `worker-${task}.log`;
  return startProcess(process.execPath, [join(workdir, 'worker.mjs'), task, does], { workdir, log, env });
}

async function add(task, { queue_name: queue, run_at: runAt = 'now()' } = {}) {
  const [job] = await database.query(
    `select id::text from graphile_worker.add_job('${task}', '{}', queue_name => $1, run_at => ${runAt})`,
    [queue],
  );
  return job.id;
}

async function jobOf(id) {
  const [job] = await database.query('select * from graphile_worker.jobs where id = $1', [id]);
  return job;
}

async function atWork(id) {
  await until(`${id} is at work`, async () => ((await jobOf(id))?.locked_at ? true : undefined));
}
