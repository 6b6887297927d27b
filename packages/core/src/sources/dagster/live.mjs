// Dagster: `dagster dev` (web server, daemon, code server) and five jobs, each run in a process of its own. The
// queue starts one run with the tag `device` at a time.
//
// Dagster's code server notices when a run that it launched dies, so the crash here is that of a host: the code server dies too.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  askJson,
  freePort,
  killPids,
  startProcess,
  stopProcesses,
  until,
} from '../../../../../scripts/live/processes.mjs';
import { pythonWith } from '../../../../../scripts/live/python.mjs';

export const name = 'Dagster 1.13.27';

/** Dagster tells no heartbeat: what a job usually takes is what tells a dead run, here per job. */
export const policy = {
  version: 1,
  defaults: { run: { late: '30m', stale: '1h' }, queue: { late: '2m', stale: '5m' } },
  rules: [
    { match: { type: 'hanging' }, run: { late: '30s', stale: '45s' } },
    // Only the second look sees which limit keeps it in the queue.
    { match: { type: 'limited' }, queue: { late: '1s', stale: '1s' } },
  ],
};

const JOBS = `
import os, time
from dagster import Definitions, in_process_executor, job, op

@op
def quick(): pass

@op
def nap(context):
    with open(os.path.join(os.environ["TARDY_PIDS"], context.job_name), "w") as file:
        file.write(f"{os.getpid()} {os.getppid()}")
    time.sleep(1800)

@job(executor_def=in_process_executor)
def finishing(): quick()

@job(executor_def=in_process_executor)
def healthy(): nap()

@job(executor_def=in_process_executor)
def hanging(): nap()

@job(executor_def=in_process_executor, tags={"device": "one"})
def holding(): nap()

@job(executor_def=in_process_executor, tags={"device": "one"})
def limited(): quick()

defs = Definitions(jobs=[finishing, healthy, hanging, holding, limited])
`;

const SETTINGS = `
telemetry: { enabled: false }
run_queue: { tag_concurrency_limits: [{ key: device, limit: 1 }] }
`;

const LAUNCH = `mutation($p: ExecutionParams!) {
  launchRun(executionParams: $p) { kind: __typename ... on LaunchRunSuccess { run { runId } } ... on Error { message } }
}`;

let place;
const workers = [];

export async function start(workdir) {
  const bin = await pythonWith(['dagster==1.13.27', 'dagster-webserver==1.13.27']);
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const home = join(workdir, 'home');
  mkdirSync(home);
  writeFileSync(join(home, 'dagster.yaml'), SETTINGS);
  writeFileSync(join(workdir, 'jobs.py'), JOBS);
  place = { workdir, address };
  startProcess(join(bin, 'dagster'), ['dev', '-f', 'jobs.py', '-h', '127.0.0.1', '-p', String(port)], {
    workdir,
    log: 'dagster.log',
    env: { DAGSTER_HOME: home, TARDY_PIDS: workdir, PATH: `${bin}:${process.env.PATH}` },
  });
  await until('Dagster is up', () => askJson(`${address}/server_info`));
  return { source: `dagster:${address}`, env: {} };
}

export async function finishOne() {
  const id = await launch('finishing');
  await until('a run finishes', async () => ((await statusOf(id)) === 'SUCCESS' ? true : undefined));
}

export async function healthyOne() {
  return (await startNap('healthy')).id;
}

export async function hangOne() {
  const { id, worker, server } = await startNap('hanging');
  return {
    id,
    kill: () => {
      process.kill(server, 'SIGKILL');
      process.kill(worker, 'SIGKILL');
    },
  };
}

/** A run that waits in the queue while another one with its tag is at work. */
export async function waitingOnes() {
  await startNap('holding');
  const id = await launch('limited');
  await until('the run is queued', async () => ((await statusOf(id)) === 'QUEUED' ? true : undefined));
  return [{ id, hold: 'limit' }];
}

export async function nativeView(id) {
  return `status ${await statusOf(id)}`;
}

export async function stop() {
  killPids(workers);
  await stopProcesses();
}

async function startNap(job) {
  const id = await launch(job);
  const file = join(place.workdir, job);
  const [worker, server] = await until(`the job ${job} runs`, () => {
    const pids = existsSync(file) ? readFileSync(file, 'utf8').split(' ').map(Number) : [];
    return pids.length === 2 ? pids : undefined;
  });
  workers.push(worker);
  return { id, worker, server };
}

async function launch(job) {
  const selector = { repositoryLocationName: 'jobs.py', repositoryName: '__repository__', jobName: job };
  const p = { selector, runConfigData: {}, mode: 'default' };
  const { launchRun } = await until(`the job ${job} can be launched`, async () => {
    const data = await ask(LAUNCH, { p });
    return data.launchRun.kind === 'LaunchRunSuccess' ? data : undefined;
  });
  return launchRun.run.runId;
}

async function statusOf(id) {
  const { runOrError } = await ask('query($id: ID!) { runOrError(runId: $id) { ... on Run { status } } }', { id });
  return runOrError.status;
}

async function ask(query, variables) {
  const { data } = await askJson(`${place.address}/graphql`, { body: { query, variables } });
  return data;
}
