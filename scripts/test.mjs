// npm test: build, checks, unit tests, browser tests. All of it runs even when something before it failed, and the
// last line says how much passed: every check counts as one test.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runChecks } from './check.mjs';
import { finish, printStep } from './counts.mjs';
import { toolPath } from './tool.mjs';
import { root } from './workspace.mjs';

const scratch = mkdtempSync(join(tmpdir(), 'tardy-test-'));
const counts = [];
try {
  const built = spawnNode(['scripts/build.mjs']);
  printStep({ name: 'build', ok: built });
  counts.push({ passed: Number(built), failed: Number(!built) });
  counts.push(await runChecks());
  counts.push(unitTests(join(scratch, 'unit.json')));
  counts.push(browserTests(join(scratch, 'browser.json')));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  counts.push({ passed: 0, failed: 1 });
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
finish(counts);

function unitTests(reportFile) {
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`];
  const ok = spawnNode([toolPath('vitest'), 'run', ...reporters]);
  if (!existsSync(reportFile)) return agree('unit tests', ok, { passed: 0, failed: 0, skipped: 0 });
  const report = JSON.parse(readFileSync(reportFile, 'utf8'));
  // A file that could not be loaded has no failed tests.
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  );
  return agree('unit tests', ok, {
    passed: report.numPassedTests,
    failed: report.numFailedTests + brokenFiles.length,
    skipped: report.numPendingTests + report.numTodoTests,
  });
}

function browserTests(reportFile) {
  const files = readdirSync(join(root, 'packages/elements/src'), { recursive: true });
  if (!files.some((file) => file.endsWith('.test.ts') && !file.endsWith('.node.test.ts'))) {
    process.stdout.write('browser tests: there are none yet\n');
    return { passed: 0, failed: 0 };
  }
  const ok = spawnNode(['scripts/wtr.mjs', reportFile]);
  const seen = existsSync(reportFile)
    ? JSON.parse(readFileSync(reportFile, 'utf8'))
    : { passed: 0, failed: 0, skipped: 0 };
  return agree('browser tests', ok, seen);
}

/** A runner that fails although all its tests passed has found another problem, which counts too. */
function agree(name, ok, { passed, failed, skipped }) {
  const all = { passed, failed: failed === 0 && !ok ? 1 : failed };
  process.stdout.write(`${name}: ${all.passed} passed, ${all.failed} failed, ${skipped} skipped\n`);
  return all;
}

function spawnNode(args) {
  return spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status === 0;
}
