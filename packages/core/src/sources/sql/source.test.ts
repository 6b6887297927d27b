import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { classify } from '../../classify.js';
import { createPolicy } from '../../policy.js';
import { sourceKind } from '../registry.js';
import type { Source } from '../source.js';
import { PAGE_ROWS } from './reading/query.js';
import { fakeDatabase } from './testing/fake-database.js';
import { gather } from '../testing/fetch.js';
import { openTestDatabase, readSource } from './testing/test-database.js';

const url = 'postgres://reader@database.example/app';
const fields = { id: 'id', type: 'kind', status: 'status', started_at: 'started_at', heartbeat_at: 'beat_at' };
const statuses = { waiting: 'queued', busy: 'running', done: 'succeeded', broken: 'failed' };

const open = async (config: Readonly<Record<string, unknown>>): Promise<Source> =>
  (await sourceKind('sql').open('app', { url, fields, statuses, ...config })).source;

const database = await openTestDatabase();
afterAll(() => database.close());
const read = async (
  config: Readonly<Record<string, unknown>> = { table: 'runs' },
  activity: 'active' | 'recent' | 'all' = 'active',
) => readSource(await open(config), database.fetch, { activity });

beforeEach(async () => {
  await database.exec(`reset role; set row_security = on; drop table if exists runs cascade;
    create table runs (id bigint, kind text, status text, started_at timestamptz, beat_at timestamptz);
    insert into runs values
      (1, 'report', 'busy', '2026-11-28 15:00:00+00', '2026-11-28 15:01:00+00'),
      (2, 'report', 'done', '2026-11-28 14:00:00+00', null),
      (9007199254740993, 'report', 'waiting', null, null);
    set row_security = off`);
});

describe('a table of runs', () => {
  it('gives the runs that have not ended, large ids digit by digit', async () => {
    const { runs, issues, error } = await read();
    expect({ issues, error }).toEqual({ issues: [], error: undefined });
    expect(runs).toMatchObject([
      { id: '1', status: 'running', heartbeatAt: Date.parse('2026-11-28T15:01:00Z'), native: { status: 'busy' } },
      { id: '9007199254740993', status: 'queued' },
    ]);
  });

  it('gives ended ones too where they are wanted', async () => {
    expect((await read({ table: 'runs' }, 'recent')).runs.map(({ id }) => id)).toEqual(['1', '9007199254740993', '2']);
    expect((await read({ table: 'runs' }, 'all')).runs).toHaveLength(3);
  });

  it('gives the run with an id', async () => {
    const source = await open({ table: 'runs' });
    expect(await source.get('2', database.fetch)).toMatchObject({ id: '2', outcome: 'succeeded' });
    expect(await source.get('3', database.fetch)).toBeUndefined();
    expect(await source.get('three', database.fetch)).toBeUndefined();
  });

  it('may be a part of one, or a join', async () => {
    await database.exec(
      "create table beats as select 1::bigint as run, now() as at; update runs set kind = 'x' where id > 1",
    );
    const joined = await read({
      from: 'runs r left join beats b on b.run = r.id',
      where: "r.kind = 'report'",
      fields: { ...fields, id: 'r.id', heartbeat_at: 'b.at' },
    });
    await database.exec('drop table beats');
    expect(joined.runs.map(({ id }) => id)).toEqual(['1']);
    expect(joined.runs[0]?.heartbeatAt).toBeGreaterThan(0);
  });

  it('may have columns with capitals, and expressions', async () => {
    await database.exec('alter table runs rename beat_at to "beatAt"');
    const { runs } = await read({
      table: 'public.runs',
      fields: { ...fields, heartbeat_at: 'beatAt', tenant: 'upper(kind)', labels: { 'of the run': 'kind' } },
    });
    expect(runs[0]).toMatchObject({ tenant: { id: 'REPORT' }, labels: { 'of the run': 'report' } });
    expect(runs[0]?.heartbeatAt).toBeDefined();
  });

  it('may have the words of Tardy', async () => {
    await database.exec(
      "alter table runs add outcome text; update runs set status = 'completed', outcome = 'blocked' where id = 2; update runs set status = 'running' where id = 1",
    );
    const { runs } = await read(
      { table: 'runs', statuses: undefined, fields: { ...fields, outcome: 'outcome' } },
      'recent',
    );
    expect(runs.map(({ status, outcome }) => `${status} ${outcome}`)).toEqual([
      'running pending',
      'running unknown',
      'completed blocked',
    ]);
  });
});

