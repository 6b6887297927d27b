// Systems that are built from Go modules.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runToEnd } from '../processes.mjs';

/**
 * Builds what the module in the folder names, once, and gives the folder with the programs. Building takes a quarter of an hour and
 * more, so it is kept in the folder for temporary files, or in TARDY_LIVE_CACHE.
 */
export async function goPrograms(module, { targets = ['.'], ldflags = '-s -w', tags = '' } = {}) {
  const cache = process.env.TARDY_LIVE_CACHE ?? join(tmpdir(), 'tardy-live-cache');
  const files = readdirSync(module)
    .filter((file) => /\.(?:go|mod|sum)$/.test(file))
    .map((file) => readFileSync(join(module, file), 'utf8'));
  const wanted = JSON.stringify([files, targets, ldflags, tags]);
  const name = `go-${module.split('/').at(-1)}-${createHash('sha256').update(wanted).digest('hex').slice(0, 8)}`;
  const folder = join(cache, name);
  if (existsSync(join(folder, 'complete'))) return folder;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const options = ['build', '-ldflags', ldflags, '-tags', tags, '-o', `${folder}/`, ...targets];
  await runToEnd('go', options, { cwd: module });
  writeFileSync(join(folder, 'complete'), '');
  return folder;
}
