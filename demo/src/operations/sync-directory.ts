import { copyFile, mkdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Progress } from '@tardy/core';
import { filesBelow } from './tree.js';

/** Updates the mirror of a tenant's files; files that the mirror already has are skipped. */
export async function* syncDirectory(folder: string): AsyncGenerator<Progress> {
  const names = await filesBelow(join(folder, 'current'));
  let skipped = 0;
  for (const [index, name] of names.entries()) {
    const from = join(folder, 'current', name);
    const to = join(folder, 'mirror', name);
    if (await isUpToDate(from, to)) skipped++;
    else {
      await mkdir(dirname(to), { recursive: true });
      await copyFile(from, to);
    }
    const processed = index + 1;
    yield { processed, total: names.length, succeeded: processed - skipped, skipped, unit: 'files' };
  }
}

async function isUpToDate(from: string, to: string): Promise<boolean> {
  try {
    const [source, target] = await Promise.all([stat(from), stat(to)]);
    return target.mtimeMs >= source.mtimeMs && target.size === source.size;
  } catch {
    return false;
  }
}
