// Buildbot: a master and three workers; two builders whose step needs the same lock, and one whose worker is paused.
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
  // Only the second look sees that its step waits for a lock.
  rules: [{ match: { type: 'locked' }, run: { late: '1s', stale: '1s' } }],
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

/** A build whose step waits for a lock that another build holds, and a request whose only worker is paused. */
export async function waitingOnes() {
  const holding = await atWork(await force('holding'));
  await until('the lock is held', async () => ((await stepsOf(holding)).some(isLocked) ? true : undefined));
  const locked = await atWork(await force('locked'));
  await until('a step waits for the lock', async () => ((await stepsOf(locked)).some(isWaiting) ? true : undefined));
  await startWorker('resting');
  await pause('resting');
  return [
    { id: locked, hold: 'limit' },
    { id: await force('resting'), hold: 'paused' },
  ];
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
device = util.MasterLock('device')
def builder(name, on, *command, locks=[]):
    return util.BuilderConfig(name=name, workernames=[on], factory=util.BuildFactory([steps.ShellCommand(command=list(command), locks=locks)]))
c['workers'] = [worker.Worker(name, 'live-test', max_builds=5) for name in ('steady', 'doomed', 'resting')]
c['protocols'] = {'pb': {'port': 'tcp:${workers}:interface=127.0.0.1'}}
c['db'] = {'db_url': 'sqlite:///state.sqlite'}
c['builders'] = [builder('quick', 'steady', 'true'), builder('healthy', 'steady', 'sleep', '3600'), builder('nightly', 'doomed', 'sleep', '3600'), builder('resting', 'resting', 'true')]
c['builders'] += [builder(name, 'steady', 'sleep', '3600', locks=[device.access('exclusive')]) for name in ('holding', 'locked')]
c['schedulers'] = [schedulers.ForceScheduler(name='force', builderNames=['quick', 'healthy', 'nightly', 'holding', 'locked', 'resting'])]
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

async function pause(name) {
  const { workers } = await askJson(`${place.api}/workers`);
  const { workerid } = workers.find((one) => one.name === name);
  const body = { jsonrpc: '2.0', id: 1, method: 'pause', params: { reason: 'live test' } };
  await askJson(`${place.api}/workers/${workerid}`, { body });
  await until(`${name} is paused`, async () => {
    const { workers: all } = await askJson(`${place.api}/workers`);
    return all.find((one) => one.workerid === workerid).paused ? true : undefined;
  });
}

async function stepsOf(id) {
  const { builds } = await askJson(`${place.api}/buildrequests/${id}/builds`);
  return (await askJson(`${place.api}/builds/${builds[0].buildid}/steps`)).steps;
}

const isWaiting = (step) => step.name === 'shell' && step.started_at !== null && step.locks_acquired_at === null;
const isLocked = (step) => step.name === 'shell' && step.locks_acquired_at !== null;

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
