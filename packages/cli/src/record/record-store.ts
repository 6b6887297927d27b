import { UsageError } from '../errors.js';
import type { CliIo } from '../io.js';
import { recordPlace, SQLITE, type RecordPlace } from './place.js';
import type { RecordLine } from './record-line.js';
import type { RecordStore } from './store.js';

/**
 * Opens a record for this process only; waits while another one uses it. What does not exist yet is an empty record.
 *
 * @throws {UsageError} for a file that is no record (it is never overwritten), or a folder that cannot be written.
 * @throws {FileBusyError} if another process does not release it.
 */
export async function openRecord(io: CliIo, place: RecordPlace): Promise<RecordStore> {
  if ((await io.pathKind(place.path)) === 'folder') {
    throw new UsageError(`${place.shown} is a folder, not a file.`, 'Name a file in it: record.ndjson.');
  }
  switch (place.kind) {
    case 'lines': {
      const { openLines } = await import('./lines-store.js');
      return openLines(io, place);
    }
    case 'sqlite': {
      const { openTables } = await import('./sqlite-store.js');
      return openTables(io, place);
    }
  }
}

/**
 * The lines of a record, without opening it for writing; `undefined` if there is none. A run may occur several times: the last line counts.
 *
 * @throws {UsageError} for a file that is no record.
 */
export async function recordLines(io: CliIo, place: RecordPlace): Promise<AsyncIterable<RecordLine> | undefined> {
  switch (place.kind) {
    case 'lines': {
      const { linesOfRecord } = await import('./lines-store.js');
      return linesOfRecord(io, place);
    }
    case 'sqlite': {
      const { linesOfTables } = await import('./sqlite-store.js');
      return linesOfTables(io, place);
    }
  }
}

/**
 * The lines of a record in a database that a text names; `undefined` for a text that names none, a database of something else included.
 *
 * @throws {UsageError} for a file that is no database.
 */
export async function recordDatabase(io: CliIo, text: string): Promise<AsyncIterable<RecordLine> | undefined> {
  if (!text.startsWith(SQLITE)) return undefined;
  const place = recordPlace(text, io.cwd);
  const { isRecordDatabase, linesOfTables } = await import('./sqlite-store.js');
  return (await isRecordDatabase(io, place)) ? linesOfTables(io, place) : undefined;
}
