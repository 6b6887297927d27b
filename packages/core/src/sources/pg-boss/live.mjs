// pg-boss on PostgreSQL: a worker process of its own for each queue, and jobs that wait for every reason there is.
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startDatabase } from '../../../../../scripts/live/database.mjs';
import { killGroup, startProcess, stopProcesses, until } from '../../../../../scripts/live/processes.mjs';
import { node22, npmWith } from '../../../../../scripts/live/registry/npm.mjs';

export const name = 'pg-boss 12.38.0';

/** A worker refreshes the heartbeat of its job every 5 seconds. A job that waits without a reason is stuck. */
export const policy = {
  version: 1,
  defaults: {
    run: { late: '10m', stale: '1h' },
    queue: { late: '1s', stale: '1s' },
    hold: { late: '1h', stale: '2h' },
    silence: { late: '15s', stale: '25s' },
  },
};

const BOSS = `
import { PgBoss } from 'pg-boss';
// No instance fails the job of another, so that what a crash leaves stays as it is.
const boss = new PgBoss({ connectionString: process.env.DATABASE, supervise: false, schedule: false });
boss.on('error', (error) => console.error(error));
await boss.start();
`;

const SET_UP = `${BOSS}
const beats = { heartbeatSeconds: 10, expireInSeconds: 7200 };
for (const queue of ['steady', 'doomed']) await boss.createQueue(queue, beats);
await boss.createQueue('quick');
// Without heartbeats: the time that pg-boss sets when it takes such a job must not be taken for one.
await boss.createQueue('silent', { expireInSeconds: 7200 });
await boss.createQueue('single', { policy: 'singleton', expireInSeconds: 7200 });
await boss.createQueue('failing', { retryLimit: 3, retryDelay: 3600 });
await boss.stop();
`;

const WORKER = `${BOSS}
const [queue, does] = process.argv.slice(2);
const work = { end: async () => {}, fail: async () => { throw new Error('no such mailbox'); }, sleep: () => new Promise(() => setInterval(() => {}, 1e6)) };
await boss.work(queue, { pollingIntervalSeconds: 1 }, work[does]);
`;

const SEND = `${BOSS}
const [queue, startAfter] = process.argv.slice(2);
console.log(await boss.send(queue, { tenant: 'acme' }, startAfter === undefined ? {} : { startAfter: Number(startAfter) }));
await boss.stop();
`;

let place;
let database;

export async function start(workdir) {
  database = await startDatabase();
  symlinkSync(await npmWith(['pg-boss@12.38.0']), join(workdir, 'node_modules'));
  for (const [file, text] of Object.entries({ 'set-up.mjs': SET_UP, 'worker.mjs': WORKER, 'send.mjs': SEND })) {
    writeFileSync(join(workdir, file), text);
  }
  place = { workdir, node: await node22(), env: { DATABASE: database.url } };
  await run('set-up.mjs', []);
  await database.query('grant usage on schema pgboss to reader; grant select on pgboss.job, pgboss.version to reader');
  return { source: `pg-boss:${database.readerUrl}`, env: {} };
}

export async function finishOne() {
  work('quick', 'end');
  await inState(await send('quick'), 'completed');
}

export async function healthyOne() {
  work('steady', 'sleep');
  const id = await send('steady');
  await inState(id, 'active');
  return id;
}

export async function hangOne() {
  const worker = work('doomed', 'sleep');
  const id = await send('doomed');
  await inState(id, 'active');
  return { id, kill: () => killGroup(worker) };
}

export async function waitingOnes() {
  work('silent', 'sleep');
  await inState(await send('silent'), 'active');
  work('single', 'sleep');
  await inState(await send('single'), 'active');
  work('failing', 'fail');
  const failing = await send('failing');
  await inState(failing, 'retry');
  return [
    { id: await send('single'), hold: 'limit' },
    { id: failing, hold: 'retry' },
    { id: await send('quick', '3600'), hold: 'schedule' },
  ];
}

export async function nativeView(id) {
  const [job] = await database.query(`select state, now() - heartbeat_on as silent from pgboss.job where id = $1`, [
    id,
  ]);
  return `state ${job.state}, heartbeat ${Math.round(job.silent?.seconds ?? 0)} s ago`;
}

export async function stop() {
  await stopProcesses();
  await database?.stop();
}

let started = 0;

function run(file, args) {
  const { workdir, node, env } = place;
  const log = `${file}-${started++}.log`;
  const child = startProcess(node, [join(workdir, file), ...args], { workdir, log, env });
  return new Promise((resolve, reject) => {
    child.on('close', (code) =>
      code === 0 ? resolve(log) : reject(new Error(`${file} ended with ${code}: see ${log}`)),
    );
  });
}

function work(queue, does) {
  const { workdir, node, env } = place;
  return startProcess(node, [join(workdir, 'worker.mjs'), queue, does], { workdir, log: `worker-${queue}.log`, env });
}

async function send(queue, startAfter) {
  const [before] = await database.query('select now() as at');
  await run('send.mjs', startAfter === undefined ? [queue] : [queue, startAfter]);
  const [job] = await database.query('select id from pgboss.job where name = $1 and created_on > $2', [
    queue,
    before.at,
  ]);
  return job.id;
}

async function inState(id, state) {
  await until(`${id} is ${state}`, async () => {
    const [job] = await database.query('select state from pgboss.job where id = $1', [id]);
    return job?.state === state ? true : undefined;
  });
}
