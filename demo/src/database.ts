import { availableParallelism } from 'node:os';
import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import { listenTo } from './listener.js';

/** A row as the database gives it: instants as `Date`, JSON parsed. */
export type Row = Readonly<Record<string, unknown>>;

/** What the demo needs from a database. Both kinds use the same SQL: PGlite is PostgreSQL in this process. */
export type Database = {
  /** A readable name of the database. */
  readonly name: string;
  readonly query: (sql: string, values?: readonly unknown[]) => Promise<readonly Row[]>;
  /**
   * Receives what any process that uses this database sends with `pg_notify`, once the promise has settled. `onGap` is called
   * when something may have been missed. Returns a function that stops it.
   */
  readonly listen: (
    channel: string,
    hear: (payload: string) => void,
    onGap: () => void,
  ) => Promise<() => Promise<void>>;
  readonly close: () => Promise<void>;
};

/** The schema of the demo's tables, separate from anything else in the database. */
const SCHEMA = 'tardy_demo';

/**
 * Opens the PostgreSQL server at `url`, or without one an embedded database that exists as long as this process.
 *
 * The schema is emptied: the demo always starts from scratch.
 */
export async function openDatabase(url: string | undefined, schema = SCHEMA): Promise<Database> {
  const database = url === undefined ? embedded(schema) : joinDatabase(url, schema);
  await database.query(`drop schema if exists ${schema} cascade`);
  await database.query(`create schema ${schema}`);
  return database;
}

function embedded(schema: string): Database {
  const pglite = new PGlite();
  const ready = pglite.exec(`set search_path to ${schema}; set client_min_messages to warning`);
  return {
    name: 'embedded PostgreSQL (PGlite)',
    query: async (sql, values = []) => {
      await ready;
      return (await pglite.query<Row>(sql, [...values])).rows;
    },
    // A process never misses its own notifications.
    listen: async (channel, hear) => {
      await ready;
      const stop = await pglite.listen(channel, hear);
      return () => stop();
    },
    close: () => pglite.close(),
  };
}

/** Opens the schema of a PostgreSQL server that another process has created, and keeps its contents. */
export function joinDatabase(url: string, schema = SCHEMA): Database {
  // One plan serves all callers: planning each query again would take most of the time of a query with a verdict.
  const options = `-c search_path=${schema} -c client_min_messages=warning -c plan_cache_mode=force_generic_plan`;
  // More connections than processors only wait for one another in the server.
  const pool = new pg.Pool({ connectionString: url, options, max: 2 * availableParallelism() });
  // The pool replaces an idle connection that breaks; without a listener the error would end the process.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return {
    name: 'PostgreSQL of DATABASE_URL',
    query: async (text, values = []) => (await pool.query<Row>({ name: nameOf(text), text, values: [...values] })).rows,
    listen: (channel, hear, onGap) => listenTo(url, channel, hear, onGap),
    close: () => pool.end(),
  };
}

/** Names of prepared statements. Their number is bounded by the combinations of filters. */
const names = new Map<string, string>();

function nameOf(text: string): string {
  const name = names.get(text) ?? `q${names.size}`;
  names.set(text, name);
  return name;
}
