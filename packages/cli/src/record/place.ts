import { resolve } from 'node:path';
import type { Config } from '../config/config.js';
import { UsageError } from '../errors.js';
import type { CliIo } from '../io.js';

/** Where a record is kept. */
export type RecordPlace = { readonly kind: 'lines' | 'sqlite'; readonly path: string; readonly shown: string };

/** Begins the name of a database. */
export const SQLITE = 'sqlite:';

/** What a text means: a path, or one after `sqlite:`; relative to a folder. */
export function recordPlace(text: string, folder: string): RecordPlace {
  const isDatabase = text.startsWith(SQLITE);
  const path = isDatabase ? text.slice(SQLITE.length) : text;
  if (path === '') throw new UsageError('The record has no path.', 'Write it as record.ndjson or sqlite:record.db.');
  return { kind: isDatabase ? 'sqlite' : 'lines', path: resolve(folder, path), shown: text };
}

/** The record that the command line names, else that of the config; `undefined` if neither names one. */
export function recordPlaceFor(
  { cwd }: Pick<CliIo, 'cwd'>,
  config: Pick<Config, 'folder' | 'record' | 'confinedTo'> | undefined,
  given: string | undefined,
): RecordPlace | undefined {
  if (given !== undefined) return recordPlace(given, cwd);
  // A config that was found may not name a file of another folder.
  if (config?.record === undefined || config.confinedTo !== undefined) return undefined;
  return recordPlace(config.record, config.folder);
}
