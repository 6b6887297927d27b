// Systems that come as npm packages.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runToEnd } from '../processes.mjs';

/**
 * The node_modules folder with these packages, made once. Installing takes minutes, so it is kept in the folder for temporary files,
 * or in TARDY_LIVE_CACHE. Nothing that a package brings along is run while it is installed.
 */
export async function npmWith(packages, { overrides = {} } = {}) {
  const cache = process.env.TARDY_LIVE_CACHE ?? join(tmpdir(), 'tardy-live-cache');
  const wanted = JSON.stringify([packages, overrides]);
  const name = `npm-${packages[0].replaceAll(/[^\w.]+/g, '-')}-${createHash('sha256').update(wanted).digest('hex').slice(0, 8)}`;
  const folder = join(cache, name);
  const modules = join(folder, 'node_modules');
  if (existsSync(join(folder, 'complete'))) return modules;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, overrides }));
  await runToEnd('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', ...packages], { cwd: folder });
  writeFileSync(join(folder, 'complete'), `${wanted}\n`);
  return modules;
}
