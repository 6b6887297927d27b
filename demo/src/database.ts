import { availableParallelism } from 'node:os';
import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import { listenTo } from './listener.js';

/** A row as the database gives it: instants as `Date`, JSON parsed. */
export type Row = Readonly<Record<string, unknown>>;

/** What the demo asks of a database. Both kinds speak the same SQL: PGlite is PostgreSQL in this very process. */
export type Database = {
  /** Says for people which database this is. */
  readonly name: string;
  readonly query: (sql: string, values?: readonly unknown[]) => Promise<readonly Row[]>;
  /**
   * Hears what any process that uses this database says with `pg_notify`, from when the promise settles. `onGap` is called
   * once something may have been missed. Gives how to stop.
   */
  readonly listen: (
    channel: string,
    hear: (payload: string) => void,
    onGap: () => void,
  ) => Promise<() => Promise<void>>;
  readonly close: () => Promise<void>;
};

/** Where the tables of the demo live, apart from whatever else a database holds. */
const SCHEMA = 'tardy_demo';

/**
 * Opens the PostgreSQL server at `url`, or without one an embedded database that lives as long as this process.
 *
 * The schema is emptied: the demo starts from nothing each time.
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
    // What is said in this process is never missed by it.
    listen: async (channel, hear) => {
      await ready;
      const stop = await pglite.listen(channel, hear);
      return () => stop();
    },
    close: () => pglite.close(),
  };
}

/** Opens the schema of a PostgreSQL server that another process has made, and leaves in it what there is. */
export function joinDatabase(url: string, schema = SCHEMA): Database {
  // One plan serves whoever asks: made anew for each, planning would take most of the time of a query with a verdict in it.
  const options = `-c search_path=${schema} -c client_min_messages=warning -c plan_cache_mode=force_generic_plan`;
  // More connections than there are processors for only wait for one another in the server, the late ones for longest.
  const pool = new pg.Pool({ connectionString: url, options, max: 2 * availableParallelism() });
  // A connection that breaks while nobody uses it is replaced by the pool; without a listener it would end the process.
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
