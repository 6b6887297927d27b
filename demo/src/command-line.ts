import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

/** The command line as it is built and published, run as a separate process. */
const TARDY = require.resolve('@tardy/cli/bin/tardy.mjs');
const BUNDLE = join(dirname(TARDY), '../dist/main.mjs');

/** Whether the command line is built: Node exits with 1 for a missing file, which would look like a stuck run. */
export function isTardyBuilt(): boolean {
  return existsSync(BUNDLE);
}

/** Runs `tardy` with its output on this terminal or nowhere; returns its exit code. */
export function runTardy(
  args: readonly string[],
  token: string,
  output: 'inherit' | 'ignore' = 'inherit',
): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [TARDY, ...args], {
      stdio: ['ignore', output, output],
      env: { ...process.env, TARDY_TOKEN: token },
    });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 3));
  });
}
