import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Progress } from '@tardy/core';
import { filesBelow } from './tree.js';

/** Compares each file of a tenant with its baseline, by hash. A file that drifted or is missing counts as failed. */
export async function* compareBaselines(folder: string): AsyncGenerator<Progress> {
  const names = await filesBelow(join(folder, 'baseline'));
  let failed = 0;
  for (const [index, name] of names.entries()) {
    const [wanted, found] = await Promise.all(['baseline', 'current'].map((side) => hashOf(join(folder, side, name))));
    if (wanted !== found) failed++;
    const processed = index + 1;
    yield { processed, total: names.length, succeeded: processed - failed, failed, unit: 'policies' };
  }
}

async function hashOf(path: string): Promise<string | undefined> {
  try {
    return createHash('sha256')
      .update(await readFile(path))
      .digest('hex');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
