// Airflow 3: API server, DAG processor and scheduler with its local executor, and four DAGs, one of them paused.
//
// The scheduler fails a task that sends it no heartbeats for five minutes, so the crash here is that of its host: scheduler, task and the
// task's supervisor die together, and nobody is left to say so.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import {
  askJson,
  freePort,
  killPids,
  runToEnd,
  startProcess,
  stopProcesses,
  until,
} from '../../../../../scripts/live/processes.mjs';
import { pythonWith } from '../../../../../scripts/live/python.mjs';

export const name = 'Airflow 3.3.2';

/** Airflow tells no heartbeat of a run: what a DAG usually takes is what tells a dead one, here per DAG. */
export const policy = {
  version: 1,
  defaults: { run: { late: '30m', stale: '1h' }, queue: { late: '2m', stale: '5m' } },
  rules: [
    { match: { type: 'hanging' }, run: { late: '60s', stale: '90s' } },
    // Only the second look sees that its DAG is paused.
    { match: { type: 'resting' }, queue: { late: '1s', stale: '1s' } },
  ],
};

const DAGS = `
import os, time
from datetime import datetime
from airflow.sdk import DAG, task

def make(name, body, paused=False):
    with DAG(dag_id=name, schedule=None, start_date=datetime(2026, 1, 1), is_paused_upon_creation=paused) as dag:
        body()
    return dag

@task
def quick(): pass

@task
def nap(dag=None):
    with open(os.path.join(os.environ["TARDY_PIDS"], dag.dag_id), "w") as file:
        file.write(f"{os.getpid()} {os.getppid()}")
    time.sleep(1800)

finishing = make("finishing", quick)
healthy = make("healthy", nap)
hanging = make("hanging", nap)
resting = make("resting", quick, paused=True)
`;

const PASSWORDS = { admin: 'live-test-admin', viewer: 'live-test-viewer' };

let place;
const workers = [];

export async function start(workdir) {
  const bin = await pythonWith(['apache-airflow==3.3.2']);
  const [port, workerLog, triggerLog] = [await freePort(), await freePort(), await freePort()];
  const address = `http://127.0.0.1:${port}`;
  const passwords = join(workdir, 'passwords.json');
  mkdirSync(join(workdir, 'dags'));
  writeFileSync(join(workdir, 'dags', 'naps.py'), DAGS);
  writeFileSync(passwords, JSON.stringify(PASSWORDS));
  const env = {
    PATH: `${bin}:${process.env.PATH}`,
    TARDY_PIDS: workdir,
    AIRFLOW_HOME: workdir,
    AIRFLOW__CORE__LOAD_EXAMPLES: 'False',
    AIRFLOW__CORE__DAGS_FOLDER: join(workdir, 'dags'),
    AIRFLOW__CORE__PARALLELISM: '3',
    AIRFLOW__CORE__EXECUTION_API_SERVER_URL: `${address}/execution/`,
    AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS: 'admin:admin,viewer:viewer',
    AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE: passwords,
    AIRFLOW__API__BASE_URL: address,
    AIRFLOW__API_AUTH__JWT_SECRET: 'of-this-test-only-and-long-enough-for-its-algorithm-0123456789abcdef',
    AIRFLOW__API__WORKERS: '1',
    AIRFLOW__LOGGING__WORKER_LOG_SERVER_PORT: String(workerLog),
    AIRFLOW__LOGGING__TRIGGER_LOG_SERVER_PORT: String(triggerLog),
  };
  const airflow = join(bin, 'airflow');
  await runToEnd(airflow, ['db', 'migrate'], { cwd: workdir, env });
  const server = ['api-server', '--host', '127.0.0.1', '--port', String(port)];
  startProcess(airflow, server, { workdir, log: 'api-server.log', env });
  await until('Airflow is up', () => askJson(`${address}/api/v2/monitor/health`));
  startProcess(airflow, ['dag-processor'], { workdir, log: 'dag-processor.log', env });
  const scheduler = startProcess(airflow, ['scheduler'], { workdir, log: 'scheduler.log', env });
  const body = { username: 'admin', password: PASSWORDS.admin };
  const { access_token: token } = await askJson(`${address}/auth/token`, { body });
  place = { workdir, address, scheduler, headers: { authorization: `Bearer ${token}` } };
  return {
    source: `airflow:${address}`,
    env: { AIRFLOW_TOKEN: `viewer:${PASSWORDS.viewer}` },
    wrongEnv: { AIRFLOW_TOKEN: 'viewer:mistyped' },
  };
}

export async function finishOne() {
  const id = await trigger('finishing');
  await until('a run finishes', async () => ((await stateOf(id)) === 'success' ? true : undefined));
}

export async function healthyOne() {
  return (await startNap('healthy')).id;
}

export async function hangOne() {
  const { id, task, supervisor } = await startNap('hanging');
  return {
    id,
    kill: () => {
      for (const pid of [place.scheduler.pid, supervisor, task]) process.kill(pid, 'SIGKILL');
    },
  };
}

/** A run of a DAG that is paused. A dead scheduler stops it too, so it ends before the crash. */
export async function waitingOnes() {
  const id = await trigger('resting');
  // Until it is late.
  await wait(1500);
  const end = () =>
    askJson(`${place.address}/api/v2/dags/resting/dagRuns/live__resting`, {
      headers: place.headers,
      method: 'PATCH',
      body: { state: 'failed' },
    });
  return [{ id, hold: 'paused', end }];
}

export async function nativeView(id) {
  const [dag, run] = id.split('/');
  const path = `dags/${dag}/dagRuns/${run}/taskInstances`;
  const { task_instances: tasks } = await ask(path);
  const { scheduler } = await ask('monitor/health');
  return `state ${await stateOf(id)}, its task ${tasks[0]?.state}, the scheduler ${scheduler.status}`;
}

export async function stop() {
  killPids(workers);
  await stopProcesses();
}

async function startNap(dag) {
  const id = await trigger(dag);
  const file = join(place.workdir, dag);
  const [task, supervisor] = await until(`the DAG ${dag} runs`, () => {
    const pids = existsSync(file) ? readFileSync(file, 'utf8').split(' ').map(Number) : [];
    return pids.length === 2 ? pids : undefined;
  });
  workers.push(task, supervisor);
  return { id, task, supervisor };
}

async function trigger(dag) {
  const body = { logical_date: null, dag_run_id: `live__${dag}` };
  const run = await until(`the DAG ${dag} can be triggered`, () => ask(`dags/${dag}/dagRuns`, body));
  return `${run.dag_id}/${run.dag_run_id}`;
}

async function stateOf(id) {
  const [dag, run] = id.split('/');
  return (await ask(`dags/${dag}/dagRuns/${run}`)).state;
}

function ask(path, body) {
  return askJson(`${place.address}/api/v2/${path}`, {
    headers: place.headers,
    ...(body === undefined ? {} : { body }),
  });
}
