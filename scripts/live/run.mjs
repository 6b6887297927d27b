// npm run test:live -- <system>…: starts the real system, lets one run finish, one stay healthy and one lose its worker, and holds
// `tardy check` to it: 0 first, then 1 on exactly the run that hangs. Prints what the system itself says about it meanwhile.
//
// A system is the module packages/core/src/sources/<kind>/live.mjs, which exports
//   name
//   policy            thresholds fit for the minutes of a test; JSON of a policy
//   prepare()         where there is one: what takes longer than a test may, such as building the system
//   start(workdir)    starts the system in the folder; gives { source, env, wrongEnv }: what to check, the variables for its token
//                     and, where it asks for one, those with a wrong one
//   finishOne()       lets a run succeed
//   healthyOne()      starts a run that continues; returns its id
//   hangOne()         the same; gives { id, kill }, where kill ends the worker as a crash does
//   waitingOnes()     where there is one: starts runs that wait legitimately; returns [{ id, hold, end }] with the hold of each; `end`, where
//                     there is one, removes the run before the crash, which would stop it too
//   nativeView(id)    what the system's own API says of the run, in a line
//   stop()            ends all that was started
// Beside the systems, `run-api` and `sql-engines` are modules here: they export test(workdir, say) in place of that story, and where it
// takes longer than a system may, longestMs.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';

const LONGEST_MS = 15 * 60_000;
const UNTIL_STUCK_MS = 6 * 60_000;
const BETWEEN_CHECKS_MS = 5000;
/** The policies make a waiting run late after a second: only then is what it waits for looked up. */
const UNTIL_WAITING_IS_LATE_MS = 3000;

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../..');
const tardy = join(root, 'packages/cli/bin/tardy.mjs');
const startedAt = Date.now();
const wanted = process.argv.slice(2);
const sources = join(root, 'packages/core/src/sources');
const OWN = ['run-api', 'sql-engines'];
const moduleOf = (kind) => (OWN.includes(kind) ? join(here, `${kind}.mjs`) : join(sources, kind, 'live.mjs'));
const systems = [...OWN, ...readdirSync(sources)].filter((kind) => existsSync(moduleOf(kind)));

if (wanted.length === 0 || wanted.some((name) => !systems.includes(name))) {
  process.stderr.write(`Name what to test: ${systems.join(', ')}.\n`);
  process.exit(2);
}
if (!existsSync(join(root, 'packages/cli/dist/main.mjs'))) {
  process.stderr.write('There is no command line yet: npm run build\n');
  process.exit(2);
}

let failed = 0;
for (const name of wanted) {
  const system = await import(pathToFileURL(moduleOf(name)).href);
  const workdir = mkdtempSync(join(tmpdir(), `tardy-live-${name}-`));
  const stop = async () => {
    await system.stop();
    rmSync(workdir, { recursive: true, force: true, maxRetries: 5 });
  };
  const onSignal = () => void stop().finally(() => process.exit(130));
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  try {
    await system.prepare?.();
    await withinTime(system.test?.(workdir, say) ?? testSystem(system, workdir), system.longestMs ?? LONGEST_MS);
    say(`${name}: passed`);
  } catch (error) {
    failed++;
    say(`${name}: FAILED: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
    await stop();
  }
}
process.stdout.write(`${wanted.length - failed} passed, ${failed} failed\n`);
process.exit(failed === 0 ? 0 : 1);

async function testSystem(system, workdir) {
  const policy = join(workdir, 'policy.json');
  writeFileSync(policy, JSON.stringify(system.policy));
  say(`${system.name}: starting`);
  const { source, env, wrongEnv } = await system.start(workdir);
  say(`started; tardy check ${source}`);
  await system.finishOne();
  say('one run has finished');
  const healthy = await system.healthyOne();
  const { id: hung, kill } = await system.hangOne();
  say(`two runs are at work: ${healthy} stays, ${hung} will lose its worker`);
  const waiting = (await system.waitingOnes?.()) ?? [];
  for (const { id, hold } of waiting) say(`${id} waits: ${hold}`);
  if (waiting.length > 0) await wait(UNTIL_WAITING_IS_LATE_MS);

  const before = await check(source, policy, env);
  report('before the crash', before);
  expect(before.code === 0, `check ended with ${before.code} while all was well: ${before.stderr || before.stdout}`);
  if (wrongEnv !== undefined) {
    const refused = await check(source, policy, wrongEnv);
    say(`with a wrong credential: check ended with ${refused.code}: ${refused.error}`);
    expect(refused.code === 3, 'a wrong credential must end with 3');
  }
  for (const id of [healthy, hung]) expect(before.read.includes(id), `${id} was not read`);
  expectWaiting(waiting, before.runs);

  for (const { end } of waiting) await end?.();
  await kill();
  say(`the worker of ${hung} was killed; the system says: ${await system.nativeView(hung)}`);
  const until = Date.now() + UNTIL_STUCK_MS;
  let after = await check(source, policy, env);
  while (after.code === 0 && Date.now() < until) {
    await wait(BETWEEN_CHECKS_MS);
    after = await check(source, policy, env);
  }
  report('after the crash', after);
  say(`the system says meanwhile: ${await system.nativeView(hung)}`);
  say(`and of the healthy one: ${await system.nativeView(healthy)}`);
  expect(after.code === 1, `check ended with ${after.code}: ${after.stderr || after.stdout}`);
  expect(after.stuck.length === 1 && after.stuck[0] === hung, `stuck are ${after.stuck.join(', ')}, not only ${hung}`);
  expectWaiting(
    waiting.filter(({ end }) => end === undefined),
    after.runs,
  );
  const { stdout } = await run([tardy, 'check', source, '--policy', policy], env);
  process.stdout.write(stdout.replace(/^/gm, '    '));
  process.stdout.write('\n');
}

/** Runs the command line as a user does, and reads its report. */
async function check(source, policy, env) {
  const { code, stdout, stderr } = await run([tardy, 'check', source, '--policy', policy, '--json', '--all'], env);
  let runs = [];
  let error;
  try {
    const report = JSON.parse(stdout);
    runs = report.runs;
    error = report.sources.map((one) => one.error?.message).join();
  } catch {
    // No report: the exit code and what was printed say why.
  }
  return {
    code,
    stdout,
    stderr,
    error,
    runs,
    read: runs.map(({ run }) => run.id),
    stuck: runs.filter(({ freshness }) => freshness.state === 'likely_stale').map(({ run }) => run.id),
  };
}

function run(args, env) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { env: { ...process.env, ...env }, timeout: 90_000 });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => (stdout += chunk));
    child.stderr.on('data', (chunk) => (stderr += chunk));
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

function report(when, { code, runs }) {
  say(`${when}: check ended with ${code}`);
  for (const { run, freshness, presentation } of runs) {
    say(`  ${run.id} ${run.type}: ${freshness.state} (${presentation.reason ?? presentation.headline})`);
  }
}

function expectWaiting(waiting, runs) {
  for (const { id, hold } of waiting) {
    const found = runs.find(({ run }) => run.id === id);
    const is = found === undefined ? 'not there' : `${found.run.hold ?? 'no hold'}, ${found.freshness.state}`;
    expect(is === `${hold}, fresh`, `${id} is ${is}; it waits: ${hold}`);
  }
}

function expect(holds, message) {
  if (!holds) throw new Error(message);
}

async function withinTime(work, ms) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${ms / 1000} s`)), ms);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function say(line) {
  process.stdout.write(`${String(Math.round((Date.now() - startedAt) / 1000)).padStart(4)} s  ${line}\n`);
}
