// Prefect 3: a server, four flows as processes of their own, and a runner that serves a deployment with a limit of one run.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  askJson,
  freePort,
  killGroup,
  runToEnd,
  startProcess,
  stopProcesses,
  until,
} from '../../../../../scripts/live/processes.mjs';
import { pythonWith } from '../../../../../scripts/live/python.mjs';

export const name = 'Prefect 3.8.8';

/** Flows send a heartbeat every 30 s (below, the least that Prefect allows): silence counts after one and a half. */
export const policy = {
  version: 1,
  defaults: { run: { late: '5s', stale: '20s' }, silence: { late: '45s', stale: '60s' }, queue: { stale: '5m' } },
};

// FastAPI is pinned: the newest one refuses this Prefect's server.
const PACKAGES = ['prefect==3.8.8', 'fastapi==0.139.*'];

const FLOWS = `
import sys, time
from prefect import flow, pause_flow_run

@flow(name="finishing")
def finishing(seconds): time.sleep(seconds)

@flow(name="healthy")
def healthy(seconds): time.sleep(seconds)

@flow(name="hanging")
def hanging(seconds): time.sleep(seconds)

@flow(name="resting")
def resting(seconds): pause_flow_run(timeout=seconds)

@flow(name="limited")
def limited(): time.sleep(3600)

if __name__ == "__main__" and sys.argv[1] == "serve": limited.serve(name="limited", global_limit=1)
elif __name__ == "__main__": globals()[sys.argv[1]](int(sys.argv[2]))
`;

let place;

export async function start(workdir) {
  const bin = await pythonWith(PACKAGES);
  const port = await freePort();
  const api = `http://127.0.0.1:${port}/api`;
  const env = {
    PREFECT_HOME: join(workdir, 'home'),
    PREFECT_API_URL: api,
    PREFECT_SERVER_API_AUTH_STRING: 'admin:live-test',
    PREFECT_API_AUTH_STRING: 'admin:live-test',
    PREFECT_FLOWS_HEARTBEAT_FREQUENCY: '30',
    PREFECT_SERVER_ANALYTICS_ENABLED: 'false',
    DO_NOT_TRACK: '1',
  };
  place = { workdir, bin, api, env, headers: { authorization: `Basic ${btoa('admin:live-test')}` } };
  writeFileSync(join(workdir, 'flows.py'), FLOWS);
  startProcess(join(bin, 'prefect'), ['server', 'start', '--host', '127.0.0.1', '--port', String(port)], {
    workdir,
    log: 'server.log',
    env,
  });
  await until('Prefect is up', () => askJson(`${api}/health`, { headers: place.headers }));
  return {
    source: `prefect:${api}`,
    env: { PREFECT_API_AUTH_STRING: 'admin:live-test' },
    wrongEnv: { PREFECT_API_AUTH_STRING: 'admin:mistyped' },
  };
}

export async function finishOne() {
  const { bin, workdir, env } = place;
  await runToEnd(join(bin, 'python'), ['flows.py', 'finishing', '1'], { cwd: workdir, env });
}

export async function healthyOne() {
  return (await startFlow('healthy')).id;
}

export async function hangOne() {
  const { id, child } = await startFlow('hanging');
  return { id, kill: () => killGroup(child) };
}

/** A flow run that its flow has paused, and one that waits for the only slot of its deployment. */
export async function waitingOnes() {
  const { api, bin, env, headers, workdir } = place;
  const { id: paused } = await startFlow('resting', 'PAUSED');
  startProcess(join(bin, 'python'), ['flows.py', 'serve'], { workdir, log: 'serve.log', env });
  const deployment = await until('the deployment is there', () =>
    askJson(`${api}/deployments/name/limited/limited`, { headers }),
  );
  const order = () => askJson(`${api}/deployments/${deployment.id}/create_flow_run`, { headers, body: {} });
  const inState = (run, state) =>
    until(`a run of the deployment is ${state}`, async () =>
      (await askJson(`${api}/flow_runs/${run.id}`, { headers })).state_name === state ? true : undefined,
    );
  await inState(await order(), 'Running');
  const limited = await order();
  await inState(limited, 'AwaitingConcurrencySlot');
  return [
    { id: paused, hold: 'paused' },
    { id: limited.id, hold: 'limit' },
  ];
}

export async function nativeView(id) {
  const run = await askJson(`${place.api}/flow_runs/${id}`, { headers: place.headers });
  return `state ${run.state_type}, "${run.state_name}" since ${run.state.timestamp}`;
}

export const stop = stopProcesses;

async function startFlow(flow, state = 'RUNNING') {
  const { bin, workdir, env, api, headers } = place;
  const child = startProcess(join(bin, 'python'), ['flows.py', flow, '3600'], { workdir, log: `${flow}.log`, env });
  const run = await until(`the flow ${flow} is ${state}`, async () => {
    const body = { flows: { name: { any_: [flow] } }, flow_runs: { state: { type: { any_: [state] } } } };
    return (await askJson(`${api}/flow_runs/filter`, { headers, body }))[0];
  });
  return { id: run.id, child };
}
