// Delayed Job on PostgreSQL: a worker process of its own for each queue.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startDatabase } from '../../../../../scripts/live/database.mjs';
import { killGroup, runToEnd, startProcess, stopProcesses, until } from '../../../../../scripts/live/processes.mjs';
import { debianProgram } from '../../../../../scripts/live/registry/debian.mjs';

export const name = 'Delayed Job 4.1';

/**
 * An import takes 40 seconds, a report an hour. Delayed Job has no heartbeats, so that only its time shows that an import is stuck. A job
 * that waits without a reason is stuck.
 */
export const policy = {
  version: 1,
  defaults: {
    run: { late: '2h', stale: '3h' },
    queue: { late: '5s', stale: '10s' },
    hold: { late: '1h', stale: '2h' },
  },
  rules: [{ match: { type: 'Import' }, run: { late: '70s', stale: '80s' } }],
};

const program = join(dirname(fileURLToPath(import.meta.url)), 'live/jobs.rb');

let ruby;
let place;
let database;

export async function start(workdir) {
  ruby = await debianProgram('ruby', ['ruby', 'ruby-delayed-job-active-record', 'ruby-pg']);
  database = await startDatabase();
  place = { workdir, env: { DATABASE: database.url.replace('postgres:', 'postgresql:') } };
  await jobs('migrate');
  await database.query('grant select on delayed_jobs to reader');
  return { source: `delayed-job:${database.readerUrl}`, env: {} };
}

export async function finishOne() {
  work('imports');
  const id = await jobs('enqueue', 'imports', 'Import');
  // A job that has succeeded is deleted.
  await until(`${id} has ended`, async () => ((await rowOf(id)) === undefined ? true : undefined));
}

export async function healthyOne() {
  work('reports');
  return taken(await jobs('enqueue', 'reports', 'NightlyReport'));
}

export async function hangOne() {
  const worker = work('doomed');
  return { id: await taken(await jobs('enqueue', 'doomed', 'Import')), kill: () => killGroup(worker) };
}

export async function waitingOnes() {
  work('failing');
  const failing = await jobs('enqueue', 'failing', 'Failing');
  await until(`${failing} has failed`, async () => ((await rowOf(failing)).attempts > 0 ? true : undefined));
  return [
    { id: failing, hold: 'retry' },
    { id: await jobs('enqueue', 'imports', 'Quick', '3600'), hold: 'schedule' },
  ];
}

export async function nativeView(id) {
  const { locked_by: worker, seconds } = await rowOf(id);
  return `locked by ${worker} for ${seconds} s`;
}

export async function stop() {
  await stopProcesses();
  await database?.stop();
}

function work(queue) {
  return startProcess(ruby, [program, 'work', queue], { ...place, log: `worker-${queue}.log` });
}

async function jobs(...args) {
  const output = await runToEnd(ruby, [program, ...args], { env: place.env });
  return output.trim().split('\n').at(-1);
}

async function rowOf(id) {
  const [row] = await database.query(
    `select attempts, locked_at, locked_by, round(extract(epoch from (now() at time zone 'UTC') - locked_at)) as seconds from delayed_jobs where id = $1`,
    [id],
  );
  return row;
}

async function taken(id) {
  await until(`${id} is taken`, async () => ((await rowOf(id))?.locked_at ? true : undefined));
  return id;
}
