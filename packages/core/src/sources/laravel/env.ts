import type { AppDatabase } from '../descriptor.js';
import { SourceConfigError } from '../source.js';

/** The scheme of a database's URL for each driver of Laravel. */
const SCHEMES: Readonly<Record<string, string>> = {
  pgsql: 'postgres',
  mysql: 'mysql',
  mariadb: 'mariadb',
  sqlite: 'sqlite',
};

/**
 * The database that the `.env` of an app names.
 *
 * @throws {SourceConfigError} for a driver that Tardy cannot read; it never repeats a value that may be a secret.
 */
export function databaseOfEnv(text: string): AppDatabase {
  const values = valuesIn(text);
  const connection = values.get('DB_CONNECTION') ?? 'sqlite';
  const scheme = Object.hasOwn(SCHEMES, connection) ? SCHEMES[connection] : undefined;
  if (scheme === undefined) {
    throw new SourceConfigError(`DB_CONNECTION in .env is none of ${Object.keys(SCHEMES).join(', ')}.`);
  }
  const database = values.get('DB_DATABASE');
  if (scheme === 'sqlite') return { url: `sqlite:${database ?? 'database/database.sqlite'}`, password: undefined };
  const host = values.get('DB_HOST') ?? '127.0.0.1';
  const port = values.get('DB_PORT');
  const user = values.get('DB_USERNAME') ?? 'root';
  const at = `${encodeURIComponent(user)}@${host}${port === undefined ? '' : `:${port}`}`;
  return { url: `${scheme}://${at}/${encodeURIComponent(database ?? 'laravel')}`, password: values.get('DB_PASSWORD') };
}

/** The variables of a file; those that are empty are left out, as Laravel falls back to its defaults then. */
function valuesIn(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const equals = line.indexOf('=');
    const name = line
      .slice(0, Math.max(0, equals))
      .trim()
      .replace(/^export /, '')
      .trim();
    if (!/^\w+$/.test(name)) continue;
    const value = unquoted(line.slice(equals + 1).trim()).replaceAll(
      /\$\{(\w+)\}/g,
      (_, other: string) => values.get(other) ?? '',
    );
    if (value !== '') values.set(name, value);
  }
  return values;
}

function unquoted(value: string): string {
  const [mark = ''] = value;
  if (mark === '"' || mark === "'") {
    const end = value.indexOf(mark, 1);
    return end < 0 ? value : value.slice(1, end);
  }
  // A comment follows a space.
  const comment = value.indexOf(' #');
  return (comment < 0 ? value : value.slice(0, comment)).trim();
}