describe('what would hide a stuck run', () => {
  it('is not a status that the mapping does not know', async () => {
    await database.exec(
      "insert into runs values (3, 'report', 'paused', now(), now()), (4, 'report', null, now(), now())",
    );
    const { runs } = await read();
    const odd = runs.filter(({ id }) => id === '3' || id === '4');
    expect(odd).toMatchObject([
      { outcome: 'unknown', native: { status: 'paused' } },
      { outcome: 'unknown', native: { status: 'none' } },
    ]);
    for (const run of odd) expect(classify(run, createPolicy({ version: 1 }), Date.now()).state).toBe('unknown');
  });

  it('is not a start that is missing', async () => {
    await database.exec("insert into runs values (3, 'report', 'busy', null, null)");
    const run = (await read()).runs.find(({ id }) => id === '3');
    if (run === undefined) throw new Error('The run is gone.');
    expect(classify(run, createPolicy({ version: 1 }), Date.now()).state).toBe('unknown');
  });

  it('is not a time without a zone: it is an issue, unless the zone is named', async () => {
    await database.exec('alter table runs alter started_at type timestamp');
    const { runs, issues } = await read();
    expect(runs.map(({ id }) => id)).toEqual(['9007199254740993']);
    expect(issues).toMatchObject([
      {
        id: '1',
        reason: 'started_at has no time zone; name the one that it was written in: zone: UTC (from "started_at")',
      },
    ]);
    const named = await read({ table: 'runs', zone: 'Europe/Berlin' });
    expect(named.runs[0]?.startedAt).toBe(Date.parse('2026-11-28T14:00:00Z'));
  });

  it('is not an id that two rows have', async () => {
    await database.exec("insert into runs values (1, 'report', 'busy', '2026-01-01 00:00:00+00', null)");
    const { issues } = await read();
    expect(issues).toEqual([{ id: '1', reason: 'Several rows have the id 1. Map an id that is unique' }]);
    const source = await open({ table: 'runs' });
    await expect(source.get('1', database.fetch)).rejects.toThrow('Several rows have the id 1.');
  });

  it('is not an id that is missing', async () => {
    await database.exec("insert into runs values (null, 'report', 'busy', now(), null)");
    expect((await read()).issues).toEqual([{ id: undefined, reason: 'id is missing' }]);
  });

  it('is not row security: PostgreSQL refuses what a policy would leave out', async () => {
    await database.exec(`alter table runs enable row level security;
      drop role if exists reader; create role reader; grant select on runs to reader; set role reader`);
    const { runs, error } = await read();
    await database.exec('reset role; revoke all on runs from reader; drop role reader');
    expect({ runs, code: error?.code }).toEqual({ runs: [], code: 'forbidden' });
    expect(error?.message).toMatch(/row-level security/);
  });

  it.each([
    ['more rows than a page', 2 * PAGE_ROWS + 7, PAGE_ROWS + 5],
    ['a page and one row', PAGE_ROWS + 1, PAGE_ROWS + 1],
    ['exactly a page', PAGE_ROWS, PAGE_ROWS],
  ])('is not the end of a page: %s', async (_, count) => {
    await database.exec(
      `delete from runs; insert into runs select n, 'report', 'busy', now(), now() from generate_series(1, ${count}) n`,
    );
    const { runs, issues } = await read();
    expect(issues).toEqual([]);
    expect(new Set(runs.map(({ id }) => id)).size).toBe(count);
  });

  it('is not an id that the last row of a page shares with the first of the next', async () => {
    await database.exec(`delete from runs; insert into runs select n, 'report', 'busy', now(), now() from generate_series(1, ${PAGE_ROWS}) n;
      insert into runs values (${PAGE_ROWS}, 'report', 'busy', '2026-01-01 00:00:00+00', null)`);
    expect((await read()).issues).toMatchObject([{ id: String(PAGE_ROWS) }]);
  });

  it('is not an id that is missing beyond the first page', async () => {
    await database.exec(`delete from runs; insert into runs select n, 'report', 'busy', now(), now() from generate_series(1, ${PAGE_ROWS + 1}) n;
      insert into runs values (null, 'report', 'busy', now(), null)`);
    expect((await read()).issues).toEqual([{ id: undefined, reason: 'id is missing' }]);
  });

  it('is not a column that does not exist', async () => {
    const { error } = await read({ table: 'runs', fields: { ...fields, heartbeat_at: 'pulse' } });
    expect(error?.code).toBe('shape');
  });
});

describe('a config of a table', () => {
  it.each([
    [{}, '  config: needs either table or from'],
    [{ table: 'runs', from: 'runs r' }, '  config: needs either table or from'],
    [{ table: 'runs', zone: 'Berlin' }, '  zone: it must be UTC, a fixed offset such as +01:00, or a name'],
    [{ table: 'runs', fields: { ...fields, id: 'id; drop table runs' } }, '  fields.id: it must be one expression'],
    [{ table: 'runs', fields: { id: 'id', type: 'kind' } }, '  fields.status: it is missing'],
    [{ table: 'runs', statuses: { busy: 'working' } }, '  statuses.busy: '],
    [{ table: 'runs', url: 'postgres://me:s3cret@host/db' }, '  url: A password in a URL is refused'],
    [{ table: 'runs', url: 'https://host/db' }, '  url: Not the URL of a database'],
    [{ table: 'runs', instants: 'date' }, '  instants: it must be timestamp or epoch_s or epoch_ms'],
  ])('%j is refused: %s', async (config, message) => {
    await expect(open(config)).rejects.toThrow(message);
    await expect(open(config)).rejects.not.toThrow('s3cret');
  });

  it('cannot be a URI', async () => {
    await expect(sourceKind('sql').openUri('x', url)).rejects.toThrow('name a system with --preset');
  });
});

it('is judged as of the data that a lagging copy has', async () => {
  const source = await open({ table: 'runs' });
  const row = { id: '1', type: 'report', status: 'busy', started_at: '2026-11-28 15:00:00+00' };
  const lag = { standby: 't', now: '1795878000000', replayed: '1795877960000', caught_up: 'f' };
  const rows = fakeDatabase([row]);
  const { notes, runs } = await gather(source, (at, request) =>
    JSON.stringify(request.body).includes('pg_is_in_recovery') ? { body: { rows: [lag] } } : rows(at, request),
  );
  expect(runs).toHaveLength(1);
  expect(notes).toEqual([expect.stringContaining('lags by up to 40 s')]);
});
