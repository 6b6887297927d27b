// npm run mutate [-- <folder or file>…]: changes the code below packages/core/src and packages/cli/src in small ways and
// says which changes no test notices. Without arguments everything, which takes hours; results are kept in .stryker until the code
// changes: delete the folder after changes of tests. Only the tests beside the code run. MUTATE_CASES is the number of cases of
// each property, 40 by default. MUTATE_SAMPLE limits how many changes are tried; the same code always gives the same sample.
//
// The changes are those of Stryker, the tests are run by vitest: see mutation/runner.mjs.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { Instrumenter } from '@stryker-mutator/instrumenter';
import { root } from './workspace.mjs';

const DEFAULT_TARGETS = ['packages/core/src', 'packages/cli/src'];
const NOT_CODE = /\.test\.ts$|\/test-[^/]*\.ts$|\/testing\/|\/fixtures\//;
/** How often the results are looked at, and how often in a row nothing is new until one change has run into an endless loop. */
const LOOK_MS = 500;
const MOST_LOOKS = 90;
const MOST_RESTARTS = 200;

process.chdir(root);
const given = process.argv.slice(2);
const targets = (given.length === 0 ? DEFAULT_TARGETS : given).map((path) => relative(root, resolve(path)));
const missing = targets.filter((path) => !existsSync(path));
if (missing.length > 0) {
  process.stderr.write(`There is no ${missing.join(', ')}. Name a folder or file below packages/*/src.\n`);
  process.exit(2);
}

const files = targets
  .flatMap((path) => (statSync(path).isDirectory() ? filesBelow(path) : [path]))
  .filter((path) => path.endsWith('.ts') && !NOT_CODE.test(path));
const { code, mutants: all } = await instrumented(files);
const mutants = sampled(all);
const folder = join(root, '.stryker', digest(JSON.stringify(code)).slice(0, 12));
mkdirSync(folder, { recursive: true });
const codeFile = join(folder, 'code.json');
const resultsFile = join(folder, 'results.jsonl');
const wantedFile = join(folder, 'wanted.json');
writeFileSync(codeFile, JSON.stringify(code));
writeFileSync(wantedFile, JSON.stringify(mutants.map(({ id }) => id)));
for (let restart = 0; restart < MOST_RESTARTS; restart++) if (await runTests()) break;
process.stdout.write(summary(results()));

function filesBelow(folder) {
  return readdirSync(folder, { recursive: true }).map((name) => join(folder, name));
}

/** The code with all changes in it, each behind a switch. */
async function instrumented(paths) {
  const quiet = { debug() {}, info() {}, warn() {}, isDebugEnabled: () => false };
  const sources = paths.map((path) => ({ name: join(root, path), mutate: true, content: readFileSync(path, 'utf8') }));
  const made = await new Instrumenter(quiet).instrument(sources, {
    plugins: null,
    excludedMutations: [],
    ignorers: [],
  });
  return {
    code: Object.fromEntries(made.files.map(({ name, content }) => [name, content])),
    mutants: made.mutants.map((mutant) => ({
      ...mutant,
      fileName: relative(root, mutant.fileName),
      location: { start: countedFrom1(mutant.location.start), end: countedFrom1(mutant.location.end) },
    })),
  };
}

/** As many changes as are wanted. The digest of each decides, so that a change elsewhere in the code hardly alters the choice. */
function sampled(mutants) {
  const size = Number(process.env.MUTATE_SAMPLE ?? Infinity);
  const rank = ({ fileName, location: { start }, replacement }) =>
    digest(`${fileName} ${start.line} ${start.column} ${replacement}`);
  return mutants
    .map((mutant) => ({ mutant, rank: rank(mutant) }))
    .sort((one, other) => (one.rank < other.rank ? -1 : 1))
    .slice(0, size)
    .map(({ mutant }) => mutant)
    .sort((one, other) => Number(one.id) - Number(other.id));
}

function digest(text) {
  return createHash('sha256').update(text).digest('hex');
}

function countedFrom1({ line, column }) {
  return { line: line + 1, column: column + 1 };
}

/** Tries what has not been tried. True if all of it was; false if a fresh process must continue. */
async function runTests() {
  const child = spawn(
    process.execPath,
    ['node_modules/vitest/vitest.mjs', 'run', '--config', 'vitest.mutate.config.ts'],
    {
      env: {
        ...process.env,
        MUTATE_CODE: codeFile,
        MUTATE_RESULTS: resultsFile,
        MUTATE_WANTED: wantedFile,
        MUTATE_TESTS: targets.flatMap(testsOf).join(' '),
      },
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
    },
  );
  let said = '';
  child.stderr.on('data', (text) => (said += text));
  let size = -1;
  // Not a time: the machine may be busy, or this process paused.
  let looks = 0;
  let stopped = false;
  const watch = setInterval(() => {
    const now = existsSync(resultsFile) ? statSync(resultsFile).size : 0;
    if (now !== size) [size, looks] = [now, 0];
    else if (++looks > MOST_LOOKS && lines().at(-1)?.trying !== undefined) {
      stopped = true;
      process.kill(-Number(child.pid), 'SIGKILL');
    }
  }, LOOK_MS);
  const exit = await new Promise((done) => child.on('close', done));
  clearInterval(watch);
  const last = lines().at(-1);
  const failed = lines().filter((line) => line.failed !== undefined);
  if (last === undefined || failed.length > 0) {
    process.stderr.write(`Tests fail without any change: ${JSON.stringify(failed)}\n${said}`);
    process.exit(1);
  }
  if (stopped)
    appendFileSync(
      resultsFile,
      `${JSON.stringify({ id: last.trying, status: 'Killed', by: 'an endless loop', in: last.in })}\n`,
    );
  // The exit code is null after a signal.
  return last.finished !== undefined && exit !== null;
}

function lines() {
  const text = existsSync(resultsFile) ? readFileSync(resultsFile, 'utf8') : '';
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

/** What became of each change, by file. A change of a module's top level is left out: it would need every module again. */
function results() {
  const statuses = new Map();
  const loaded = new Set();
  for (const line of lines()) {
    for (const id of line.loaded ?? []) loaded.add(id);
    if (line.status !== undefined && statuses.get(line.id) !== 'Killed') statuses.set(line.id, line.status);
  }
  const byFile = {};
  for (const mutant of mutants) {
    const status = statuses.get(mutant.id) ?? (loaded.has(mutant.id) ? 'Ignored' : 'NoCoverage');
    (byFile[mutant.fileName] ??= { source: readFileSync(mutant.fileName, 'utf8'), mutants: [] }).mutants.push({
      ...mutant,
      status,
    });
  }
  return { files: byFile };
}

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
