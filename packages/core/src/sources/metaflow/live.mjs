// Metaflow: its metadata service and the backend of its UI on PostgreSQL, flows as processes of their own. The services are on no
// package registry: their code is cloned with git at the commit below, from GitHub or from where METAFLOW_SERVICE points.
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { postgresPrograms, startPostgres } from '../../../../../scripts/postgres.mjs';
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
import { debianProgram } from '../../../../../scripts/live/registry/debian.mjs';

export const name = 'Metaflow 2.19.39 with metaflow-service 2.5.1';

/** A flow that lives sends a heartbeat every 10 seconds. */
export const policy = {
  version: 1,
  defaults: { run: { late: '1h', stale: '2h' }, silence: { late: '25s', stale: '40s' } },
};

const COMMIT = '91e44f0108cba3159db97e91fb159629e1448db1';

/** What the services ask for, psycopg2 as the package that needs no compiler. */
const PACKAGES = [
  'metaflow==2.19.39',
  'aiohttp==3.14.5',
  'aiohttp_cors==0.7.0',
  'aiopg==1.4.0',
  'azure-identity==1.27.0',
  'azure-storage-blob==12.31.1',
  'boto3==1.44.5',
  'click==8.5.1',
  'google-cloud-storage==3.17.1',
  'packaging==26.3',
  'psycopg2-binary==2.9.13',
  'pyee==8.0.1',
  'pygit2==1.21.0',
  'throttler==1.2.0',
];

const FLOW = `
import time
from metaflow import FlowSpec, Parameter, step

class NapFlow(FlowSpec):
    seconds = Parameter("seconds", default=1, type=int)

    @step
    def start(self):
        self.next(self.work)

    @step
    def work(self):
        time.sleep(self.seconds)
        self.next(self.end)

    @step
    def end(self):
        pass

if __name__ == "__main__":
    NapFlow()
`;

/** The migrations are written for goose, a Go program; all that they hold is SQL between comments. */
const MIGRATE = `
import glob, os, re, sys, psycopg2
connection = psycopg2.connect(sys.argv[1])
connection.autocommit = True
cursor = connection.cursor()
for file in sorted(glob.glob(sys.argv[2] + "/*.sql"), key=lambda name: int(os.path.basename(name).split("_")[0])):
    up = open(file).read().split("-- +goose Down")[0]
    for index, block in enumerate(re.split(r"-- \\+goose Statement(?:Begin|End)", up)):
        sql = re.sub(r"-- \\+goose.*", "", block)
        for statement in [sql] if index % 2 else sql.split(";"):
            if statement.strip():
                cursor.execute(statement)
`;

let bin;
let code;
let database;
let place;

/** The code and the packages of the services, made once. */
export async function prepare() {
  bin = await pythonWith(PACKAGES);
  code = join(
    process.env.TARDY_LIVE_CACHE ?? join(tmpdir(), 'tardy-live-cache'),
    `metaflow-service-${COMMIT.slice(0, 8)}`,
  );
  if (existsSync(join(code, 'complete'))) return;
  rmSync(code, { recursive: true, force: true });
  await runToEnd('git', [
    'clone',
    '--quiet',
    process.env.METAFLOW_SERVICE ?? 'https://github.com/Netflix/metaflow-service',
    code,
  ]);
  await runToEnd('git', ['checkout', '--quiet', COMMIT], { cwd: code });
  // They ask for their own version by the name of a package.
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps'];
  await runToEnd(join(bin, 'python'), [...install, code]);
  writeFileSync(join(code, 'complete'), '');
}

export async function start(workdir) {
  if (postgresPrograms() === undefined) await debianProgram('pg_ctlcluster', ['postgresql']);
  database = await startPostgres(postgresPrograms());
  const { hostname, port: databasePort, username, pathname } = new URL(database.url);
  await runToEnd(join(bin, 'python'), [
    '-c',
    MIGRATE,
    database.url,
    join(code, 'services/migration_service/migration_files'),
  ]);

  const [port, uiPort] = [await freePort(), await freePort()];
  const datastore = { METAFLOW_DATASTORE_SYSROOT_LOCAL: workdir };
  const env = {
    ...datastore,
    PYTHONPATH: code,
    MF_METADATA_DB_HOST: hostname,
    MF_METADATA_DB_PORT: databasePort,
    MF_METADATA_DB_USER: username,
    MF_METADATA_DB_PSWD: 'not-asked-for',
    MF_METADATA_DB_NAME: pathname.slice(1),
    MF_METADATA_HOST: '127.0.0.1',
    MF_METADATA_PORT: String(port),
    MF_UI_METADATA_HOST: '127.0.0.1',
    MF_UI_METADATA_PORT: String(uiPort),
    UI_ENABLED: '0',
  };
  const address = `http://127.0.0.1:${uiPort}`;
  const service = `http://127.0.0.1:${port}`;
  const python = join(bin, 'python');
  startProcess(python, ['-m', 'services.metadata_service.server'], { workdir, log: 'service.log', env });
  await until('the metadata service is up', () => askJson(`${service}/flows`));
  startProcess(python, ['-m', 'services.ui_backend_service.ui_server'], { workdir, log: 'ui.log', env });
  await until('the backend of the UI is up', () => askJson(`${address}/runs?_limit=1`));

  writeFileSync(join(workdir, 'nap.py'), FLOW);
  const flows = {
    ...datastore,
    METAFLOW_SERVICE_URL: service,
    METAFLOW_DEFAULT_METADATA: 'service',
    METAFLOW_USER: 'dana',
  };
  place = { workdir, python, address, env: flows };
  return { source: `metaflow:${address}`, env: {} };
}

export async function finishOne() {
  const { workdir, python, env } = place;
  await runToEnd(python, ['nap.py', 'run'], { cwd: workdir, env });
  const { data } = await askJson(`${place.address}/runs?status=completed`);
  if (data.length !== 1) throw new Error(`${data.length} runs have completed, not one.`);
}

export async function healthyOne() {
  return (await nap('healthy')).id;
}

export async function hangOne() {
  const { id, child } = await nap('hanging');
  return { id, kill: () => killGroup(child) };
}

export async function nativeView(id) {
  const [flow, run] = id.split('/');
  const { data } = await askJson(`${place.address}/flows/${flow}/runs/${run}`);
  return `status ${data.status}, last heartbeat ${new Date(data.last_heartbeat_ts * 1000).toISOString()}`;
}

export async function stop() {
  await stopProcesses();
  await database?.stop();
}

/** Starts a flow, and waits until its long step has begun. */
async function nap(title) {
  const { workdir, python, env, address } = place;
  const known = await askJson(`${address}/runs?_limit=100`);
  const before = new Set(known.data.map(({ run_number: number }) => number));
  const child = startProcess(python, ['nap.py', 'run', '--seconds', '1800'], { workdir, log: `${title}.log`, env });
  const id = await until(`the flow ${title} is at work`, async () => {
    const { data } = await askJson(`${address}/runs?status=running&_limit=100`);
    const run = data.find(({ run_number: number, last_heartbeat_ts: beat }) => beat && !before.has(number));
    if (run === undefined) return undefined;
    const { data: tasks } = await askJson(`${address}/flows/${run.flow_id}/runs/${run.run_number}/tasks`);
    return tasks.some(({ step_name: step }) => step === 'work') ? `${run.flow_id}/${run.run_number}` : undefined;
  });
  return { id, child };
}
