// The database queue of Laravel on PostgreSQL: a worker process of its own for each queue, and jobs that wait.
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startDatabase } from '../../../../../scripts/live/database.mjs';
import { killGroup, runToEnd, startProcess, stopProcesses, until } from '../../../../../scripts/live/processes.mjs';
import { debianProgram } from '../../../../../scripts/live/registry/debian.mjs';

export const name = 'Laravel 8.83';

/** A job that is not done after `retry_after` (here 30 seconds for the queue whose job hangs) is taken again by any worker: that is its deadline. */
export const policy = {
  version: 1,
  defaults: { run: { late: '10m', stale: '1h' }, queue: { late: '1s', stale: '1s' } },
  rules: [{ match: { workspace: 'doomed' }, run: { late: '30s', stale: '40s' } }],
};

let place;
let database;

export async function start(workdir) {
  database = await startDatabase();
  const php = await debianProgram('php', ['php-cli', 'php-pgsql', 'php-mbstring', 'php-laravel-framework']);
  copyFileSync(fileURLToPath(new URL('live/app.php', import.meta.url)), join(workdir, 'app.php'));
  place = { workdir, php, env: { DATABASE: database.url } };
  await run(['migrate']);
  await database.query('grant select on jobs to reader');
  return { source: `laravel:${database.readerUrl}`, env: {} };
}

export async function finishOne() {
  work('quick');
  const id = await push('quick', 'Quick');
  await until('the job is gone', async () => ((await jobOf(id)) === undefined ? true : undefined));
}

export async function healthyOne() {
  work('steady');
  const id = await push('steady', 'NightlyReport');
  await reserved(id);
  return id;
}

export async function hangOne() {
  const worker = work('doomed');
  const id = await push('doomed', 'NightlyReport');
  await reserved(id);
  return { id, kill: () => killGroup(worker) };
}

export async function waitingOnes() {
  await push('quick', 'Failing');
  const failing = await until('the job waits for its next attempt', async () => {
    const [job] = await database.query(
      "select id::text from jobs where queue = 'quick' and attempts > 0 and reserved_at is null",
    );
    return job?.id;
  });
  return [
    { id: failing, hold: 'retry' },
    { id: await push('quick', 'Quick', '3600'), hold: 'schedule' },
  ];
}

export async function nativeView(id) {
  const job = await jobOf(id);
  return `reserved at ${job.reserved_at}, attempts ${job.attempts}`;
}

export async function stop() {
  await stopProcesses();
  await database?.stop();
}

function run(args) {
  const { workdir, php, env } = place;
  return runToEnd(php, ['app.php', ...args], { cwd: workdir, env });
}

function work(queue) {
  const { workdir, php, env } = place;
  return startProcess(php, ['app.php', 'work', queue], { workdir, log: `worker-${queue}.log`, env });
}

async function push(queue, job, ...delay) {
  return (await run(['push', queue, job, ...delay])).trim();
}

async function jobOf(id) {
  const [job] = await database.query('select * from jobs where id = $1', [id]);
  return job;
}

async function reserved(id) {
  await until(`${id} is at work`, async () => ((await jobOf(id))?.reserved_at ? true : undefined));
}
