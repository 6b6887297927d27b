// River on PostgreSQL: its client built from the Go module, a worker process of its own for each queue.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startDatabase } from '../../../../../scripts/live/database.mjs';
import { killGroup, runToEnd, startProcess, stopProcesses, until } from '../../../../../scripts/live/processes.mjs';
import { goPrograms } from '../../../../../scripts/live/registry/go.mjs';

export const name = 'River 0.51.2';

/**
 * An import takes 40 seconds, a report an hour. River has no heartbeats, so that only its time shows that an import is stuck. A job that
 * waits without a reason is stuck.
 */
export const policy = {
  version: 1,
  defaults: {
    run: { late: '2h', stale: '3h' },
    queue: { late: '1s', stale: '1s' },
    hold: { late: '1h', stale: '2h' },
  },
  rules: [{ match: { type: 'import' }, run: { late: '50s', stale: '55s' } }],
};

let program;
let place;
let database;

/** Building the client takes longer than a test may. */
export async function prepare() {
  program = join(await goPrograms(join(dirname(fileURLToPath(import.meta.url)), 'live')), 'river');
}

export async function start(workdir) {
  database = await startDatabase();
  place = { workdir, env: { DATABASE: database.url } };
  await river('migrate');
  await database.query('grant select on river_job, river_queue, river_migration to reader');
  return { source: `river:${database.readerUrl}`, env: {} };
}

export async function finishOne() {
  work('imports');
  await inState(await river('insert', 'imports', 'import'), 'completed');
}

export async function healthyOne() {
  work('reports');
  const id = await river('insert', 'reports', 'nightly-report');
  await inState(id, 'running');
  return id;
}

export async function hangOne() {
  const worker = work('doomed');
  const id = await river('insert', 'doomed', 'import');
  await inState(id, 'running');
  return { id, kill: () => killGroup(worker) };
}

export async function waitingOnes() {
  work('failing');
  const failing = await river('insert', 'failing', 'failing');
  await inState(failing, 'retryable');
  work('paused');
  await until('the worker is there', async () => (await river('pause', 'paused'), true));
  return [
    { id: failing, hold: 'retry' },
    { id: await river('insert', 'paused', 'quick'), hold: 'paused' },
    { id: await river('insert', 'imports', 'quick', '3600'), hold: 'schedule' },
  ];
}

export async function nativeView(id) {
  const [job] = await database.query(
    'select state, attempt, now() - attempted_at as span from river_job where id = $1',
    [id],
  );
  return `state ${job.state}, attempt ${job.attempt}, taken ${job.span?.seconds ?? 0} s and ${job.span?.minutes ?? 0} min ago`;
}

export async function stop() {
  await stopProcesses();
  await database?.stop();
}

function work(queue) {
  return startProcess(program, ['work', queue], { ...place, log: `worker-${queue}.log` });
}

async function river(...args) {
  const output = await runToEnd(program, args, { env: place.env });
  return output.trim().split('\n').at(-1);
}

async function inState(id, state) {
  await until(`${id} is ${state}`, async () => {
    const [job] = await database.query('select state from river_job where id = $1', [id]);
    return job?.state === state ? true : undefined;
  });
}
