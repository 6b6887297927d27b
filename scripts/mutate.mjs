// npm run mutate [-- <folder or file>…]: changes the code below packages/core/src and packages/cli/src in small ways and
// says which changes no test notices. Without arguments everything, which takes hours; results are kept in .stryker, so
// that a second run tests only what has changed. Only the tests beside the code run. MUTATE_CONCURRENCY is the number of workers, 2 by default.
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { Stryker } from '@stryker-mutator/core';
import config from '../stryker.config.mjs';
import { root } from './workspace.mjs';

const DEFAULT_TARGETS = ['packages/core/src', 'packages/cli/src'];
const NOT_CODE = ['!**/*.test.ts', '!**/test-*.ts', '!**/testing/**', '!**/fixtures/**'];

process.chdir(root);
const given = process.argv.slice(2);
const targets = (given.length === 0 ? DEFAULT_TARGETS : given).map((path) => relative(root, resolve(path)));
const missing = targets.filter((path) => !existsSync(path));
if (missing.length > 0) {
  process.stderr.write(`There is no ${missing.join(', ')}. Name a folder or file below packages/*/src.\n`);
  process.exit(2);
}

const name = targets.join('+').replaceAll(/[^\w.+-]+/g, '_');
const folder = join(root, '.stryker');
mkdirSync(folder, { recursive: true });
const reportFile = join(folder, `${name}.json`);
process.env.MUTATE_TESTS = targets.flatMap(testsOf).join(' ');
await new Stryker({
  ...config,
  mutate: [...targets.map((path) => (statSync(path).isDirectory() ? `${path}/**/*.ts` : path)), ...NOT_CODE],
  incremental: true,
  incrementalFile: join(folder, `${name}.incremental.json`),
  jsonReporter: { fileName: reportFile },
}).runMutationTest();
process.stdout.write(summary(JSON.parse(readFileSync(reportFile, 'utf8'))));

/** The tests beside the code, and for an adapter the suite that all of them share. */
function testsOf(path) {
  const own = statSync(path).isDirectory() ? `${path}/**/*.test.ts` : path.replace(/\.ts$/, '*.test.ts');
  return path.startsWith('packages/core/src/sources') ? [own, 'packages/core/src/sources/testing/*.test.ts'] : [own];
}

/** The survivors, one a line, and the score of each file and of all. */
function summary({ files }) {
  const lines = [];
  const all = { killed: 0, valid: 0 };
  for (const [path, { mutants, source }] of Object.entries(files)) {
    const one = { killed: 0, valid: 0 };
    for (const mutant of mutants) {
      if (!['Killed', 'Timeout', 'Survived', 'NoCoverage'].includes(mutant.status)) continue;
      one.valid += 1;
      if (mutant.status === 'Killed' || mutant.status === 'Timeout') one.killed += 1;
      else lines.push(survivor(path, source, mutant));
    }
    all.killed += one.killed;
    all.valid += one.valid;
    if (one.valid > 0) lines.push(`${path}: ${score(one)}`);
  }
  return `${[...lines, `all: ${score(all)}`].join('\n')}\n`;
}

function score({ killed, valid }) {
  return `${valid === 0 ? 100 : Math.floor((1000 * killed) / valid) / 10} % (${killed} of ${valid} killed)`;
}

function survivor(path, source, { location: { start, end }, replacement, mutatorName, status }) {
  const line = source.split('\n')[start.line - 1] ?? '';
  const was =
    start.line === end.line ? line.slice(start.column - 1, end.column - 1) : `${line.slice(start.column - 1)} …`;
  return `${path}:${start.line}:${start.column} ${status} ${mutatorName}: ${was} -> ${replacement?.replaceAll(/\s+/g, ' ')}`;
}
