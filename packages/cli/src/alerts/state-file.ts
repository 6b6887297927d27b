import { join, resolve } from 'node:path';
import { alertsFromWire, FORGET_AFTER_MS, stateToWire, type Alert, type Instant } from '@tardy/core';
import { UsageError } from '../errors.js';
import type { CliIo } from '../io.js';
import { waitForLock } from '../wait-for-lock.js';

/** The file within a folder that is given as the state. */
const NAME_IN_FOLDER = 'tardy-state.json';

/** The state of alerts, open for this process only. */
export type OpenState = {
  readonly path: string;
  /** The alerts of the check before. */
  readonly alerts: readonly Alert[];
  /** @throws {UsageError} if the file cannot be written, or is no longer ours. */
  readonly save: (alerts: readonly Alert[], now: Instant) => Promise<void>;
  readonly close: () => Promise<void>;
};

/**
 * Opens the state at a path, a file or a folder, for this process only; waits while another one uses it. A file that does not exist is an
 * empty state.
 *
 * @throws {UsageError} for a file that is no state of ours (it is never overwritten), or a folder that cannot be written.
 * @throws {FileBusyError} if another process does not release it.
 */
export async function openState(io: CliIo, given: string): Promise<OpenState> {
  const path = await fileOf(io, resolve(io.cwd, given), given);
  const lock = await waitForLock(io, path);
  try {
    const alerts = await readState(io, path);
    return {
      path,
      alerts,
      save: async (next, now) => {
        if (!lock.held()) {
          throw new UsageError(`${path} was taken over by another process of tardy, because this one was suspended.`);
        }
        await io.writeFile(path, `${JSON.stringify(stateToWire(next, now), null, 1)}\n`, 0o600);
      },
      close: lock.release,
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/**
 * The alerts of a state, without opening it for writing: what would happen.
 *
 * @throws {UsageError} for a file that is no state of ours.
 */
export async function peekState(io: CliIo, given: string): Promise<readonly Alert[]> {
  return readState(io, await fileOf(io, resolve(io.cwd, given), given));
}

async function fileOf(io: CliIo, path: string, given: string): Promise<string> {
  const kind = await io.pathKind(path);
  switch (kind) {
    case 'folder':
      return fileOf(io, join(path, NAME_IN_FOLDER), join(given, NAME_IN_FOLDER));
    case 'other':
      throw new UsageError(`${given} is neither a file nor a folder, so it cannot keep a state.`);
    case 'file':
    case undefined:
      return path;
  }
}

async function readState(io: CliIo, path: string): Promise<readonly Alert[]> {
  const text = await io.readFile(path);
  if (text === undefined) return [];
  const value = parse(text);
  const schema = typeof value === 'object' && value !== null && 'schema' in value ? value.schema : undefined;
  if (typeof schema !== 'string' || !schema.startsWith('tardy.state/')) {
    throw new UsageError(
      `${path} is not a state of tardy, so it is neither used nor overwritten.`,
      'Name another file with --state, or remove this one.',
    );
  }
  if (schema !== 'tardy.state/1') {
    throw new UsageError(
      `${path} is a state of another version (${schema.slice(0, 40)}), so it is neither used nor overwritten.`,
      'Use the version of tardy that wrote it, or name another file with --state.',
    );
  }
  const { stateSchema } = await import('@tardy/core/schema');
  const parsed = stateSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue === undefined ? '' : ` (${issue.path.map(String).join('.')}: ${issue.message})`;
    throw new UsageError(
      `${path} is damaged${where}, so it is neither used nor overwritten.`,
      'Restore it, or remove it: every run that is alarming then counts as new.',
    );
  }
  return alertsFromWire(parsed.data);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** What is said about open alerts that were dropped. */
export function forgottenWords(forgotten: readonly Alert[]): string {
  const days = FORGET_AFTER_MS / 86_400_000;
  const names = [...new Set(forgotten.map(({ sourceName }) => sourceName))].join(', ');
  const alerts = forgotten.length === 1 ? '1 open alert was' : `${forgotten.length} open alerts were`;
  return `${alerts} dropped, since nothing was read about ${forgotten.length === 1 ? 'its run' : 'their runs'} for ${days} days (${names}).`;
}
