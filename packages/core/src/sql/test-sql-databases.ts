import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';
import { postgresPrograms, startPostgres } from '../../../../scripts/postgres.mjs';

type Row = Readonly<Record<string, unknown>>;

/** An empty database; its tables are gone when it is closed. */
export type TestDatabase = {
  readonly query: (sql: string, values?: readonly unknown[]) => Promise<readonly Row[]>;
  readonly close: () => Promise<void>;
};

/** PGlite, and the server of DATABASE_URL or one of our own where PostgreSQL is installed. */
export function testDatabases(): readonly { readonly name: string; readonly open: () => Promise<TestDatabase> }[] {
  const embedded = { name: 'PGlite', open: openEmbedded };
  const url = process.env['DATABASE_URL'];
  if (url !== undefined) return [embedded, { name: 'PostgreSQL of DATABASE_URL', open: () => connect(url) }];
  const programs = postgresPrograms();
  return programs === undefined ? [embedded] : [embedded, { name: 'PostgreSQL', open: () => openServer(programs) }];
}

async function openEmbedded(): Promise<TestDatabase> {
  const database = new PGlite();
  await database.waitReady;
  return {
    query: async (sql, values = []) => (await database.query<Row>(sql, [...values])).rows,
    close: () => database.close(),
  };
}

async function openServer(programs: string): Promise<TestDatabase> {
  const server = await startPostgres(programs);
  try {
    const database = await connect(server.url);
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

/** One connection, whose temporary tables go with it. */
async function connect(url: string): Promise<TestDatabase> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return {
    query: async (sql, values = []) => (await client.query<Row>(sql, [...values])).rows,
    close: () => client.end(),
  };
}
