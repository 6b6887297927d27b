import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The command line as it is built and published, run as a process of its own. */
const TARDY = fileURLToPath(new URL('../../packages/cli/bin/tardy.mjs', import.meta.url));
const BUNDLE = fileURLToPath(new URL('../../packages/cli/dist/main.mjs', import.meta.url));

/** Runs `tardy` with its output on this terminal; gives its exit code. */
export async function runTardy(args: readonly string[], token: string): Promise<number> {
  // Node exits with 1 for a module it cannot find, which would pass for a stuck run.
  if (!existsSync(BUNDLE))
    throw new Error(`The command line is not built (${BUNDLE}): run npm start, or npm run build.`);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [TARDY, ...args], {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, TARDY_TOKEN: token },
    });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 3));
  });
}
