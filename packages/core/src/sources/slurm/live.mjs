// Slurm with two nodes on this machine, seen through slurmrestd. Needs root, as slurmd does.
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
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
import { debianProgram } from '../../../../../scripts/live/registry/debian.mjs';

export const name = 'Slurm 22.05';

/** A job sends no heartbeat: its node does not respond, which Slurm notices after half of SlurmdTimeout. */
export const policy = { version: 1, defaults: { run: { late: '10m', stale: '1h' }, flag: 'stale' } };

const PACKAGES = [
  'slurmctld',
  'slurmd',
  'slurmrestd',
  'slurm-client',
  'slurm-wlm-basic-plugins',
  'slurm-wlm-jwt-plugin',
];

/** slurmrestd runs as one user for another, and neither may be root. */
const [REST_USER, TOKEN_USER] = ['nobody', 'daemon'];

let place;

export async function start(workdir) {
  await debianProgram('slurmrestd', [...PACKAGES, 'munge']);
  const ports = { ctld: await freePort(), steady: await freePort(), doomed: await freePort(), rest: await freePort() };
  const env = { SLURM_CONF: join(workdir, 'slurm.conf') };
  place = { workdir, env, api: `http://127.0.0.1:${ports.rest}/slurm/v0.0.38` };
  chmodSync(workdir, 0o755);
  mkdirSync(join(workdir, 'state'));
  for (const key of ['munge.key', 'jwt.key']) writeFileSync(join(workdir, key), randomBytes(64), { mode: 0o600 });
  writeFileSync(env.SLURM_CONF, configOf(workdir, ports));

  const munge = [
    'key-file=munge.key',
    'socket=munge.socket',
    'pid-file=munge.pid',
    'log-file=munge.log',
    'seed-file=seed',
  ];
  const paths = munge.map((option) => `--${option.replace('=', `=${workdir}/`)}`);
  startProcess('munged', ['--force', '--foreground', '--num-threads=1', ...paths], { workdir, log: 'munged.out' });
  await until('munged is up', () => (readdirSync(workdir).includes('munge.socket') ? true : undefined));
  startProcess('slurmctld', ['-D'], { workdir, log: 'slurmctld.log', env });
  startNode('steady');
  place.doomed = startNode('doomed');
  await until('both nodes are idle', async () => {
    const nodes = await slurm('sinfo', ['--noheader', '--Node', '--format', '%T']);
    return nodes
      .trim()
      .split('\n')
      .every((state) => state === 'idle')
      ? true
      : undefined;
  });
  const token = (await slurm('scontrol', ['token', `username=${TOKEN_USER}`, 'lifespan=3600'])).trim().split('=')[1];
  place.headers = { 'x-slurm-user-name': TOKEN_USER, 'x-slurm-user-token': token };
  const rest = ['-s', 'openapi/v0.0.38', '-a', 'rest_auth/jwt', `127.0.0.1:${ports.rest}`];
  const asUser = [`--reuid=${REST_USER}`, '--regid=nogroup', '--clear-groups', 'slurmrestd', ...rest];
  startProcess('setpriv', asUser, { workdir, log: 'slurmrestd.log', env: { ...env, SLURM_JWT: 'daemon' } });
  await until('slurmrestd is up', () => askJson(`${place.api}/jobs`, { headers: place.headers }));
  return { source: `slurm:http://127.0.0.1:${ports.rest}`, env: { SLURM_JWT: token } };
}

export async function finishOne() {
  await inState(await submit('steady', 'quick', 'true'), 'COMPLETED');
}

export async function healthyOne() {
  place.healthy = await inState(await submit('steady', 'healthy', 'sleep 3600'), 'RUNNING');
  return place.healthy;
}

export async function hangOne() {
  const id = await inState(await submit('doomed', 'nightly-etl', 'sleep 3600'), 'RUNNING');
  return { id, kill: () => killNode('doomed', id) };
}

