// A PostgreSQL for the systems whose runs live in a database, and a role that may only read what their page says.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { postgresPrograms, startPostgres } from '../postgres.mjs';
import { root } from '../workspace.mjs';
import { debianProgram } from './registry/debian.mjs';

const { Client } = createRequire(join(root, 'packages/cli/package.json'))('pg');

/** Starts a server and connects as its owner. `readerUrl` is that of the role `reader`, which has no right yet. */
export async function startDatabase() {
  if (postgresPrograms() === undefined) await debianProgram('pg_ctlcluster', ['postgresql']);
  const server = await startPostgres(postgresPrograms());
  const client = new Client({ connectionString: server.url });
  client.on('error', () => {});
  await client.connect();
  await client.query('create role reader login');
  return {
    url: server.url,
    readerUrl: server.url.replace('//tardy@', '//reader@'),
    query: async (sql, values) => (await client.query(sql, values)).rows,
    stop: async () => {
      await client.end();
      await server.stop();
    },
  };
}
