// Runs the elements' tests in a real browser. Tests that need Node instead are named *.node.test.ts.
// Arguments that end in .test.ts are the test files to run (all of them by default); the counts go as JSON to a file named by
// any other argument.
import { writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { esbuildPlugin } from '@web/dev-server-esbuild';
import { defaultReporter, startTestRunner } from '@web/test-runner';
import { chromeLauncher } from '@web/test-runner-chrome';
import { hostPages } from '../packages/elements/scripts/host-pages.mjs';
import { scriptedApi } from '../packages/elements/scripts/scripted-api.mjs';
import { findChrome } from './chrome.mjs';
import { entryPoints, partSource, root } from './workspace.mjs';

const parameters = process.argv.slice(2);
const countsFile = parameters.find((parameter) => !parameter.endsWith('.test.ts'));
const chosen = parameters.filter((parameter) => parameter.endsWith('.test.ts'));
const all = ['packages/elements/src/**/*.test.ts', '!packages/elements/src/**/*.node.test.ts'];
const executablePath = await findChrome();
process.stdout.write(`browser: ${executablePath}\n`);

await startTestRunner({
  readCliArgs: false,
  readFileConfig: false,
  config: {
    rootDir: root,
    files: chosen.length > 0 ? chosen : all,
    nodeResolve: true,
    middleware: [scriptedApi(), hostPages()],
    plugins: [
      packagesFromSource(),
      esbuildPlugin({ ts: true, target: 'es2022', tsconfig: join(root, 'packages/elements/tsconfig.json') }),
    ],
    browsers: [
      // A test machine may have neither a sandbox nor a large /dev/shm.
      chromeLauncher({ launchOptions: { executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] } }),
    ],
    concurrency: 2,
    // Printed for every file, and intended: the tests need Lit's warnings.
    filterBrowserLogs: ({ args }) => !String(args[0]).startsWith('Lit is in dev mode'),
    testFramework: { config: { timeout: 10_000 } },
    reporters: [defaultReporter(), countingReporter()],
  },
});

/** Serves our own packages from their sources, as the other tests do. */
function packagesFromSource() {
  const sources = new Map(entryPoints.map(({ specifier, source }) => [specifier, served(source)]));
  const resolveImport = ({ source }) => {
    const part = partSource(source, 'browser');
    return part === undefined ? sources.get(source) : served(part);
  };
  return { name: 'packages-from-source', resolveImport };
}

function served(path) {
  return `/${relative(root, path).replaceAll('\\', '/')}`;
}

function countingReporter() {
  return {
    onTestRunFinished({ sessions }) {
      if (countsFile === undefined) return;
      const counts = { passed: 0, failed: 0, skipped: 0 };
      for (const session of sessions) countSession(session, counts);
      writeFileSync(countsFile, JSON.stringify(counts));
    },
  };
}

function countSession({ testResults, passed, errors }, counts) {
  const failedBefore = counts.failed;
  if (testResults !== undefined) countSuite(testResults, counts);
  // A file that did not load, or failed outside its tests, counts as one failure.
  const brokenFile = !passed || (errors ?? []).length > 0;
  if (brokenFile && counts.failed === failedBefore) counts.failed += 1;
}

function countSuite({ suites, tests }, counts) {
  for (const { skipped, passed } of tests) counts[skipped ? 'skipped' : passed ? 'passed' : 'failed'] += 1;
  for (const suite of suites) countSuite(suite, counts);
}
