import { realpath } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import { SourceError } from '@tardy/core/sources';
import type { DatabaseOptions } from './database.js';

/** The path of a database that is a file: `sqlite:jobs.db`, `sqlite:///var/lib/jobs.db`. */
function filePath(address: string): string {
  const rest = address.slice(address.indexOf(':') + 1);
  return rest.startsWith('//') ? rest.slice(2) : rest;
}

/**
 * The path of an existing file.
 *
 * @throws {SourceError} `not_found` if there is none; `refused` for one outside of the folder that a config which was found is confined to.
 */
export async function existingFile({ url, confinedTo }: Pick<DatabaseOptions, 'url' | 'confinedTo'>): Promise<string> {
  const path = filePath(url);
  const real = await realpath(path).catch(() => undefined);
  if (real === undefined) throw new SourceError('not_found', `The file ${path} does not exist.`);
  if (confinedTo === undefined) return real;
  const way = relative(await realpath(confinedTo), real);
  if (way !== '..' && !way.startsWith(`..${sep}`)) return real;
  throw new SourceError(
    'refused',
    `${path} lies outside of ${confinedTo}, which a config may do only if it is named: --config.`,
  );
}
