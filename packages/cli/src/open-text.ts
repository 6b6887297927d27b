import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { UsageError } from './errors.js';

const CHUNK_BYTES = 64 * 1024;
const GZIP = [0x1f, 0x8b];

/**
 * The text of a file in parts, so that it need not fit into memory; one that is compressed with gzip is decompressed, whatever it is called.
 * `undefined` if there is no such file.
 *
 * @throws {UsageError} for any other failure, also while it is read.
 */
export async function openText(path: string): Promise<AsyncIterable<string> | undefined> {
  try {
    const file = await open(path, 'r');
    const start = Buffer.alloc(2);
    const isFile = (await file.stat()).isFile();
    // What comes through a pipe cannot be read twice.
    if (isFile) await file.read(start, 0, 2, 0);
    const bytes = file.createReadStream({ highWaterMark: CHUNK_BYTES, ...(isFile ? { start: 0 } : {}) });
    return textOf(
      path,
      bytes,
      GZIP.every((byte, index) => start[index] === byte),
    );
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw unreadable(path, error);
  }
}

async function* textOf(path: string, bytes: Readable, compressed: boolean): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  try {
    for await (const part of compressed ? decompressed(bytes) : bytes) {
      yield decoder.decode(part as Buffer, { stream: true });
    }
  } catch (error) {
    throw unreadable(path, error);
  }
  yield decoder.decode();
}

function decompressed(bytes: Readable): Readable {
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  // A failure to read must not leave the decompression waiting.
  bytes.on('error', (error) => gunzip.destroy(error));
  return bytes.pipe(gunzip);
}

function unreadable(path: string, error: unknown): UsageError {
  return new UsageError(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
}

function isMissing(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
