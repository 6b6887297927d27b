import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runProgram } from '../../program.js';
import { fakeIo } from '../../test-io.js';
import { connect } from '../../transport/connect.js';
import { postgresPrograms, startPostgres } from '../../../../../scripts/postgres.mjs';
import type { Database } from '../database.js';
import { postgresDriver } from './driver.js';

const programs = postgresPrograms();

describe.skipIf(programs === undefined)('a real PostgreSQL', () => {
  let server: Awaited<ReturnType<typeof startPostgres>>;
  let database: Database;
  const driver = postgresDriver();
  const open = (url: string, environment = {}) =>
    driver.open({ url, environment, password: undefined, timeoutMs: 10_000, ca: undefined, confinedTo: undefined });
  const ask = (sql: string, values: readonly string[] = []) => database.query(sql, values, 10_000);

  beforeAll(async () => {
    server = await startPostgres(programs ?? '');
    database = await open(server.url);
  }, 60_000);
  afterAll(async () => {
    await database.close();
    await server.stop();
  });

  it('gives text, and times in UTC, whatever the settings of the server', async () => {
    const [row] = await ask(
      `select 9007199254740993 as big, true as yes, null as none, timestamptz '2026-11-28 16:00:00.5+01' as at, timestamp '2026-11-28 16:00:00' as local, $1::text as given`,
      ['x'],
    );
    expect(row).toEqual({
      big: '9007199254740993',
      yes: 't',
      none: null,
      at: '2026-11-28 15:00:00.5+00',
      local: '2026-11-28 16:00:00',
      given: 'x',
    });
  });

  it.each([
    ['create table x (id int)', 'cannot execute CREATE TABLE in a read-only transaction'],
    [
      "select set_config('transaction_read_only', 'off', true); create table x (id int)",
      'cannot insert multiple commands',
    ],
    ["select nextval('tardy_seq')", 'does not exist'],
  ])('writes nothing: %s', async (sql, message) => {
    await expect(ask(sql)).rejects.toThrow(message);
    expect(await ask('select 1 as one')).toEqual([{ one: '1' }]);
  });

  it('says who asks, and limits how long', async () => {
    const [row] =
      await ask(`select current_setting('application_name') as name, current_setting('transaction_read_only') as only,
      current_setting('row_security') as security, current_setting('lock_timeout') as lock, current_setting('TimeZone') as zone`);
    expect(row).toEqual({ name: 'tardy', only: 'on', security: 'off', lock: '5s', zone: 'UTC' });
    const error: unknown = await database.query('select pg_sleep(5)', [], 50).catch((caught: unknown) => caught);
    expect(driver.failure(error, 'x')?.error.code).toBe('timeout');
  });

  it('tells its time', async () => {
    expect(Math.abs(((await database.clock?.(1000)) ?? 0) - Date.now())).toBeLessThan(5000);
  });

  it('that refuses is an error in words', async () => {
    const error: unknown = await open(server.url.replace('/postgres', '/none')).catch((caught: unknown) => caught);
    expect(driver.failure(error, 'x')?.error).toMatchObject({ code: 'not_found' });
    const port = new URL(server.url).port;
    const refused: unknown = await open(server.url.replace(port, '1')).catch((caught: unknown) => caught);
    expect(driver.failure(refused, 'x')).toMatchObject({ error: { code: 'network' }, retry: true });
  });

  it('is checked by a mapping, from a stuck run to a healthy one', async () => {
    const { default: pg } = await import('pg');
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    await client.query(`create table operation_runs (id bigint primary key, kind text, status text, started_at timestamptz, beat_at timestamptz);
      insert into operation_runs values (1, 'report', 'running', now() - interval '3 hours', now() - interval '2 hours')`);
    const check = async () => {
      const config = `sources:
  app: { kind: sql, url: '${server.url}', table: operation_runs, fields: { id: id, type: kind, status: status, started_at: started_at, heartbeat_at: beat_at } }`;
      const world = fakeIo({ files: { '/project/app/t.yaml': config } });
      const io = { ...world.io, now: () => Date.now(), connect };
      return { code: await runProgram(io, ['check', '--config', 't.yaml']), ...world.printed };
    };
    const stuck = await check();
    expect(stuck).toMatchObject({ code: 1, out: expect.stringContaining('1 likely stuck of 1 active run') as unknown });
    await client.query('update operation_runs set beat_at = now()');
    expect((await check()).code).toBe(0);
    await client.query(
      `alter table operation_runs enable row level security; create role reader login; grant select on operation_runs to reader`,
    );
    server = { ...server, url: server.url.replace('//tardy@', '//reader@') };
    const hidden = await check();
    expect(hidden.code).toBe(3);
    expect(hidden.out + hidden.err).toContain('Row security hides rows from this role');
    await client.end();
  });
});
