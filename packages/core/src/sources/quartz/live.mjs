// Quartz on PostgreSQL: a JVM of its own for each scheduler, each of them a cluster of one, so that no other one recovers its jobs.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startDatabase } from '../../../../../scripts/live/database.mjs';
import { killGroup, startProcess, stopProcesses, until } from '../../../../../scripts/live/processes.mjs';
import { mavenClasses } from '../../../../../scripts/live/registry/maven.mjs';

export const name = 'Quartz 2.5.2';

/** Schedulers check in every 2 seconds there. A trigger that waits without a reason is stuck. */
export const policy = {
  version: 1,
  defaults: {
    run: { late: '1h', stale: '2h' },
    queue: { late: '10s', stale: '20s' },
    hold: { late: '1h', stale: '2h' },
    silence: { late: '15s', stale: '25s' },
  },
};

let place;
let database;

export async function start(workdir) {
  const { classpath, resource } = await mavenClasses(join(dirname(fileURLToPath(import.meta.url)), 'live'));
  database = await startDatabase();
  await database.query(await resource('org/quartz/impl/jdbcjobstore/tables_postgres.sql'));
  await database.query('grant select on qrtz_fired_triggers, qrtz_triggers, qrtz_scheduler_state to reader');
  const { host, pathname } = new URL(database.url);
  place = { workdir, classpath, env: { JDBC_URL: `jdbc:postgresql://${host}${pathname}?user=tardy` } };
  return { source: `quartz:${database.readerUrl}`, env: {} };
}

export async function finishOne() {
  run('short', 'quick', 'quick');
  // A trigger without a next time is deleted with its job once it has fired.
  await until('the scheduler is there', () => found(`select 1 from qrtz_scheduler_state where sched_name = 'short'`));
  await until('quick has ended', async () =>
    (await found(`select 1 from qrtz_triggers where sched_name = 'short'`)) === undefined ? true : undefined,
  );
}

export async function healthyOne() {
  run('steady', 'sleep', 'report', 'serial', 'serial', 'paused', 'paused');
  return atWork('steady', 'report');
}

export async function hangOne() {
  const worker = run('doomed', 'sleep', 'import');
  return { id: await atWork('doomed', 'import'), kill: () => killGroup(worker) };
}

export async function waitingOnes() {
  await atWork('steady', 'serial');
  const blocked = await until('the second one is blocked', () =>
    found(`select trigger_name from qrtz_triggers where trigger_state = 'BLOCKED'`),
  );
  return [
    { id: `steady/DEFAULT.${blocked.trigger_name}`, hold: 'limit' },
    { id: 'steady/DEFAULT.paused', hold: 'paused' },
  ];
}

export async function nativeView(id) {
  const row = await found(
    `select f.state, round(extract(epoch from now()) - s.last_checkin_time / 1000) as silent
     from qrtz_fired_triggers f join qrtz_scheduler_state s using (sched_name, instance_name) where f.sched_name || '/' || f.entry_id = $1`,
    [id],
  );
  return `state ${row.state}, its scheduler checked in ${row.silent} s ago`;
}

export async function stop() {
  await stopProcesses();
  await database?.stop();
}

function run(scheduler, ...jobs) {
  const { workdir, classpath, env } = place;
  const args = ['-XX:TieredStopAtLevel=1', '-cp', classpath, 'QuartzWorker', scheduler, ...jobs];
  return startProcess('java', args, { workdir, log: `${scheduler}.log`, env });
}

async function atWork(scheduler, job) {
  const { id } = await until(`${job} is at work`, () =>
    found(
      `select sched_name || '/' || entry_id as id from qrtz_fired_triggers where sched_name = $1 and job_name = $2 and state = 'EXECUTING'`,
      [scheduler, job],
    ),
  );
  return id;
}

async function found(sql, values = []) {
  const [row] = await database.query(sql, values);
  return row;
}
