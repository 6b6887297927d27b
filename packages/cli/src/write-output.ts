import { randomBytes } from 'node:crypto';
import {
  access,
  constants,
  lstat,
  open,
  readlink,
  realpath,
  rename,
  rm,
  stat,
  type FileHandle,
} from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { UsageError } from './errors.js';

/** Devices and the process's own streams: `/dev/stdout` may lead to a regular file, which must not be replaced either. */
const IN_PLACE = /^\/(?:dev|proc)\//;

/**
 * Writes a file of results.
 *
 * A regular file is replaced atomically, so that a concurrent reader sees the old text or the new one; a symbolic link is followed.
 * A device, a FIFO or a socket is written to and never replaced.
 *
 * @param mode of a file that does not exist yet.
 * @throws {UsageError} naming the path; nothing is left behind.
 */
export async function writeOutput(path: string, text: string, mode?: number): Promise<void> {
  try {
    const existing = await found(stat(path));
    if (IN_PLACE.test(resolve(path)) || (existing !== undefined && !existing.isFile())) return await append(path, text);
    // A link that leads nowhere yet: opening it creates its target.
    if (existing === undefined && (await found(lstat(path))) !== undefined) return await append(path, text);
    await replace(existing === undefined ? path : await realpath(path), text, existing?.mode ?? mode);
  } catch (error) {
    throw new UsageError(`${path} cannot be written: ${reasonOf(error)}.`);
  }
}

/**
 * Adds text at the end of a file, which others write to as well.
 *
 * @throws {UsageError} naming the path.
 */
export async function appendOutput(path: string, text: string): Promise<void> {
  try {
    await append(path, text);
  } catch (error) {
    throw new UsageError(`${path} cannot be written: ${reasonOf(error)}.`);
  }
}

/**
 * Checks that `writeOutput` can write a file, and changes nothing: a FIFO is not opened, since that would wait for its reader.
 *
 * @throws {UsageError} naming the path.
 */
export async function checkWritable(path: string): Promise<void> {
  try {
    const existing = await found(stat(path));
    if (existing?.isDirectory() === true) throw Object.assign(new Error(), { code: 'EISDIR' });
    if (IN_PLACE.test(resolve(path)) || (existing !== undefined && !existing.isFile())) {
      return await access(path, constants.W_OK);
    }
    if (existing === undefined && (await found(lstat(path))) !== undefined) {
      return await access(dirname(await realTarget(path)), constants.W_OK);
    }
    // Only a draft shows what a file system that is full of names or read-only, or one with quotas, lets happen.
    const draft = await openDraft(existing === undefined ? path : await realpath(path));
    await draft.file.close();
    await rm(draft.path, { force: true });
  } catch (error) {
    throw new UsageError(`${path} cannot be written: ${reasonOf(error)}.`);
  }
}

/** Where a link leads that leads to nothing yet. */
async function realTarget(path: string): Promise<string> {
  const target = resolve(dirname(path), await readlink(path));
  return (await found(lstat(target))) === undefined ? target : realTarget(target);
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
  const draft = await openDraft(path, mode);
  try {
    try {
      await draft.file.writeFile(text);
    } finally {
      await draft.file.close();
    }
    await rename(draft.path, path);
  } catch (error) {
    await rm(draft.path, { force: true });
    throw error;
  }
}

/** An unpredictable name, and never an existing file: others may be able to write to the folder. */
async function openDraft(path: string, mode = 0o666): Promise<{ readonly path: string; readonly file: FileHandle }> {
  const draft = `${path}.${randomBytes(9).toString('hex')}.tmp`;
  return { path: draft, file: await open(draft, 'wx', mode) };
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
