import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Progress } from '@tardy/core';
import { filesBelow } from './tree.js';

/** Copies a tenant's files to its backup, each compressed. */
export async function* backUp(folder: string): AsyncGenerator<Progress> {
  const names = await filesBelow(join(folder, 'current'));
  for (const [index, name] of names.entries()) {
    const target = join(folder, 'backup', `${name}.gz`);
    await mkdir(dirname(target), { recursive: true });
    await pipeline(createReadStream(join(folder, 'current', name)), createGzip(), createWriteStream(target));
    yield { processed: index + 1, total: names.length, succeeded: index + 1, failed: 0, unit: 'files' };
  }
}
