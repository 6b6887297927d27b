// The step of action.yml: runs `tardy check` by npm, and turns its report into outputs of the step.
import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const { env } = process;
const report = join(mkdtempSync(join(env.RUNNER_TEMP || tmpdir(), 'tardy-')), 'report.json');

const check = [
  'check',
  ...linesOf(env.TARDY_INPUT_SOURCES),
  ...option('--config', env.TARDY_INPUT_CONFIG),
  ...option('--policy', env.TARDY_INPUT_POLICY),
  ...option('--fail-on', env.TARDY_INPUT_FAIL_ON),
  `--format=github,json=${report}`,
  ...linesOf(env.TARDY_INPUT_ARGS),
];
const npx = [
  '--yes',
  '--loglevel=error',
  `--package=${packageToRun(env.TARDY_INPUT_PACKAGE || 'latest')}`,
  '--',
  'tardy',
];
// Windows starts npx through a shell, which would split and expand the arguments.
if (process.platform === 'win32') stop('This action runs on Linux and macOS. On Windows, run npx @tardy/cli check.');
const { status, error } = spawnSync('npx', [...npx, ...check], { stdio: 'inherit' });
if (error !== undefined) stop(`npx cannot be started: ${error.message}. Put actions/setup-node before this step.`);
writeOutputs();
// A process that a signal ended has no code, and an unknown result is never 0.
process.exitCode = status ?? 3;

/** A version or tag of @tardy/cli, or a file. */
function packageToRun(value) {
  return /^[\w.^~-]+$/.test(value) && !value.endsWith('.tgz') ? `@tardy/cli@${value}` : value;
}

function writeOutputs() {
  if (!existsSync(report)) return;
  const { verdict, totals } = JSON.parse(readFileSync(report, 'utf8'));
  const outputs = { verdict, stale: totals.likely_stale, late: totals.late, report };
  const text = Object.entries(outputs).map(([name, value]) => `${name}=${value}\n`);
  if (env.GITHUB_OUTPUT) appendFileSync(env.GITHUB_OUTPUT, text.join(''));
}

function linesOf(text = '') {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function option(name, value = '') {
  return value === '' ? [] : [`${name}=${value}`];
}

function stop(message) {
  process.stderr.write(`::error::${message}\n`);
  process.exit(3);
}
