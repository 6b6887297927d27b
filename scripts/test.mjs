// npm test: types and build first, since the rest reads what they write; then checks, unit tests, end-to-end tests and
// browser tests side by side. All of it runs even when something before it failed, and the last line says how much
// passed: every check counts as one test.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkNames } from './check.mjs';
import { finish, printStep } from './counts.mjs';
import { toolPath } from './tool.mjs';
import { root } from './workspace.mjs';

const scratch = mkdtempSync(join(tmpdir(), 'tardy-test-'));
const counts = [];
try {
  counts.push(await checks(['types']));
  counts.push(await build());
  // End-to-end tests mostly wait: they leave a core to the others.
  const lanes = [
    [() => vitest('unit')],
    [() => vitest('end to end'), browserTests],
    [() => checks(checkNames.filter((name) => name !== 'types'))],
  ];
  counts.push(...(await Promise.all(lanes.map(inTurn))).flat());
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  counts.push({ passed: 0, failed: 1 });
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
finish(counts);

async function inTurn(jobs) {
  const results = [];
  for (const job of jobs) results.push(await job());
  return results;
}

async function build() {
  const { ok, output } = await runNode(['scripts/build.mjs']);
  printStep({ name: 'build', ok, detail: output });
  return { passed: Number(ok), failed: Number(!ok) };
}

async function checks(names) {
  const { ok, output } = await runNode(['scripts/check.mjs', ...names]);
  process.stdout.write(output);
  // Without its last line it did not get to its end.
  const [lastLine, passed = 0, failed = 0] = [...output.matchAll(/^(\d+) passed, (\d+) failed$/gm)].at(-1) ?? [];
  const seen = { passed: Number(passed), failed: Number(failed), skipped: 0 };
  return agree('checks', ok && lastLine !== undefined, seen);
}

async function vitest(project) {
  const reportFile = join(scratch, `${project}.json`);
  const { ok } = await runAloud(`${project} tests`, [
    toolPath('vitest'),
    'run',
    `--project=${project}`,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${reportFile}`,
  ]);
  if (!existsSync(reportFile)) return agree(`${project} tests`, false, { passed: 0, failed: 0, skipped: 0 });
  const report = JSON.parse(readFileSync(reportFile, 'utf8'));
  // A file that could not be loaded has no failed tests.
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  );
  return agree(`${project} tests`, ok, {
    passed: report.numPassedTests,
    failed: report.numFailedTests + brokenFiles.length,
    skipped: report.numPendingTests + report.numTodoTests,
  });
}

async function browserTests() {
  const reportFile = join(scratch, 'browser.json');
  const { ok } = await runAloud('browser tests', ['scripts/wtr.mjs', reportFile]);
  if (!existsSync(reportFile)) return agree('browser tests', false, { passed: 0, failed: 0, skipped: 0 });
  return agree('browser tests', ok, JSON.parse(readFileSync(reportFile, 'utf8')));
}

/** A runner that fails although all its tests passed has found another problem, which counts too. */
function agree(name, ok, { passed, failed, skipped }) {
  const all = { passed, failed: failed === 0 && !ok ? 1 : failed };
  process.stdout.write(`${name}: ${all.passed} passed, ${all.failed} failed, ${skipped} skipped\n`);
  return all;
}

/** Runs and then prints what it printed, in one piece: others run beside it. */
async function runAloud(name, args) {
  const started = performance.now();
  process.stdout.write(`${name}: started\n`);
  const { ok, output } = await runNode(args);
  process.stdout.write(`${output}\n${name}: ended after ${Math.round((performance.now() - started) / 1000)} s\n`);
  return { ok };
}

/** Runs a script of node to its end; `output` is what it printed to stdout and stderr. */
function runNode(args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks = [];
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    child.stderr.on('data', (chunk) => chunks.push(chunk));
    child.once('error', (error) => resolve({ ok: false, output: `${error.message}\n` }));
    child.once('close', (code) => resolve({ ok: code === 0, output: Buffer.concat(chunks).toString() }));
  });
}
