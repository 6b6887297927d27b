// Ray: a head node, and a second node with a resource of its own, each a process group. A job of the second node waits forever once that is gone.
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

export const name = 'Ray 2.60.0';

/** Ray sends no heartbeat of a job: what its tasks wait for convicts it. */
export const policy = { version: 1, defaults: { run: { late: '30m', stale: '1h' }, flag: 'stale' } };

const TOKEN = 'live-test-0123456789';

/** Works on the node with the resource that the argument names. */
const JOB = `
import sys, time, ray
ray.init(log_to_driver=False)
@ray.remote(num_cpus=0, resources={sys.argv[1]: 0.1})
def work(): time.sleep(3600)
ray.get(work.remote())
`;

let place;

export async function start(workdir) {
  const bin = await pythonWith(['ray[default]==2.60.0']);
  const [port, dashboard, agent, client] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
  const env = {
    RAY_AUTH_MODE: 'token',
    RAY_AUTH_TOKEN: TOKEN,
    RAY_USAGE_STATS_ENABLED: '0',
    RAY_TMPDIR: workdir,
  };
  const url = `http://127.0.0.1:${dashboard}`;
  place = { workdir, bin, port, env, url };
  writeFileSync(join(workdir, 'job.py'), JOB);
  const ports = [`--port=${port}`, `--dashboard-port=${dashboard}`, `--ray-client-server-port=${client}`];
  startNode('steady', ['--head', ...ports, `--dashboard-agent-listen-port=${agent}`, '--dashboard-host=127.0.0.1']);
  await until('the cluster is up', () => ask('api/jobs/'));
  return { source: `ray:${url}`, env: { RAY_AUTH_TOKEN: TOKEN }, wrongEnv: { RAY_AUTH_TOKEN: 'mistyped' } };
}

export async function finishOne() {
  const id = await submit('quick', ['true']);
  await until('the job has ended', async () => ((await job(id)).status === 'SUCCEEDED' ? true : undefined));
}

export async function healthyOne() {
  return atWork(await submit('healthy', python('steady')));
}

export async function hangOne() {
  const node = startNode('doomed', [
    `--address=127.0.0.1:${place.port}`,
    `--dashboard-agent-listen-port=${await freePort()}`,
  ]);
  return { id: await atWork(await submit('nightly-report', python('doomed'))), kill: () => killGroup(node) };
}

export async function nativeView(id) {
  const { status, message, job_id: driver } = await job(id);
  const states = (await tasks()).filter((task) => task.job_id === driver).map(({ state }) => state);
  const { data } = await ask('api/v0/nodes?detail=1');
  const nodes = data.result.result.map(({ state }) => state);
  return `${status}, "${message}"; its tasks: ${states.join(', ')}; nodes: ${nodes.join(', ')}`;
}

export const stop = stopProcesses;

function startNode(resource, options) {
  const { workdir, bin, env } = place;
  const size = ['--num-cpus=1', '--object-store-memory=100000000', '--disable-usage-stats', '--block'];
  const resources = `--resources=${JSON.stringify({ [resource]: 1 })}`;
  return startProcess(join(bin, 'ray'), ['start', ...options, ...size, resources], {
    workdir,
    log: `${resource}.log`,
    env,
  });
}

function python(resource) {
  const { workdir, bin } = place;
  return [join(bin, 'python'), join(workdir, 'job.py'), resource];
}

/** By Ray's own client: the dashboard takes a POST of Node for one of a browser. */
async function submit(id, entrypoint) {
  const { bin, env, url } = place;
  const options = ['--no-wait', '--submission-id', id, '--metadata-json', JSON.stringify({ job_name: id })];
  await runToEnd(join(bin, 'ray'), ['job', 'submit', '--address', url, ...options, '--', ...entrypoint], { env });
  return id;
}

function job(id) {
  return ask(`api/jobs/${id}`);
}

async function tasks() {
  return (await ask('api/v0/tasks?detail=1&limit=10000')).data.result.result;
}

async function atWork(id) {
  await until(`${id} is at work`, async () => {
    const { job_id: driver } = await job(id);
    const found = (await tasks()).some((task) => task.job_id === driver && task.state === 'RUNNING');
    return driver !== null && found ? true : undefined;
  });
  return id;
}

function ask(path) {
  return askJson(`${place.url}/${path}`, { headers: { authorization: `Bearer ${TOKEN}` } });
}
