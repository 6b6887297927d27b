import { formatInstant, type Instant } from '@tardy/core';
import { openSqlite, type SqliteDatabase } from '../database/sqlite-library.js';
import { UsageError } from '../errors.js';
import type { CliIo } from '../io.js';
import { waitForLock } from '../wait-for-lock.js';
import { entryKey, isOpen, type Entry, type SourceCheck } from './entry.js';
import { checkLine, entryLine, parseRecordLine, RecordLineError, type RecordLine } from './record-line.js';
import type { RecordPlace } from './place.js';
import type { RecordStore } from './store.js';

/** Marks a database as ours: "Trdy". */
const APPLICATION_ID = 0x54726479;

/** What SQL can ask stands in columns of its own; `line` has everything. */
const TABLES = `
  CREATE TABLE runs (
    key TEXT PRIMARY KEY, source_name TEXT NOT NULL, source TEXT NOT NULL, type TEXT NOT NULL, id TEXT NOT NULL, attempt INTEGER NOT NULL,
    status TEXT NOT NULL, outcome TEXT NOT NULL, started_at TEXT, ended_at TEXT, silence_ms INTEGER, state TEXT NOT NULL,
    open INTEGER NOT NULL, last_seen INTEGER NOT NULL, line TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX runs_open ON runs (open, last_seen);
  CREATE TABLE checks (at INTEGER NOT NULL, source_name TEXT NOT NULL, line TEXT NOT NULL);
  CREATE INDEX checks_at ON checks (at);
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = 1;
`;

/** How many rows are read at once. */
const BATCH = 1000;

/** Opens a database, whose file is created if it does not exist. */
export async function openTables(io: CliIo, place: RecordPlace): Promise<RecordStore> {
  const lock = await waitForLock(io, place.path);
  let file: SqliteDatabase | undefined;
  try {
    await io.checkWritable(place.path);
    // An empty file is an empty database: made here, it is readable for its owner only.
    if ((await io.pathKind(place.path)) === undefined) await io.writeFile(place.path, '', 0o600);
    file = await opened(place, false);
    return storeIn(io, prepared(file, place), place, {
      held: lock.held,
      close: async () => {
        file?.close();
        await lock.release();
      },
    });
  } catch (error) {
    file?.close();
    await lock.release();
    throw failure(place.shown, error);
  }
}

/** The lines of a database; `undefined` if there is no file. */
export async function linesOfTables(io: CliIo, place: RecordPlace): Promise<AsyncIterable<RecordLine> | undefined> {
  if ((await io.pathKind(place.path)) !== 'file') return undefined;
  return rowsOf(io, place);
}

/**
 * Whether a file is a database that `record` has made.
 *
 * @throws {UsageError} for a file that is no database.
 */
export async function isRecordDatabase(io: CliIo, place: RecordPlace): Promise<boolean> {
  if ((await io.pathKind(place.path)) !== 'file') return false;
  const file = await opened(place, true);
  try {
    return numberOf(file, 'application_id') === APPLICATION_ID;
  } finally {
    file.close();
  }
}

async function* rowsOf(io: CliIo, place: RecordPlace): AsyncGenerator<RecordLine, void> {
  const file = await opened(place, true);
  try {
    expectOurs(file, place);
    // One transaction: a check that is recorded meanwhile changes nothing of what is read.
    file.exec('BEGIN');
    const next = file.prepare(`SELECT key, line FROM runs WHERE key > ? ORDER BY key LIMIT ${BATCH}`);
    for (let after = ''; ;) {
      const rows = next.all(after);
      for (const { line } of rows) yield parsed(line, place);
      const last = rows.at(-1);
      if (last === undefined) break;
      after = String(last['key']);
    }
    for (const { line } of file.prepare('SELECT line FROM checks ORDER BY at').all()) yield parsed(line, place);
  } finally {
    file.close();
  }
}

/** Opened with every promise of the disk kept. */
async function opened({ path, shown }: RecordPlace, readOnly: boolean): Promise<SqliteDatabase> {
  try {
    const file = await openSqlite(path, { readOnly, purpose: `The record ${shown}` });
    file.prepare('SELECT count(*) FROM sqlite_master').get();
    return file;
  } catch (error) {
    throw failure(shown, error);
  }
}

/** What SQLite reports, in words. */
function failure(shown: string, error: unknown): UsageError {
  if (error instanceof UsageError) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (/not a database/.test(message)) {
    return new UsageError(`${shown} is no database of SQLite.`, 'Name another file, or leave out "sqlite:".');
  }
  if (/locked|busy/.test(message)) return new UsageError(`${shown} is in use by another program.`, 'Try again.');
  return new UsageError(`${shown} cannot be used: ${message}.`);
}

