import type { DatabaseSync } from '@photostructure/sqlite';
import { loadOptional } from './optional-package.js';

/** An open SQLite database: the API of `node:sqlite`, whichever library provides it. */
export type SqliteDatabase = InstanceType<typeof DatabaseSync>;

type Library = { readonly DatabaseSync: typeof DatabaseSync };

/**
 * Opens a SQLite file with the library in Node itself (from 22.13), or with the same API from the package `@photostructure/sqlite`, which
 * comes compiled for Node 20.
 *
 * @param purpose what needs it, for the message that the package is missing.
 * @throws {UsageError} if neither is there. What SQLite itself reports (no such file, locked, no database) is thrown as it is.
 */
export async function openSqlite(
  path: string,
  { readOnly, purpose }: { readonly readOnly: boolean; readonly purpose: string },
): Promise<SqliteDatabase> {
  const library =
    builtIn() ?? (await loadOptional('@photostructure/sqlite', purpose, async () => import('@photostructure/sqlite')));
  // Waits that long for another process to release its lock.
  return new library.DatabaseSync(path, { readOnly, timeout: 5000 });
}

/** The library in Node; `undefined` where this Node has none. Its notice that it is experimental is not for users of Tardy. */
function builtIn(): Library | undefined {
  const warn = process.emitWarning.bind(process);
  process.emitWarning = () => {};
  try {
    return process.getBuiltinModule('node:sqlite' as 'node:fs') as unknown as Library | undefined;
  } finally {
    process.emitWarning = warn;
  }
}
