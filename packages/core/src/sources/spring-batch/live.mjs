// Spring Batch on PostgreSQL: a JVM of its own for each job, in a time zone that is not that of the database.
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startDatabase } from '../../../../../scripts/live/database.mjs';
import { killGroup, startProcess, stopProcesses, until } from '../../../../../scripts/live/processes.mjs';
import { mavenClasses } from '../../../../../scripts/live/registry/maven.mjs';

export const name = 'Spring Batch 6.0.6';

/** A chunk takes two seconds there. A tasklet says nothing until its end. */
export const policy = {
  version: 1,
  defaults: {
    run: { late: '1h', stale: '2h' },
    queue: { late: '1m', stale: '2m' },
    silence: { late: '15s', stale: '25s' },
  },
};

const ZONE = 'America/New_York';

let place;
let database;

export async function start(workdir) {
  const { classpath, resource } = await mavenClasses(join(dirname(fileURLToPath(import.meta.url)), 'live'));
  database = await startDatabase();
  await database.query(await resource('org/springframework/batch/core/schema-postgresql.sql'));
  await database.query('grant select on batch_job_execution, batch_job_instance, batch_step_execution to reader');
  const { host, pathname } = new URL(database.url);
  place = { workdir, classpath, env: { JDBC_URL: `jdbc:postgresql://${host}${pathname}?user=tardy` } };
  const config = join(workdir, 'tardy.config.json');
  const source = { kind: 'spring-batch', url: database.readerUrl, zone: ZONE };
  writeFileSync(config, JSON.stringify({ version: 1, sources: { batch: source } }));
  return { source: 'batch', env: { TARDY_CONFIG: config } };
}

export async function finishOne() {
  run('chunks', 'quick', 2);
  await inState('quick', "status = 'COMPLETED'");
}

export async function healthyOne() {
  run('chunks', 'steady', 3600);
  return atWork('steady');
}

export async function hangOne() {
  const worker = run('chunks', 'doomed', 3600);
  return { id: await atWork('doomed'), kill: () => killGroup(worker) };
}

/** What waits is a tasklet, which has no heartbeat although the row of its step has a time. */
export async function waitingOnes() {
  run('tasklet', 'reports', 3600);
  await inState('reports', "status = 'STARTED'");
  return [];
}

export async function nativeView(id) {
  const [job] = await database.query(
    `select e.status, max(s.commit_count) as chunks from batch_job_execution e join batch_step_execution s using (job_execution_id)
     where job_execution_id = $1 group by 1`,
    [id],
  );
  return `status ${job.status}, ${job.chunks} chunks`;
}

export async function stop() {
  await stopProcesses();
  await database?.stop();
}

function run(step, job, count) {
  const { workdir, classpath, env } = place;
  const args = [
    '-XX:TieredStopAtLevel=1',
    `-Duser.timezone=${ZONE}`,
    '-cp',
    classpath,
    'BatchWorker',
    step,
    job,
    String(count),
  ];
  return startProcess('java', args, { workdir, log: `${job}.log`, env });
}

function atWork(job) {
  return inState(
    job,
    "status = 'STARTED' and (select max(commit_count) from batch_step_execution s where s.job_execution_id = e.job_execution_id) >= 3",
  );
}

function inState(job, condition) {
  return until(`${job}: ${condition}`, async () => {
    const [row] = await database.query(
      `select job_execution_id as id from batch_job_execution e join batch_job_instance using (job_instance_id) where job_name = $1 and ${condition}`,
      [job],
    );
    return row?.id;
  });
}
