// Systems that come as Python packages.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runToEnd } from './processes.mjs';

/**
 * A virtual environment with these packages, made once: the folder that holds its programs. Installing takes minutes, so it is
 * kept in the folder for temporary files, or in TARDY_LIVE_CACHE. `python` is the program to make it with.
 */
export async function pythonWith(packages, python = 'python3') {
  const cache = process.env.TARDY_LIVE_CACHE ?? join(tmpdir(), 'tardy-live-cache');
  const name = `${packages[0].replaceAll(/[^\w.]+/g, '-')}-${createHash('sha256').update(packages.join('\n')).digest('hex').slice(0, 8)}`;
  const folder = join(cache, name);
  const bin = join(folder, 'bin');
  if (existsSync(join(folder, 'complete'))) return bin;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(cache, { recursive: true });
  await runToEnd(python, ['-m', 'venv', folder]);
  await runToEnd(join(bin, 'python'), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages]);
  writeFileSync(join(folder, 'complete'), `${packages.join('\n')}\n`);
  return bin;
}
