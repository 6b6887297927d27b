import { isObject, listOf } from '../reading/body.js';
import { SourceError, type SourceFetch } from '../source.js';
import { literal, type Engine } from './engine.js';
import { sqlRequest } from './reading/query.js';

/** What the catalogue of a database says about some tables. */
export type Catalogue = {
  /** The columns of each table that exists. */
  readonly columns: ReadonlyMap<string, ReadonlySet<string>>;
  /** The tables that exist and may not be read. */
  readonly unreadable: readonly string[];
  /** The role that the connection has; `undefined` where the engine has none. */
  readonly role: string | undefined;
};

/**
 * Looks tables up in the catalogue. In PostgreSQL it shows tables to everyone, so that one that may not be read does not look as if it were missing.
 *
 * @param schema where they are; without it, wherever their name leads.
 */
export async function readCatalogue(
  {
    engine,
    address,
    schema,
    tables,
  }: {
    readonly engine: Engine;
    readonly address: string;
    readonly schema: string | undefined;
    readonly tables: readonly string[];
  },
  fetch: SourceFetch,
): Promise<Catalogue> {
  const columns = new Map<string, Set<string>>();
  const unreadable = new Set<string>();
  let role: string | undefined;
  const response = await fetch(sqlRequest(address, STATEMENTS[engine](tables, schema)));
  for (const row of listOf(response, 'rows', 'a database')) {
    if (!isObject(row)) throw new SourceError('shape', 'The catalogue of the database sent no rows.');
    const table = textIn(row['table_name']);
    const column = textIn(row['column_name']);
    role ??= textIn(row['role_name']);
    if (table === undefined || column === undefined) continue;
    const known = columns.get(table) ?? new Set();
    columns.set(table, known.add(column));
    if (textIn(row['readable']) === 'no') unreadable.add(table);
  }
  return { columns, unreadable: [...unreadable], role };
}

const STATEMENTS: Readonly<Record<Engine, (tables: readonly string[], schema: string | undefined) => string>> = {
  postgres: (tables, schema) => `select t.name as table_name, a.attname as column_name, current_user as role_name,
  case when has_any_column_privilege(c.oid, 'select') then 'yes' else 'no' end as readable
from (values ${tables.map((name) => `(${literal(name)})`).join(', ')}) as t (name)
left join pg_catalog.pg_class c on c.oid = to_regclass(${schema === undefined ? '' : `quote_ident(${literal(schema)}) || '.' || `}quote_ident(t.name))
left join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped`,
  mysql: (
    tables,
    schema,
  ) => `select table_name as table_name, column_name as column_name, current_user() as role_name, 'yes' as readable
from information_schema.columns
where table_schema = ${schema === undefined ? 'database()' : literal(schema)} and table_name in (${tables.map(literal).join(', ')})`,
  sqlite: (tables) => `select m.name as table_name, c.name as column_name, null as role_name, 'yes' as readable
from sqlite_master m join pragma_table_info(m.name) c where m.name in (${tables.map(literal).join(', ')})`,
  duckdb: (tables, schema) => `select table_name, column_name, null as role_name, 'yes' as readable
from information_schema.columns
where table_schema = ${schema === undefined ? 'current_schema()' : literal(schema)} and table_name in (${tables.map(literal).join(', ')})`,
};

function textIn(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