/** A job that a person holds, one for tomorrow, one after the healthy one, and one for the node that the healthy one uses. */
export async function waitingOnes() {
  const held = await submit('steady', 'held', 'true', '--hold');
  const later = await submit('steady', 'later', 'true', '--begin=now+1day');
  const dependent = await submit('steady', 'dependent', 'true', `--dependency=afterok:${place.healthy}`);
  const behind = await submit('steady', 'behind', 'true', '--exclusive');
  // Slurm names the resources first, even for a job that depends on another.
  await waitsFor(dependent, ['Dependency']);
  await waitsFor(behind, ['Resources', 'ReqNodeNotAvail', 'Priority']);
  return [
    { id: held, hold: 'paused' },
    { id: later, hold: 'schedule' },
    { id: dependent, hold: 'dependency' },
    { id: behind, hold: 'limit' },
  ];
}

export async function nativeView(id) {
  const { jobs } = await askJson(`${place.api}/job/${id}`, { headers: place.headers });
  const { nodes } = await askJson(`${place.api}/node/${jobs[0].batch_host}`, { headers: place.headers });
  return `job_state ${jobs[0].job_state}; its node ${nodes[0].name}: ${nodes[0].state} [${nodes[0].state_flags.join(' ')}]`;
}

export async function stop() {
  await stopProcesses();
  if (place !== undefined) for (const pid of processesOf(place.workdir)) process.kill(pid, 'SIGKILL');
}

function configOf(workdir, ports) {
  const node = (node) =>
    `NodeName=${node} NodeHostname=localhost NodeAddr=127.0.0.1 Port=${ports[node]} CPUs=2 State=UNKNOWN`;
  return `ClusterName=live
SlurmctldHost=localhost(127.0.0.1)
SlurmUser=root
SlurmdUser=root
SlurmctldPort=${ports.ctld}
AuthType=auth/munge
AuthInfo=socket=${workdir}/munge.socket
AuthAltTypes=auth/jwt
AuthAltParameters=jwt_key=${workdir}/jwt.key
CredType=cred/munge
StateSaveLocation=${workdir}/state
SlurmdSpoolDir=${workdir}/spool-%n
SlurmctldPidFile=${workdir}/slurmctld.pid
SlurmdPidFile=${workdir}/slurmd-%n.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SlurmdParameters=config_overrides
SlurmdTimeout=100
${node('steady')}
${node('doomed')}
PartitionName=main Nodes=ALL Default=YES State=UP
`;
}

function startNode(node) {
  const { workdir, env } = place;
  return startProcess('slurmd', ['-D', '-N', node], { workdir, log: `slurmd-${node}.log`, env });
}

/** The daemon, the step and the payload: a machine that lost its power. */
function killNode(node, job) {
  killGroup(place[node]);
  // The step before its payload: it would tell the controller that the job has ended.
  for (const pid of processesOf(`slurmstepd: [${job}.`)) process.kill(pid, 'SIGKILL');
  for (const pid of processesOf(`spool-${node}`)) process.kill(pid, 'SIGKILL');
}

/** Processes of the jobs: they leave the group of what started them, but name its folders. */
function processesOf(text) {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid)
    .filter((pid) => {
      try {
        const [command, environment] = ['cmdline', 'environ'].map((file) =>
          readFileSync(`/proc/${pid}/${file}`, 'utf8'),
        );
        return environment.includes(`SLURM_CONF=${place.workdir}`) && (command + environment).includes(text);
      } catch {
        return false;
      }
    })
    .map(Number);
}

async function submit(node, job, command, ...more) {
  const { workdir } = place;
  const options = ['--parsable', '--nodelist', node, '--job-name', job, '--output', '/dev/null', '--chdir', workdir];
  return (await slurm('sbatch', [...options, ...more, '--wrap', command])).trim();
}

async function waitsFor(id, reasons) {
  await until(`job ${id} waits: ${reasons.join(' or ')}`, async () => {
    const { jobs } = await askJson(`${place.api}/job/${id}`, { headers: place.headers });
    return reasons.includes(jobs[0].state_reason) ? true : undefined;
  });
}

async function inState(id, state) {
  await until(`job ${id} is ${state}`, async () => {
    const { jobs } = await askJson(`${place.api}/job/${id}`, { headers: place.headers });
    return jobs[0].job_state === state ? true : undefined;
  });
  return id;
}

function slurm(command, args) {
  return runToEnd(command, args, { env: place.env });
}
