import { postgresPrograms, startPostgres } from '../../scripts/postgres.mjs';
import { openDatabase, type Database } from './database.js';

/** A kind of database that the tests run on. */
export type TestDatabase = {
  readonly name: string;
  /** Opens an empty schema; `close` of the result ends everything that was started for it. */
  readonly open: () => Promise<Database>;
};

/**
 * The embedded database, and a PostgreSQL server: the one of DATABASE_URL, else one that is started for the tests if PostgreSQL is
 * installed.
 */
export function testDatabases(): readonly TestDatabase[] {
  const schema = `tardy_test_${process.pid}`;
  const embedded = { name: 'PGlite', open: () => openDatabase(undefined, schema) };
  const url = process.env['DATABASE_URL'];
  if (url !== undefined)
    return [embedded, { name: 'PostgreSQL of DATABASE_URL', open: () => openAndTidy(url, schema) }];
  const programs = postgresPrograms();
  return programs === undefined
    ? [embedded]
    : [embedded, { name: 'PostgreSQL', open: () => openServer(programs, schema) }];
}

/** The PostgreSQL server of DATABASE_URL, else one that is started; `undefined` if PostgreSQL is not installed. */
export async function testServer(): Promise<{ readonly url: string; readonly stop: () => Promise<void> } | undefined> {
  const url = process.env['DATABASE_URL'];
  if (url !== undefined) return { url, stop: async () => {} };
  const programs = postgresPrograms();
  return programs === undefined ? undefined : startPostgres(programs);
}

/** Leaves a server that the tests did not start as it was. */
async function openAndTidy(url: string, schema: string): Promise<Database> {
  const database = await openDatabase(url, schema);
  return {
    ...database,
    close: async () => {
      await database.query(`drop schema ${schema} cascade`);
      await database.close();
    },
  };
}

async function openServer(programs: string, schema: string): Promise<Database> {
  const server = await startPostgres(programs);
  try {
    const database = await openDatabase(server.url, schema);
    return {
      ...database,
      close: async () => {
        await database.close();
        await server.stop();
      },
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}
