import { randomBytes } from 'node:crypto';
import { lstat, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { UsageError } from './errors.js';

/** Devices and the process's own streams: `/dev/stdout` may lead to a regular file, which must not be replaced either. */
const IN_PLACE = /^\/(?:dev|proc)\//;

/**
 * Writes a file of results.
 *
 * A regular file is replaced atomically, so that a concurrent reader sees the old text or the new one; a symbolic link is followed.
 * A device, a FIFO or a socket is written to and never replaced.
 *
 * @throws {UsageError} naming the path; nothing is left behind.
 */
export async function writeOutput(path: string, text: string): Promise<void> {
  try {
    const existing = await found(stat(path));
    if (IN_PLACE.test(resolve(path)) || (existing !== undefined && !existing.isFile())) return await append(path, text);
    // A link that leads nowhere yet: opening it creates its target.
    if (existing === undefined && (await found(lstat(path))) !== undefined) return await append(path, text);
    await replace(existing === undefined ? path : await realpath(path), text, existing?.mode);
  } catch (error) {
    throw new UsageError(`${path} cannot be written: ${reasonOf(error)}.`);
  }
}

async function append(path: string, text: string): Promise<void> {
  const file = await open(path, 'a');
  try {
    await file.writeFile(text);
  } finally {
    await file.close();
  }
}

async function replace(path: string, text: string, mode = 0o666): Promise<void> {
  // An unpredictable name, and never an existing file: others may be able to write to the folder.
  const draft = `${path}.${randomBytes(9).toString('hex')}.tmp`;
  const file = await open(draft, 'wx', mode);
  try {
    try {
      await file.writeFile(text);
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** `undefined` if there is no such file; other errors throw. */
async function found<T>(looking: Promise<T>): Promise<T | undefined> {
  try {
    return await looking;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function reasonOf(error: unknown): string {
  switch (codeOf(error)) {
    case 'ENOENT':
      return 'its folder does not exist';
    case 'EACCES':
    case 'EPERM':
      return 'permission denied';
    case 'EISDIR':
      return 'it is a folder';
    case 'ENOSPC':
      return 'the disk is full';
    default:
      return codeOf(error) ?? String(error);
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
