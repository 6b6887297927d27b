// db-scheduler on PostgreSQL: a JVM of its own for each task, so that no other one revives its executions.
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startDatabase } from '../../../../../scripts/live/database.mjs';
import { killGroup, runToEnd, startProcess, stopProcesses, until } from '../../../../../scripts/live/processes.mjs';
import { mavenClasses } from '../../../../../scripts/live/registry/maven.mjs';

export const name = 'db-scheduler 16.7.1';

/** Schedulers refresh heartbeats every 2 seconds there. What waits without a reason is stuck. */
export const policy = {
  version: 1,
  defaults: {
    run: { late: '1h', stale: '2h' },
    queue: { late: '10s', stale: '20s' },
    hold: { late: '1h', stale: '2h' },
    silence: { late: '15s', stale: '25s' },
  },
};

/** Its page says to make it so. */
const TABLE = `create table scheduled_tasks (
  task_name text not null,
  task_instance text not null,
  task_data bytea,
  execution_time timestamp with time zone not null,
  picked boolean not null,
  picked_by text,
  last_success timestamp with time zone,
  last_failure timestamp with time zone,
  consecutive_failures int,
  last_heartbeat timestamp with time zone,
  version bigint not null,
  priority smallint,
  primary key (task_name, task_instance)
)`;

let place;
let database;

export async function start(workdir) {
  const { classpath } = await mavenClasses(join(dirname(fileURLToPath(import.meta.url)), 'live'));
  database = await startDatabase();
  await database.query(TABLE);
  await database.query('grant select on scheduled_tasks to reader');
  const { host, pathname } = new URL(database.url);
  place = { workdir, classpath, env: { JDBC_URL: `jdbc:postgresql://${host}${pathname}?user=tardy` } };
  const config = join(workdir, 'tardy.config.json');
  const source = { kind: 'db-scheduler', url: database.readerUrl, heartbeat_interval: 2 };
  writeFileSync(config, JSON.stringify({ version: 1, sources: { tasks: source } }));
  return { source: 'tasks', env: { TARDY_CONFIG: config } };
}

export async function finishOne() {
  work('quick', 0);
  await add('quick', '1', 0);
  await until('quick has ended', async () => ((await rowOf('quick/1')) === undefined ? true : undefined));
}

export async function healthyOne() {
  work('steady', 3600);
  return picked('steady');
}

export async function hangOne() {
  const worker = work('doomed', 3600);
  return { id: await picked('doomed'), kill: () => killGroup(worker) };
}

export async function waitingOnes() {
  work('failing', -1);
  await add('failing', '1', 0);
  await until('failing has failed', async () =>
    (await rowOf('failing/1')).consecutive_failures > 0 ? true : undefined,
  );
  await add('quick', '2', 3600);
  return [
    { id: 'failing/1', hold: 'retry' },
    { id: 'quick/2', hold: 'schedule' },
  ];
}

export async function nativeView(id) {
  const { picked, silent } = await rowOf(id);
  return `picked ${picked}, heartbeat ${silent} s ago`;
}

export async function stop() {
  await stopProcesses();
  await database?.stop();
}

function java(...args) {
  return ['-XX:TieredStopAtLevel=1', '-cp', place.classpath, 'SchedulerWorker', ...args];
}

function work(task, seconds) {
  const { workdir, env } = place;
  return startProcess('java', java('work', task, String(seconds)), { workdir, log: `${task}.log`, env });
}

function add(task, instance, seconds) {
  return runToEnd('java', java('add', task, instance, String(seconds)), { env: place.env });
}

async function picked(task) {
  await add(task, '1', 0);
  await until(`${task} is picked`, async () => ((await rowOf(`${task}/1`)).picked ? true : undefined));
  return `${task}/1`;
}

async function rowOf(id) {
  const [row] = await database.query(
    `select picked, consecutive_failures, round(extract(epoch from now() - last_heartbeat)) as silent
     from scheduled_tasks where task_name || '/' || task_instance = $1`,
    [id],
  );
  return row;
}
