import { SourceError } from '@tardy/core/sources';
import type { Database, DatabaseFailure, DatabaseOptions, DatabaseRow, Driver } from '../database.js';
import { existingFile } from '../file-path.js';
import { openSqlite } from '../sqlite-library.js';

/** Reads SQLite files, also while another process writes to them. */
export async function sqliteDriver(): Promise<Driver> {
  return { open, failure };
}

async function open(options: DatabaseOptions): Promise<Database> {
  const path = await existingFile(options);
  const database = await openSqlite(path, { readOnly: true, purpose: `Reading ${options.url}` });
  database.exec('pragma query_only = on');
  return {
    query: async (sql, values) => {
      const statement = database.prepare(sql);
      statement.setReadBigInts(true);
      return (statement.all(...values) as DatabaseRow[]).map(withoutBigInts);
    },
    clock: undefined,
    close: async () => database.close(),
  };
}

/** A number that JavaScript cannot hold becomes text, so that no digit is lost. */
function withoutBigInts(row: DatabaseRow): DatabaseRow {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      typeof value !== 'bigint' ? value : Number.isSafeInteger(Number(value)) ? Number(value) : String(value),
    ]),
  );
}

function failure(error: unknown, where: string): DatabaseFailure | undefined {
  if (!(error instanceof Error) || !('code' in error) || !/SQLITE/.test(String(error.code))) return undefined;
  const { message } = error;
  const of = (code: ConstructorParameters<typeof SourceError>[0], fix: string): DatabaseFailure => ({
    error: new SourceError(code, `${where}: ${message.replace(/\.?$/, '.')} ${fix}`),
  });
  if (/locked|busy/i.test(message)) return { ...of('network', 'Another process holds it.'), retry: true };
  if (/unable to open/i.test(message)) return of('forbidden', 'Check that Tardy may read the file and its folder.');
  if (/not a database|malformed/i.test(message)) return of('shape', 'Is it a SQLite file?');
  return of('shape', 'Check the mapping of this source.');
}
