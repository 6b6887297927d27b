// Buildbot: a master, and a worker for each of two builders.
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

export const name = 'Buildbot 4.3.0';

/** A build sends no heartbeat: what tells is that its worker is not connected. */
export const policy = {
  version: 1,
  defaults: { run: { late: '10m', stale: '1h' }, queue: { late: '10m', stale: '1h' }, flag: 'stale' },
};

const PACKAGES = ['buildbot==4.3.0', 'buildbot-www==4.3.0', 'buildbot-worker==4.3.0'];

let place;

export async function start(workdir) {
  const bin = await pythonWith(PACKAGES);
  const [port, workers] = [await freePort(), await freePort()];
  place = { workdir, bin, workers, api: `http://127.0.0.1:${port}/api/v2` };
  await runToEnd(join(bin, 'buildbot'), ['create-master', 'master'], { cwd: workdir });
  writeFileSync(join(workdir, 'master/master.cfg'), configOf(port, workers));
  startProcess(join(bin, 'buildbot'), ['start', '--nodaemon', 'master'], { workdir, log: 'master.log' });
  await until('the master is up', () => askJson(`${place.api}/builders`));
  await startWorker('steady');
  return { source: `buildbot:http://127.0.0.1:${port}`, env: {} };
}

export async function finishOne() {
  const id = await force('quick');
  await until('the build has ended', async () => ((await request(id)).complete ? true : undefined));
}

export async function healthyOne() {
  return atWork(await force('healthy'));
}

export async function hangOne() {
  const worker = await startWorker('doomed');
  return { id: await atWork(await force('nightly')), kill: () => killGroup(worker) };
}

export async function nativeView(id) {
  const { complete, claimed } = await request(id);
  const { builds } = await askJson(`${place.api}/buildrequests/${id}/builds`);
  const states = builds.map((build) => `build ${build.buildid} ${build.state_string}`).join(', ');
  return `request complete ${complete}, claimed ${claimed}; ${states || 'no build'}`;
}

export const stop = stopProcesses;

function configOf(port, workers) {
  return `from buildbot.plugins import schedulers, steps, util, worker
BuildmasterConfig = c = {}
def builder(name, on, *command):
    return util.BuilderConfig(name=name, workernames=[on], factory=util.BuildFactory([steps.ShellCommand(command=list(command))]))
c['workers'] = [worker.Worker(name, 'live-test', max_builds=2) for name in ('steady', 'doomed')]
c['protocols'] = {'pb': {'port': 'tcp:${workers}:interface=127.0.0.1'}}
c['db'] = {'db_url': 'sqlite:///state.sqlite'}
c['builders'] = [builder('quick', 'steady', 'true'), builder('healthy', 'steady', 'sleep', '3600'), builder('nightly', 'doomed', 'sleep', '3600')]
c['schedulers'] = [schedulers.ForceScheduler(name='force', builderNames=['quick', 'healthy', 'nightly'])]
c['www'] = {'port': 'tcp:${port}:interface=127.0.0.1', 'plugins': {}}
c['buildbotURL'] = 'http://127.0.0.1:${port}/'
c['buildbotNetUsageData'] = None
`;
}

async function startWorker(worker) {
  const { workdir, bin, workers, api } = place;
  const command = join(bin, 'buildbot-worker');
  await runToEnd(command, ['create-worker', worker, `127.0.0.1:${workers}`, worker, 'live-test'], { cwd: workdir });
  const child = startProcess(command, ['start', '--nodaemon', worker], { workdir, log: `worker-${worker}.log` });
  await until(`${worker} is connected`, async () => {
    const { workers: all } = await askJson(`${api}/workers`);
    return all.find((one) => one.name === worker).connected_to.length > 0 ? true : undefined;
  });
  return child;
}

async function force(builder) {
  const { builders } = await askJson(`${place.api}/builders`);
  const { builderid } = builders.find((one) => one.name === builder);
  const params = { builderid, username: 'Live test <live@example.com>', reason: `try ${builder}` };
  const body = { jsonrpc: '2.0', id: 1, method: 'force', params };
  const { result } = await askJson(`${place.api}/forceschedulers/force`, { body });
  return String(result[1][builderid]);
}

async function request(id) {
  return (await askJson(`${place.api}/buildrequests/${id}`)).buildrequests[0];
}

async function atWork(id) {
  await until(`request ${id} is at work`, async () => {
    const { builds } = await askJson(`${place.api}/buildrequests/${id}/builds`);
    return builds.length > 0 ? true : undefined;
  });
  return id;
}
