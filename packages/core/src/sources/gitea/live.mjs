// Gitea: a server built from its Go module, on SQLite, and a runner of our own for each of two labels, which speaks the protocol of runners.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  freePort,
  killGroup,
  runToEnd,
  startProcess,
  stopProcesses,
  until,
} from '../../../../../scripts/live/processes.mjs';
import { goPrograms } from '../../../../../scripts/live/registry/go.mjs';

export const name = 'Gitea 1.26.0';

/** A runner that is gone is offline after a minute. */
export const policy = {
  version: 1,
  defaults: { run: { late: '30m', stale: '1h' }, silence: { late: '10m', stale: '20m' }, flag: 'stale' },
};

const here = dirname(fileURLToPath(import.meta.url));
const OWNER = 'acme';
const REPOSITORY = 'web';

let programs;
let place;

/** Building the server takes longer than a test may. */
export async function prepare() {
  programs = await goPrograms(join(here, 'live'), {
    targets: ['code.gitea.io/gitea'],
    tags: 'sqlite sqlite_unlock_notify',
  });
}

export async function start(workdir) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const gitea = join(programs, 'gitea');
  const assets = (
    await runToEnd('go', ['list', '-m', '-f', '{{.Dir}}', 'code.gitea.io/gitea'], { cwd: join(here, 'live') })
  ).trim();
  const config = join(workdir, 'app.ini');
  mkdirSync(join(workdir, 'data'));
  writeFileSync(config, settings({ workdir, port, url, assets }));
  const env = { GITEA_WORK_DIR: workdir, GITEA_CUSTOM: join(workdir, 'custom'), HOME: workdir };
  const admin = (...args) => runToEnd(gitea, [...args, '--config', config], { env, cwd: workdir });
  await admin('migrate');
  await admin(
    'admin',
    'user',
    'create',
    '--admin',
    '--username',
    OWNER,
    '--password',
    'live-test-0123',
    '--email',
    'acme@example.com',
    '--must-change-password=false',
  );
  const token = await admin('admin', 'user', 'generate-access-token', '--username', OWNER, '--scopes', 'all', '--raw');
  place = { workdir, url, token: lastLine(token) };
  startProcess(gitea, ['web', '--config', config], { workdir, log: 'gitea.log', env });
  await until('Gitea responds', () => ask('version'));
  place.registration = lastLine(await admin('actions', 'generate-runner-token'));
  await ask('user/repos', { name: REPOSITORY, auto_init: true, default_branch: 'main' });
  for (const [workflow, label] of [
    ['quick', 'steady'],
    ['healthy', 'steady'],
    ['after-healthy', 'steady'],
    ['nightly-report', 'doomed'],
  ]) {
    const content = Buffer.from(workflowText(workflow, label)).toString('base64');
    await ask(`repos/${OWNER}/${REPOSITORY}/contents/.gitea/workflows/${workflow}.yml`, {
      content,
      message: `Add ${workflow}`,
      branch: 'main',
    });
  }
  startRunner('steady');
  return {
    source: `gitea:${url}/${OWNER}/${REPOSITORY}`,
    env: { GITEA_TOKEN: place.token, GITEA_SERVER_URL: url },
    wrongEnv: { GITEA_TOKEN: 'mistyped', GITEA_SERVER_URL: url },
  };
}

export async function finishOne() {
  const id = await dispatch('quick');
  await until('the run has ended', async () => ((await run(id)).conclusion === 'success' ? true : undefined));
}

export async function healthyOne() {
  return atWork(await dispatch('healthy'));
}

export async function hangOne() {
  const runner = startRunner('doomed');
  return { id: await atWork(await dispatch('nightly-report')), kill: () => killGroup(runner) };
}

/** One run at a time may hold the concurrency group. */
export async function waitingOnes() {
  return [{ id: await dispatch('after-healthy'), hold: 'limit' }];
}

export async function nativeView(id) {
  const { status } = await run(id);
  const { jobs } = await ask(`repos/${OWNER}/${REPOSITORY}/actions/runs/${id}/jobs`);
  const { runners } = await ask('admin/actions/runners');
  const works = jobs.map(({ status: of, runner_name: by }) => `${of} by ${by}`).join(', ');
  return `${status}; jobs: ${works}; runners: ${runners.map((one) => `${one.name} ${one.status}`).join(', ')}`;
}

export const stop = stopProcesses;

function startRunner(label) {
  const { workdir, url, registration } = place;
  return startProcess(process.execPath, [join(here, 'live/runner.mjs'), url, registration, label], {
    workdir,
    log: `${label}.log`,
  });
}

/** Starts a workflow; gives the id of its run. */
async function dispatch(workflow) {
  const file = `${workflow}.yml`;
  const of = (runs) => runs.find(({ path }) => path.startsWith(`${file}@`));
  await ask(`repos/${OWNER}/${REPOSITORY}/actions/workflows/${file}/dispatches`, { ref: 'main' });
  const { id } = await until(`a run of ${workflow} is listed`, async () => {
    const { workflow_runs: runs } = await ask(`repos/${OWNER}/${REPOSITORY}/actions/runs`);
    return of(runs);
  });
  return String(id);
}

function run(id) {
  return ask(`repos/${OWNER}/${REPOSITORY}/actions/runs/${id}`);
}

async function atWork(id) {
  await until(`run ${id} is at work`, async () => ((await run(id)).status === 'in_progress' ? true : undefined));
  return id;
}

/** With a body, a POST. */
async function ask(path, body) {
  const { url, token } = place;
  const response = await fetch(`${url}/api/v1/${path}`, {
    headers: { authorization: `token ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${path}: ${response.status} ${text.slice(0, 300)}`);
  return text === '' ? undefined : JSON.parse(text);
}

function lastLine(text) {
  return text.trim().split('\n').at(-1).trim();
}

function workflowText(workflow, label) {
  const group = workflow.endsWith('healthy') ? 'concurrency:\n  group: deploys\n' : '';
  return `name: ${workflow}\non: workflow_dispatch\n${group}jobs:\n  work:\n    runs-on: ${label}\n    steps:\n      - run: sleep 3600\n`;
}

function settings({ workdir, port, url, assets }) {
  return `RUN_USER = ${process.env.USER ?? 'root'}
RUN_MODE = prod
I_AM_BEING_UNSAFE_RUNNING_AS_ROOT = true
WORK_PATH = ${workdir}
[server]
STATIC_ROOT_PATH = ${assets}
HTTP_ADDR = 127.0.0.1
HTTP_PORT = ${port}
ROOT_URL = ${url}/
DISABLE_SSH = true
OFFLINE_MODE = true
[database]
DB_TYPE = sqlite3
PATH = ${join(workdir, 'data/gitea.db')}
[repository]
ROOT = ${join(workdir, 'repositories')}
[security]
INSTALL_LOCK = true
SECRET_KEY = live-test
[actions]
ENABLED = true
[log]
LEVEL = Warn
`;
}
