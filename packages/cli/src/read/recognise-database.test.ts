import { SourceError, type SourceFetch, type SqlBody } from '@tardy/core/sources';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../errors.js';
import { runProgram } from '../program.js';
import { fakeIo } from '../test-io.js';

const url = 'postgres://reader@db.example/app';
const JOBS = ['id', 'queue', 'payload', 'attempts', 'reserved_at', 'available_at', 'created_at'];

/** A database with these tables, and no run. */
function databaseWith(tables: Readonly<Record<string, readonly string[]>>): SourceFetch {
  return async ({ body, url: at }) => {
    const { sql } = body as SqlBody;
    const columns = Object.entries(tables).flatMap(([table, names]) =>
      names.map((name) => ({ table_schema: 'public', table_name: table, column_name: name, readable: 'yes' })),
    );
    const catalogue = sql.includes('information_schema')
      ? columns
      : columns.filter(({ table_name }) => sql.includes(`'${table_name}'`));
    const rows = sql.includes('column_name') ? catalogue : sql.includes('distinct') ? [{ word: 'running' }] : [];
    return { status: 200, headers: { get: () => null }, body: { rows }, url: at };
  };
}

async function check(fetch: SourceFetch, source = url) {
  const world = fakeIo({ files: { '/project/app/shop/.env': 'DB_CONNECTION=pgsql\nDB_PASSWORD=hunter2\n' } });
  const io = {
    ...world.io,
    connect: async (options: Parameters<typeof world.io.connect>[0]) => ({
      ...(await world.io.connect(options)),
      fetch,
      listing: () => fetch,
    }),
  };
  try {
    const code = await runProgram(io, ['check', source]);
    return { code, text: world.printed.out + world.printed.err, connections: world.connections };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { code: 2, text: `${error.message}\n${error.hint ?? ''}`, connections: world.connections };
  }
}

describe('a database about which nothing is said', () => {
  it('is read by the preset whose tables it holds', async () => {
    const { code, text } = await check(databaseWith({ jobs: JOBS }));
    expect(code).toBe(0);
    expect(text).toContain(`tardy: ${url} is read as laravel:${url}.`);
  });

  it('that holds none but a table of runs is refused, with a config for that', async () => {
    const { code, text } = await check(databaseWith({ operation_runs: ['id', 'status', 'started_at'] }));
    expect(code).toBe(2);
    expect(text).toContain('The table operation_runs looks like runs.');
    expect(text).toContain('    table: operation_runs\n');
  });

  it('that holds neither is refused', async () => {
    const { code, text } = await check(databaseWith({ settings: ['id', 'value'] }));
    expect(code).toBe(2);
    expect(text).toContain('none that looks like runs');
  });

  it('that does not respond is a source that failed, not a mistake in the command', async () => {
    const { code, text } = await check(async () => {
      throw new SourceError('network', 'It is down.');
    });
    expect(code).toBe(3);
    expect(text).toContain('It is down.');
  });
});

describe('the folder of an app', () => {
  it('leads to its database, with the password of its .env', async () => {
    const { code, connections } = await check(databaseWith({ jobs: JOBS }), 'laravel:shop');
    expect(code).toBe(0);
    expect(connections).toMatchObject([
      { baseUrl: 'postgres://root@127.0.0.1/laravel', credentials: { password: 'hunter2' }, secrets: ['hunter2'] },
    ]);
  });

  it('without a .env is refused', async () => {
    const { code, text } = await check(databaseWith({}), 'laravel:.');
    expect(code).toBe(2);
    expect(text).toContain('. has no .env.');
  });
});
