import { realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UsageError } from './errors.js';

/** A file that only this process may change until it releases it. */
export type FileLock = {
  /** Whether it still belongs to this process: one that was suspended for long may have lost it. */
  readonly held: () => boolean;
  readonly release: () => Promise<void>;
};

/** After this time without a sign from its owner a lock counts as left behind, in milliseconds. */
const STALE_MS = 30_000;

const RENEW_MS = 5_000;

/**
 * Locks a path, which need not exist, against other processes of tardy, also on a file system that machines share; `undefined` while
 * another one holds it. Of a process that was killed, the lock is taken over after 30 s.
 *
 * @throws {UsageError} if its folder is missing or cannot be written.
 */
export async function lockFile(path: string): Promise<FileLock | undefined> {
  const { default: lockfile } = await import('proper-lockfile');
  let held = true;
  try {
    const target = await real(path);
    const release = await lockfile.lock(target, {
      realpath: false,
      stale: STALE_MS,
      update: RENEW_MS,
      onCompromised: () => void (held = false),
    });
    return {
      held: () => held,
      release: async () => {
        // Once lost, it belongs to another process.
        if (held) await release().catch(() => {});
        held = false;
      },
    };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ELOCKED') return undefined;
    throw new UsageError(`${path} cannot be locked: ${reasonOf(code, path, error)}.`);
  }
}

/** Two paths that lead to one file share a lock. */
async function real(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}

function reasonOf(code: unknown, path: string, error: unknown): string {
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return `its folder, ${dirname(path)}, does not exist`;
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return `its folder, ${dirname(path)}, cannot be written`;
    default:
      return error instanceof Error ? error.message : String(error);
  }
}
