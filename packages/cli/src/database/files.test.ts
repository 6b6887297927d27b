import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runProgram } from '../program.js';
import { fakeIo } from '../test-io.js';
import { connect } from '../transport/connect.js';
import { DRIVERS } from './drivers.js';
import { openSqlite } from './sqlite-library.js';

const folder = mkdtempSync(join(tmpdir(), 'tardy-files-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const TABLE = `create table runs (id bigint primary key, kind varchar, status varchar, started_at varchar, beat bigint);
  insert into runs values (9007199254740993, 'report', 'busy', '2026-11-23 11:00:00', 1), (2, 'report', 'done', '2026-11-23 10:00:00', 2)`;

beforeAll(async () => {
  const sqlite = await openSqlite(join(folder, 'jobs.sqlite'), { readOnly: false, purpose: 'The test' });
  sqlite.exec(TABLE);
  sqlite.close();
  const instance = await DuckDBInstance.create(join(folder, 'jobs.duckdb'));
  const connection = await instance.connect();
  await connection.run(TABLE);
  connection.closeSync();
  instance.closeSync();
  writeFileSync(join(folder, 'no-database'), 'text that is no database, and longer than any header of one'.repeat(100));
  mkdirSync(join(folder, 'project'));
});

describe.each(['sqlite', 'duckdb'] as const)('a file of %s', (engine) => {
  const url = `${engine}:${join(folder, `jobs.${engine}`)}`;
  const open = async (address = url, confinedTo?: string) => {
    const driver = await DRIVERS[engine]();
    const options = { url: address, password: undefined, environment: {}, timeoutMs: 5000, ca: undefined, confinedTo };
    return { driver, database: await driver.open(options) };
  };

  it('gives large numbers digit by digit', async () => {
    const { database } = await open();
    const rows = await database.query(
      'select id, status, null as none from runs where id > ? order by id',
      ['2'],
      5000,
    );
    expect(rows.map((row) => ({ ...row, id: String(row['id']) }))).toEqual([
      { id: '9007199254740993', status: 'busy', none: null },
    ]);
    await database.close();
  });

  it.each(['insert into runs values (3, null, null, null, 0)', "attach 'other.db' as other", 'drop table runs'])(
    'writes nothing: %s',
    async (sql) => {
      const { database } = await open();
      await expect(database.query(sql, [], 5000)).rejects.toThrow(
        /read.?only|authorized|not allowed|disabled|unable to open/i,
      );
      expect(await database.query('select 1 as one from runs', [], 5000)).toHaveLength(2);
      await database.close();
    },
  );

  it('says what is wrong with a statement', async () => {
    const { driver, database } = await open();
    const error: unknown = await database.query('select pulse from runs', [], 5000).catch((caught: unknown) => caught);
    expect(driver.failure(error, url)?.error).toMatchObject({
      code: 'shape',
      message: expect.stringContaining('Check the mapping') as unknown,
    });
    expect(driver.failure(new TypeError('x'), url)).toBeUndefined();
    await database.close();
  });

  it('must exist, and lie where a config that was found may look', async () => {
    await expect(open(`${engine}:${join(folder, 'none')}`)).rejects.toThrow('does not exist');
    await expect(open(url, join(folder, 'project'))).rejects.toThrow('which a config may do only if it is named');
    const { database } = await open(url, folder);
    await database.close();
  });

  it('must be one', async () => {
    const opening = async () => {
      const { database } = await open(`${engine}:${join(folder, 'no-database')}`);
      return database.query('select 1 as one from runs', [], 5000);
    };
    await expect(opening()).rejects.toThrow(/./);
  });

  it('is checked', async () => {
    const config = `sources:
  app: { kind: sql, url: '${engine}:../jobs.${engine}', table: runs, fields: { id: id, type: kind, status: status, started_at: started_at },
    statuses: { busy: running, done: succeeded }, zone: UTC }`;
    const world = fakeIo();
    const path = join(folder, 'project/tardy.config.yaml');
    const io = { ...world.io, connect, readFile: async (file: string) => (file === path ? config : undefined) };
    const argv = ['--config', path, '--policy', '/policy.yaml'];
    const check = (stale: string) =>
      runProgram(
        {
          ...io,
          readFile: async (file) =>
            file === '/policy.yaml'
              ? `version: 1\ndefaults: { run: { late: 1m, stale: ${stale} } }`
              : io.readFile(file),
        },
        ['check', ...argv, '--json'],
      );
    expect(await check('61m')).toBe(0);
    expect(await check('59m')).toBe(1);
    expect(world.printed.out).toContain('"id": "9007199254740993"');
  });
});

it('of SQLite shows what another process has just written', async () => {
  const path = join(folder, 'live.sqlite');
  const writer = await openSqlite(path, { readOnly: false, purpose: 'The test' });
  writer.exec('pragma journal_mode = wal; create table t (a)');
  const driver = await DRIVERS.sqlite();
  const options = { url: `sqlite:${path}`, password: undefined, environment: {}, timeoutMs: 5000, ca: undefined };
  const database = await driver.open({ ...options, confinedTo: undefined });
  writer.exec('insert into t values (7)');
  expect(await database.query('select a from t', [], 5000)).toEqual([{ a: 7 }]);
  await database.close();
  writer.close();
});
