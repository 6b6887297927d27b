// The vitest runner of scripts/mutate.mjs. Once the tests of a file have passed, it switches on one change after the other and
// runs the tests that reach it again, quickest first, until one fails. All changes are tried in one process, since loading
// the tests takes far longer than running them.
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { TestRunner } from 'vitest';

/** How long a test may take with a change: so long, and ten times as long as without it. */
const GRACE_MS = 4000;
/** A change that is reached this many times more often than the code it replaces has made a loop endless. */
const HITS = 200;
/** What the process exits with once a change has damaged state that outlives a test: the rest needs a fresh process. */
const DAMAGED = 77;

/** Where the changed code looks which change is switched on, and counts what it reaches. */
const STATE = '__stryker__';
const state = (globalThis[STATE] ??= {});
// Tests may replace these.
const { setTimeout, clearTimeout, performance, process } = globalThis;
const resultsFile = process.env.MUTATE_RESULTS;
/** The changes to try. */
const wanted = new Set(JSON.parse(readFileSync(process.env.MUTATE_WANTED, 'utf8')));
/** Whether this process has tried a change. */
let tried = false;

function write(result) {
  appendFileSync(resultsFile, `${JSON.stringify(result)}\n`);
}

/** Changes that this test file need not try: those noticed before, and those that it has tried before. */
function doneFor(file) {
  const lines = existsSync(resultsFile) ? readFileSync(resultsFile, 'utf8').split('\n').filter(Boolean) : [];
  const results = lines.map((line) => JSON.parse(line));
  const done = results.filter(
    ({ status, in: where }) => status === 'Killed' || (status === 'Survived' && where === file),
  );
  return new Set(done.map(({ id }) => id));
}

// eslint-disable-next-line import/no-default-export -- vitest loads a runner by it
export default class MutationRunner extends TestRunner {
  durations = new Map();

  async onBeforeRunTask(test) {
    await super.onBeforeRunTask(test);
    state.currentTestId = test.id;
    this.durations.set(test.id, performance.now());
  }

  onAfterRunTask(test) {
    super.onAfterRunTask(test);
    state.currentTestId = undefined;
    this.durations.set(test.id, performance.now() - (this.durations.get(test.id) ?? 0));
  }

  async onAfterRunSuite(suite) {
    if (suite.filepath !== undefined) await this.tryChanges(suite);
    return super.onAfterRunSuite(suite);
  }

  async tryChanges(file) {
    const tests = testsOf(file).filter(({ result }) => result?.state === 'pass');
    const failed = testsOf(file).filter(({ result }) => result?.state === 'fail');
    if (failed.length > 0) return write({ failed: failed.map(({ name }) => name), in: file.name });
    write({ loaded: Object.keys(state.mutantCoverage?.static ?? {}), in: file.name });
    const reached = reachedBy(tests);
    const done = doneFor(file.name);
    const cleanups = await startSuites(file);
    for (const [id, { hits, by }] of reached) {
      if (done.has(id) || !wanted.has(id)) continue;
      write({ trying: id, in: file.name });
      const quickest = [...by].sort((a, b) => this.durations.get(a.id) - this.durations.get(b.id));
      const noticed = await this.firstFailing(quickest, id, hits);
      // A change may have damaged what tests share. Then a failure proves something only in a fresh process.
      const damaged = noticed !== undefined && (await this.fails(noticed, undefined, 0));
      const fresh = !tried;
      tried = true;
      if (damaged && !fresh) {
        write({ damaged: id, by: noticed.name });
        process.exit(DAMAGED);
      }
      write({ id, status: noticed === undefined ? 'Survived' : 'Killed', by: noticed?.name, in: file.name });
      if (damaged) process.exit(DAMAGED);
    }
    for (const cleanup of cleanups) await cleanup();
    write({ finished: file.name });
  }

  async firstFailing(tests, id, hits) {
    for (const test of tests) if (await this.fails(test, id, hits)) return test;
    return undefined;
  }

  /** Runs one test again with a change switched on, as the test runner does. */
  async fails(test, id, hits) {
    state.hitCount = 0;
    state.hitLimit = HITS * (hits + 10);
    state.activeMutant = id;
    const cleanups = [];
    let failed = false;
    const attempt = async (step) => {
      try {
        await within(GRACE_MS + 10 * this.durations.get(test.id), step());
      } catch {
        failed = true;
      }
    };
    test.result = { state: 'run', retryCount: 0 };
    test.promises = [];
    await attempt(async () => {
      this.onBeforeTryTask(test, { retry: 0, repeats: 0 });
      for (const suite of suitesOf(test)) {
        for (const hook of TestRunner.getSuiteHooks(suite).beforeEach) {
          const cleanup = await hook(test.context, suite);
          if (typeof cleanup === 'function') cleanups.push(cleanup);
        }
      }
      await TestRunner.getTestFn(test)();
      await Promise.all(test.promises ?? []);
      this.onAfterTryTask(test, { retry: 0, repeats: 0 });
    });
    if (test.result.state === 'fail') failed = true;
    await attempt(async () => {
      for (const suite of suitesOf(test).toReversed()) {
        for (const hook of TestRunner.getSuiteHooks(suite).afterEach) await hook(test.context, suite);
      }
      for (const cleanup of cleanups) await cleanup();
      for (const finish of test.onFinished?.toReversed() ?? []) await finish(test.context);
    });
    test.onFinished = test.onFailed = undefined;
    state.activeMutant = undefined;
    test.result = { state: 'pass' };
    return failed;
  }
}

/** Counts the time that the test takes, not what other processes take from it. A test that waits for nothing is late, too. */
async function within(ms, promise) {
  let timer;
  const cpuBefore = process.cpuUsage();
  const loopBefore = performance.eventLoopUtilization();
  const isLate = () => {
    const { user, system } = process.cpuUsage(cpuBefore);
    return (user + system) / 1000 >= ms || performance.eventLoopUtilization(loopBefore).utilization < 0.5;
  };
  const late = new Promise((_, reject) => {
    const check = () => (isLate() ? reject(new Error('too slow')) : (timer = setTimeout(check, ms)));
    timer = setTimeout(check, ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

function testsOf(suite) {
  return suite.tasks.flatMap((task) => (task.type === 'suite' ? testsOf(task) : [task]));
}

function suitesOf(test) {
  const suites = [];
  for (let suite = test.suite ?? test.file; suite !== undefined; suite = suite.suite) suites.unshift(suite);
  return suites[0] === test.file ? suites : [test.file, ...suites];
}

/** For each change the tests that reach it, and how often they do at most. */
function reachedBy(tests) {
  const reached = new Map();
  for (const test of tests) {
    for (const [id, hits] of Object.entries(state.mutantCoverage?.perTest[test.id] ?? {})) {
      const entry = reached.get(id) ?? { hits: 0, by: [] };
      reached.set(id, entry);
      entry.hits = Math.max(entry.hits, hits);
      entry.by.push(test);
    }
  }
  return reached;
}

/** Calls what runs before all tests of a suite again: it was cleaned up after the first run. */
async function startSuites(suite) {
  const cleanups = [];
  const { beforeAll, afterAll } = TestRunner.getSuiteHooks(suite);
  for (const hook of beforeAll) {
    const cleanup = await hook(suite);
    if (typeof cleanup === 'function') cleanups.push(cleanup);
  }
  for (const hook of afterAll) cleanups.push(() => hook(suite));
  for (const task of suite.tasks) if (task.type === 'suite') cleanups.unshift(...(await startSuites(task)));
  return cleanups;
}
