// npm start, npm test and the rest, from a fresh clone: install, build, then the job. Needs only node and npm.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const STAMP = 'node_modules/.install-stamp';

const jobs = {
  start: [['scripts/build.mjs'], ['demo/start.mjs']],
  test: [['scripts/test.mjs']],
  'test:quick': [['scripts/quick.mjs']],
  'test:nodes': [['scripts/build.mjs', 'libraries', 'cli'], ['scripts/nodes.mjs']],
  'release:check': [['scripts/build.mjs', 'libraries', 'cli', 'cdn'], ['scripts/release-check.mjs']],
  mutate: [['scripts/mutate.mjs']],
  build: [['scripts/build.mjs']],
  pack: [['scripts/build.mjs', 'libraries', 'cli', 'cdn'], ['scripts/pack.mjs']],
  check: [['scripts/build.mjs'], ['scripts/check.mjs']],
  'build:sea': [['scripts/build.mjs', 'libraries', 'cli', 'cdn'], ['scripts/sea.mjs']],
  bench: [['scripts/build.mjs'], ['bench/run.mjs']],
  gallery: [['scripts/gallery.mjs']],
  lint: [
    ['scripts/build.mjs', 'libraries'],
    ['scripts/check.mjs', 'lint'],
  ],
  format: [['scripts/format.mjs']],
  generate: [['scripts/build.mjs'], ['scripts/generate.mjs']],
};

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const [jobName, ...rest] = process.argv.slice(2);
const steps = jobs[jobName];
if (steps === undefined) stop(2, `Unknown job: ${jobName ?? '(none)'}. There are: ${Object.keys(jobs).join(', ')}.`);

install();
for (const [script, ...options] of steps.slice(0, -1)) {
  const status = run(process.execPath, [script, ...options]);
  if (status !== 0) stop(status, '');
}
await become(steps.at(-1));

/** Runs the last step in this process, so that a signal sent to us reaches it. */
async function become([script, ...options]) {
  const path = resolve(script);
  process.argv = [process.execPath, path, ...options, ...rest];
  await import(pathToFileURL(path).href);
}

/** Installs from the lockfile, unless that was already done with the same Node. */
function install() {
  const stamp = installStamp();
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === stamp) return;
  const { packageManager } = JSON.parse(readFileSync('package.json', 'utf8'));
  // CI: pnpm may replace an older node_modules without asking.
  const environment = { ...process.env, CI: 'true' };
  const npx = process.platform === 'win32' ? 'npx.cmd' : 'npx';
  const pnpm = ['--yes', '--loglevel=error', packageManager, 'install', '--frozen-lockfile'];
  const status = run(npx, pnpm, environment);
  if (status !== 0) stop(status, 'The install failed.');
  writeFileSync(STAMP, stamp);
}

function installStamp() {
  const manifests = readdirSync('packages').map((name) => `packages/${name}/package.json`);
  const files = [
    'pnpm-lock.yaml',
    'pnpm-workspace.yaml',
    'package.json',
    'demo/package.json',
    'bench/package.json',
    ...manifests,
  ];
  const hash = createHash('sha256').update(process.version);
  for (const file of files) hash.update(file).update(existsSync(file) ? readFileSync(file) : '');
  return hash.digest('hex');
}

function run(command, args, env = process.env) {
  const { status, error } = spawnSync(command, args, {
    stdio: 'inherit',
    env,
    shell: process.platform === 'win32' && command !== process.execPath,
  });
  if (error) process.stderr.write(`${command}: ${error.message}\n`);
  return status ?? 1;
}

function stop(status, message) {
  if (message !== '') process.stderr.write(`${message}\n`);
  // A program that counts tests gets a count even if none could run.
  if (jobName === 'test' && message !== '') process.stdout.write('0 passed, 1 failed\n');
  process.exit(status);
}
