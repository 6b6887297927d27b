import { postgresPrograms, startPostgres } from '../scripts/postgres.mjs';

/** Measures with a separate PostgreSQL server, given by its URL; says so and measures nothing if PostgreSQL is not installed. */
export async function withPostgres(settings, work) {
  const programs = postgresPrograms();
  if (programs === undefined) {
    console.log('PostgreSQL is not installed here, so nothing was measured. On Debian: apt-get install postgresql');
    return [];
  }
  const server = await startPostgres(programs, settings);
  try {
    return await work(server.url);
  } finally {
    await server.stop();
  }
}