function prepared(file: SqliteDatabase, place: RecordPlace): SqliteDatabase {
  const tables = file.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
  if (tables.length === 0 && numberOf(file, 'application_id') === 0) file.exec(`BEGIN IMMEDIATE; ${TABLES} COMMIT;`);
  else expectOurs(file, place);
  return file;
}

function expectOurs(file: SqliteDatabase, { shown }: RecordPlace): void {
  if (numberOf(file, 'application_id') !== APPLICATION_ID) {
    throw new UsageError(
      `${shown} is a database of something else, so it is neither used nor changed.`,
      'Name another file.',
    );
  }
  const version = numberOf(file, 'user_version');
  if (version !== 1) {
    throw new UsageError(
      `${shown} is a record of another version (${version}).`,
      'Use the version of tardy that wrote it, or name another file.',
    );
  }
}

function numberOf(file: SqliteDatabase, pragma: 'application_id' | 'user_version'): number {
  return Number(file.prepare(`PRAGMA ${pragma}`).get()?.[pragma]);
}

function storeIn(
  io: CliIo,
  file: SqliteDatabase,
  place: RecordPlace,
  { held, close }: { readonly held: () => boolean; readonly close: () => Promise<void> },
): RecordStore {
  const lastChecks = new Map(
    file
      .prepare('SELECT source_name, max(at) AS at FROM checks GROUP BY source_name')
      .all()
      .map(({ source_name, at }) => [String(source_name), Number(at)]),
  );
  const entries = (sql: string, values: readonly string[]): Entry[] =>
    file
      .prepare(sql)
      .all(...values)
      .flatMap(({ line }) => {
        const read = parsed(line, place);
        return read.kind === 'run' ? [read.entry] : [];
      });
  return {
    find: (key) => entries('SELECT line FROM runs WHERE key = ?', [key])[0],
    open: () => entries('SELECT line FROM runs WHERE open = 1 ORDER BY key', []),
    lastChecks,
    size: () => Number(file.prepare('SELECT count(*) AS count FROM runs').get()?.['count']),
    save: async (news, checks, before) => {
      if (!held()) {
        throw new UsageError(
          `${place.shown} was taken over by another process of tardy, because this one was suspended.`,
        );
      }
      file.exec('BEGIN IMMEDIATE');
      try {
        for (const entry of news) putRun(io, file, entry);
        for (const check of checks) putCheck(io, file, check);
        drop(file, before);
        file.exec('COMMIT');
      } catch (error) {
        file.exec('ROLLBACK');
        throw failure(place.shown, error);
      }
    },
    close,
  };
}

function putRun({ scrub }: CliIo, file: SqliteDatabase, entry: Entry): void {
  const { sourceName, run, silenceMs, lastSeen, verdicts } = entry;
  const time = (at: Instant | undefined) => (at === undefined ? null : formatInstant(at));
  const texts = [entryKey(sourceName, run), sourceName, run.source, run.type, run.id].map(scrub);
  const marks = Array.from({ length: 15 }, () => '?').join(', ');
  file
    .prepare(`INSERT OR REPLACE INTO runs VALUES (${marks})`)
    .run(
      ...texts,
      run.attempt,
      run.status,
      run.outcome,
      time(run.startedAt),
      time(run.endedAt),
      silenceMs ?? null,
      verdicts.at(-1)?.state ?? 'unknown',
      isOpen(entry) ? 1 : 0,
      lastSeen,
      scrub(entryLine(entry)),
    );
}

function putCheck({ scrub }: CliIo, file: SqliteDatabase, check: SourceCheck): void {
  file.prepare('INSERT INTO checks VALUES (?, ?, ?)').run(check.at, check.sourceName, scrub(checkLine(check)));
}

/** A run that has not ended is kept as long as its source is recorded. */
function drop(file: SqliteDatabase, before: Instant): void {
  file.prepare('DELETE FROM checks WHERE at < ?').run(before);
  file
    .prepare(
      'DELETE FROM runs WHERE last_seen < ? AND (open = 0 OR source_name NOT IN (SELECT source_name FROM checks))',
    )
    .run(before);
}

function parsed(line: unknown, { shown }: RecordPlace): RecordLine {
  try {
    return parseRecordLine(String(line));
  } catch (error) {
    if (!(error instanceof RecordLineError)) throw error;
    throw new UsageError(`${shown} is damaged: a row of it cannot be read: ${error.message}.`);
  }
}
