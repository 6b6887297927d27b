import type { CliIo } from './io.js';
import type { FileLock } from './lock-file.js';
import { sanitizeLines } from './output/sanitize.js';

/** How long to wait for another process that uses a file, in milliseconds. */
const WAIT_MS = 300_000;

const POLL_MS = 250;

/** After this time the wait is mentioned, in milliseconds. */
const MENTION_MS = 1_000;

/** Another process used the file for too long. Nothing was read, so nothing is known. */
export class FileBusyError extends Error {
  override readonly name = 'FileBusyError';
}

/**
 * Locks a path for this process; waits while another one holds it.
 *
 * @throws {UsageError} for a folder that is missing or cannot be written.
 * @throws {FileBusyError} if the other process does not release it.
 */
export async function waitForLock(io: CliIo, path: string): Promise<FileLock> {
  let mentioned = false;
  for (let waited = 0; ; waited += POLL_MS) {
    const lock = await io.lock(path);
    if (lock !== undefined) return lock;
    if (waited >= WAIT_MS) {
      throw new FileBusyError(`Another process of tardy has been using ${path} for ${WAIT_MS / 60_000} min.`);
    }
    if (!mentioned && waited >= MENTION_MS) {
      io.stderr.write(sanitizeLines(`tardy: waiting for another process of tardy that uses ${path}\n`));
      mentioned = true;
    }
    await io.sleep(POLL_MS);
  }
}
