import { isObject, type JsonObject } from '../../reading/body.js';
import type { Server } from '../../testing/fetch.js';
import { PAGE_ROWS, type SqlBody } from '../reading/query.js';

/** What a fake database knows besides its runs. */
type Known = {
  /** The tables that its catalogue has, with their columns. */
  readonly tables: Readonly<Record<string, readonly string[]>>;
  readonly version?: string;
};

/** A database that sends these rows for every query of runs that have not ended, whatever its conditions. */
export function fakeDatabase(rows: readonly unknown[], { tables, version }: Known = { tables: {} }): Server {
  const catalogue = Object.entries(tables).flatMap(([table, columns]) =>
    columns.map((column) => ({ table_name: table, column_name: column, role_name: 'reader', readable: 'yes' })),
  );
  return (_, { body }) => {
    const { sql, values } = body as SqlBody;
    if (sql.includes('pg_is_in_recovery')) return sent([{ standby: 'f' }]);
    if (sql.includes(' as column_name')) return sent(catalogue);
    if (/ as version\b/.test(sql)) return sent([{ version: version ?? null }]);
    if (sql.endsWith('\nlimit 2')) return sent(rows.filter((row) => isObject(row) && row['id'] === values[0]));
    if (sql.includes(' desc\nlimit')) return sent([]);
    return sent(rows);
  };
}

/** A database whose first page is full and whose second one cannot be read. */
export function failingSecondPage(row: JsonObject, known?: Known): Server {
  const rows = Array.from({ length: PAGE_ROWS + 1 }, (_, index) => ({ ...row, id: String(index) }));
  const whole = fakeDatabase(rows, known);
  return (url, request) => {
    const { values } = request.body as SqlBody;
    return values.length > 0 ? { status: 500, body: {} } : whole(url, request);
  };
}

function sent(rows: readonly unknown[]): ReturnType<Server> {
  return { body: { rows } };
}
