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

/** A Node 22 for packages that this Node is too old for; this one if it is new enough. */
export async function node22() {
  if (Number(process.versions.node.split('.')[0]) >= 22) return process.execPath;
  const platform = `node-${process.platform}-${process.arch}`;
  return join(await npmWith([`${platform}@22.23.5`]), platform, 'bin/node');
}
