// MLflow: a tracking server with a password, and trainings as processes of their own that log a metric each second.
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

export const name = 'MLflow 3.17.2';

export const policy = {
  version: 1,
  defaults: { run: { late: '1h', stale: '2h' }, silence: { late: '10s', stale: '20s' } },
};

const TRAINING = `
import sys, time, mlflow
mlflow.set_experiment("training")
with mlflow.start_run(run_name=sys.argv[1]):
    for step in range(int(sys.argv[2])):
        mlflow.log_metric("loss", 1 / (step + 1), step=step)
        time.sleep(1)
`;

const USER = 'admin';
const PASSWORD = 'live-test-password';

let place;

export async function start(workdir) {
  const bin = await pythonWith(['mlflow[auth]==3.17.2']);
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const headers = { authorization: `Basic ${btoa(`${USER}:${PASSWORD}`)}` };
  const ini = join(workdir, 'auth.ini');
  writeFileSync(
    ini,
    `[mlflow]
default_permission = READ
database_uri = sqlite:///${join(workdir, 'auth.db')}
admin_username = ${USER}
admin_password = ${PASSWORD}
authorization_function = mlflow.server.auth:authenticate_request_basic_auth
`,
  );
  const env = {
    MLFLOW_AUTH_CONFIG_PATH: ini,
    MLFLOW_FLASK_SERVER_SECRET_KEY: 'of-this-test-only',
    MLFLOW_TRACKING_URI: address,
    MLFLOW_TRACKING_USERNAME: USER,
    MLFLOW_TRACKING_PASSWORD: PASSWORD,
    DO_NOT_TRACK: '1',
  };
  place = { workdir, bin, address, headers, env };
  writeFileSync(join(workdir, 'train.py'), TRAINING);
  const store = ['--backend-store-uri', `sqlite:///${join(workdir, 'runs.db')}`];
  const files = ['--artifacts-destination', join(workdir, 'artifacts')];
  startProcess(
    join(bin, 'mlflow'),
    [
      'server',
      '--app-name',
      'basic-auth',
      '--host',
      '127.0.0.1',
      '--port',
      String(port),
      '--workers',
      '1',
      ...store,
      ...files,
    ],
    { workdir, log: 'server.log', env },
  );
  await until('MLflow is up', () =>
    askJson(`${address}/api/2.0/mlflow/experiments/search`, { headers, body: { max_results: 1 } }),
  );
  return {
    source: `mlflow:${address}`,
    env: { MLFLOW_TRACKING_TOKEN: `${USER}:${PASSWORD}` },
    wrongEnv: { MLFLOW_TRACKING_TOKEN: `${USER}:mistyped` },
  };
}

export async function finishOne() {
  const { bin, workdir, env } = place;
  await runToEnd(join(bin, 'python'), ['train.py', 'finishing', '1'], { cwd: workdir, env });
}

export async function healthyOne() {
  return (await train('healthy')).id;
}

export async function hangOne() {
  const { id, child } = await train('hanging');
  return { id, kill: () => killGroup(child) };
}

export async function nativeView(id) {
  const { run } = await askJson(`${place.address}/api/2.0/mlflow/runs/get?run_id=${id}`, { headers: place.headers });
  const newest = Math.max(0, ...(run.data.metrics ?? []).map(({ timestamp }) => timestamp));
  return `status ${run.info.status}, newest metric ${new Date(newest).toISOString()}`;
}

export const stop = stopProcesses;

async function train(title) {
  const { bin, workdir, env, address, headers } = place;
  const child = startProcess(join(bin, 'python'), ['train.py', title, '1800'], { workdir, log: `${title}.log`, env });
  const run = await until(`the training ${title} runs`, async () => {
    const { experiments } = await askJson(`${address}/api/2.0/mlflow/experiments/search`, {
      headers,
      body: { max_results: 10 },
    });
    const { runs } = await askJson(`${address}/api/2.0/mlflow/runs/search`, {
      headers,
      body: { experiment_ids: experiments.map((one) => one.experiment_id), filter: `attributes.run_name = '${title}'` },
    });
    return runs?.find(({ data }) => data.metrics !== undefined);
  });
  return { id: run.info.run_id, child };
}
