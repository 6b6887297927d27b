import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { getJson, stateOf, until } from './api-client.js';
import { isTardyBuilt, runTardy } from './command-line.js';
import { startDemo, type Demo } from './demo.js';
import { DEMO_POLICY } from './demo-policy.js';
import { PEOPLE } from './people.js';

const HELP = `npm start -- [--port <number>] [--once]

Starts the run API over a real database with real workers, kills one of them, and lets the check find it.

  --port <number>  where to listen on 127.0.0.1 (default: 4173, or any free port where that is taken)
  --once           end after the story: find the dead run, close it, check again (also with CI set)

DATABASE_URL names a PostgreSQL server to use in place of the embedded one; its schema tardy_demo is emptied.
`;

const DEFAULT_PORT = 4173;
const REST_MS = 900;
const PATIENCE_MS = 30_000;

const { values: flags } = parseArgs({
  options: { port: { type: 'string' }, once: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
});
if (flags.help === true) say(HELP);
else process.exitCode = await main(flags.port, flags.once === true || Boolean(process.env['CI']));

async function main(port: string | undefined, endAfterStory: boolean): Promise<number> {
  if (!isTardyBuilt()) {
    process.stderr.write('The command line is not built: use npm start, which builds it first.\n');
    return 1;
  }
  const demo = await start(port);
  say(`The pages are at ${demo.origin}/admin and the run API at ${demo.origin}/api, over ${demo.databaseName}.\n`);
  try {
    return await Promise.race([endAfterStory ? storyOf(demo) : serveAfterStory(demo), interruption()]);
  } finally {
    await demo.stop();
  }
}

/** Keeps the demo running once the dead run was found. */
async function serveAfterStory(demo: Demo): Promise<never> {
  await killAndFind(demo);
  showMore(demo);
  return new Promise<never>(() => {});
}

/** The full story: found, closed, checked again. The exit code says whether it went as expected. */
async function storyOf(demo: Demo): Promise<number> {
  const found = await killAndFind(demo);
  const closed = await closeAndCheck(demo);
  say(
    `\nThe check exited with ${found} for the dead run (expected: 1) and with ${closed} once it was closed (expected: 0).\n`,
  );
  return found === 1 && closed === 0 ? 0 : 1;
}

async function start(port: string | undefined): Promise<Demo> {
  const options = {
    databaseUrl: process.env['DATABASE_URL'],
    workerFile: fileURLToPath(new URL('worker.js', import.meta.url)),
    pagesFolder: fileURLToPath(new URL('pages', import.meta.url)),
    policy: DEMO_POLICY,
    restMs: REST_MS,
    onError: (error: unknown) =>
      process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`),
  };
  if (port !== undefined) return startDemo({ ...options, port: Number(port) });
  try {
    return await startDemo({ ...options, port: DEFAULT_PORT });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
    return startDemo({ ...options, port: 0 });
  }
}

/** Kills the worker of the victim, waits until the run counts as stuck, and lets the command line report it. */
async function killAndFind(demo: Demo): Promise<number> {
  const { origin, victim, tokens } = demo;
  await until('the first steps of the run', () => hasBegun(demo), PATIENCE_MS);
  const pid = await demo.killWorkerOf(victim);
  say(
    `Killed worker process ${pid} with SIGKILL in the middle of run ${victim}. Nothing updated the run: it still says running.\n`,
  );
  say('Waiting until it has had no heartbeat for longer than the threshold of the demo policy (10 s) …\n\n');
  await until(
    'the run to go stale',
    async () => (await stateOf(origin, victim, tokens.omar)) === 'likely_stale',
    PATIENCE_MS,
  );
  say(`$ tardy check runs:${origin}/api\n`);
  const code = await runTardy(['check', `runs:${origin}/api`], tokens.omar);
  say(`(exit code ${code})\n`);
  return code;
}

/** Closes the run as an operator of the host would, and checks again. */
async function closeAndCheck({ origin, victim, tokens }: Demo): Promise<number> {
  const headers = { Authorization: `Bearer ${tokens.omar}` };
  const response = await fetch(`${origin}/demo/runs/${victim}/close`, { method: 'POST', headers });
  if (!response.ok) throw new Error(`Closing ${victim} gave ${response.status}: ${await response.text()}`);
  say(`\nClosed run ${victim} in the host.\n\n$ tardy check runs:${origin}/api\n`);
  const code = await runTardy(['check', `runs:${origin}/api`], tokens.omar);
  say(`(exit code ${code})\n`);
  return code;
}

async function hasBegun({ origin, victim, tokens }: Demo): Promise<boolean> {
  const run = (await getJson(origin, `/runs/${victim}`, tokens.omar)) as { progress?: { processed: number } };
  return (run.progress?.processed ?? 0) >= 2;
}

function showMore({ origin, victim, tokens }: Demo): void {
  say(`
Look around while the workers continue (Ctrl-C ends it): open ${origin}/admin and sign in as omar.

In another terminal, in this directory:

  export TARDY_TOKEN=${tokens.omar}
  alias tardy='node packages/cli/bin/tardy.mjs'

  tardy check runs:${origin}/api
  tardy list runs:${origin}/api
  tardy show runs:${origin}/api ${victim} --explain
  curl -H "Authorization: Bearer $TARDY_TOKEN" '${origin}/api/runs?problem_class=active_stale_attention'
  curl -N -H "Authorization: Bearer $TARDY_TOKEN" '${origin}/api/runs/events'

Close the dead run as its host would, and the check exits with 0:

  curl -X POST -H "Authorization: Bearer $TARDY_TOKEN" '${origin}/demo/runs/${victim}/close'

Others see other things. Their tokens:

${PEOPLE.map(({ id, shows }) => `  TARDY_TOKEN=${tokens[id]}  ${id}: ${shows}`).join('\n')}
`);
}

/** Ctrl-C ends the demo, with the usual exit code. */
function interruption(): Promise<number> {
  return Promise.race([once(process, 'SIGINT').then(() => 130), once(process, 'SIGTERM').then(() => 143)]);
}

function say(text: string): void {
  process.stdout.write(text);
}
