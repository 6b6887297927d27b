import { readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { PostgresSettings } from './settings.js';

/** The password that `psql` would find for this connection in `PGPASSFILE` or `~/.pgpass`; `undefined` if there is none. */
export async function passwordFromFile(
  settings: PostgresSettings,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  const path = environment['PGPASSFILE'] ?? join(environment['HOME'] ?? homedir(), '.pgpass');
  const found = await stat(path).catch(() => undefined);
  // As `psql` does: a file that others can read is not used.
  if (found === undefined || !found.isFile() || (process.platform !== 'win32' && (found.mode & 0o077) !== 0)) {
    return undefined;
  }
  return passwordIn(await readFile(path, 'utf8'), settings);
}

/** The password of the first line that fits; `*` fits everything, and a backslash stands before a colon that is meant. */
export function passwordIn(
  text: string,
  { host, port, database, user }: Pick<PostgresSettings, 'host' | 'port' | 'database' | 'user'>,
): string | undefined {
  // A server that is reached by its socket is called localhost.
  const wanted = [host.startsWith('/') ? 'localhost' : host, String(port), database, user];
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('#') || line === '') continue;
    const fields = fieldsOf(line);
    const [password] = fields.slice(4);
    if (password !== undefined && wanted.every((value, index) => fields[index] === '*' || fields[index] === value)) {
      return password;
    }
  }
  return undefined;
}

function fieldsOf(line: string): readonly string[] {
  const fields = [''];
  for (let index = 0; index < line.length; index++) {
    const letter = line[index] ?? '';
    const escaped = letter === '\\' && index + 1 < line.length;
    if (letter === ':' && fields.length < 5) fields.push('');
    else fields[fields.length - 1] += escaped ? (line[++index] ?? '') : letter;
  }
  return fields;
}
