import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPolicy } from '../index.js';
import { trustPolicy } from '../policy.js';
import { aQueuedRun, aRun, DAY, HOUR, MINUTE, NOW, POLICY } from '../test-runs.js';
import type { Run } from '../run.js';
import { SQL_DIALECTS, type SqlDialectName } from './dialects/dialect.js';
import { judgedRuns, type JudgedRunsOptions } from './judged-runs.js';
import { testEngines, type TestEngine } from './test-sql-engines.js';
import { createRows, engineColumns } from './test-sql-rows.js';

const columns = engineColumns('epoch_ms');

function options(dialect: SqlDialectName, more: Partial<JudgedRunsOptions> = {}): JudgedRunsOptions {
  return { dialect, from: 'tardy_runs r', select: { place: 'r.place' }, now: NOW, ...more };
}

/** The totals in order of their state. */
function byState(totals: readonly Readonly<Record<string, unknown>>[]): readonly (readonly [unknown, number])[] {
  return totals
    .map((row) => [row['tardy_state'], Number(row['runs'])] as const)
    .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
}

describe('judgedRuns', () => {
  it.each([
    { what: 'a column without a name', change: { status: '' } },
    { what: 'a column with a NUL', change: { status: 'a\0b' } },
    { what: 'an alias without a name', change: { table: '' } },
  ])('refuses $what', ({ change }) => {
    for (const dialect of SQL_DIALECTS) {
      expect(() => judgedRuns(POLICY, { ...columns, ...change }, options(dialect))).toThrow(RangeError);
    }
  });

  it('refuses instants that the database does not have, and names those it has', () => {
    expect(() => judgedRuns(POLICY, engineColumns('timestamptz'), options('sqlite'))).toThrow(
      'Instants of the kind timestamptz do not exist in sqlite. Use one of epoch_ms, epoch_s, text.',
    );
    expect(() => judgedRuns(POLICY, engineColumns('text'), options('mysql'))).toThrow(RangeError);
  });

  it('refuses a tolerance that no database can subtract', () => {
    const policy = createPolicy({ version: 1, defaults: { clock_tolerance: '2000000d' } });
    expect(() => judgedRuns(policy, columns, options('mysql'))).toThrow('clock_tolerance');
  });
});

describe.each(testEngines().map((engine) => ({ ...engine, engine })))('judged runs of $name', ({ engine }) => {
  let database: Awaited<ReturnType<TestEngine['open']>>;
  const stored = engine.instants.find(({ kind }) => kind === 'epoch_ms');

  beforeAll(async () => {
    database = await engine.open();
  }, 120_000);
  afterAll(() => database.close(), 60_000);

  async function fill(runs: readonly Run[]) {
    if (stored === undefined) throw new Error(`${engine.name} cannot store milliseconds.`);
    await createRows(
      database,
      engine,
      stored,
      runs.map((run) => ({ run, now: NOW })),
    );
  }

  const runs = [
    aRun({ startedAt: NOW - MINUTE }),
    aRun({ startedAt: NOW - 7 * HOUR }),
    aQueuedRun({ queuedAt: NOW - MINUTE }),
    aRun({ startedAt: NOW - 2 * HOUR, type: 'nightly-backup' }),
    aRun({ status: 'completed', outcome: 'failed', endedAt: NOW - HOUR }),
    aRun({ status: 'completed', outcome: 'succeeded', endedAt: NOW }),
    aRun({ startedAt: NOW - MINUTE, outcome: 'unknown' }),
  ];

  it('take the instant as a number', async () => {
    await fill(runs);
    const judged = judgedRuns(POLICY, columns, options(engine.dialect));
    const rows = await database.query(judged.rows);
    const states = [...rows].sort((a, b) => Number(a['place']) - Number(b['place'])).map((row) => row['tardy_state']);
    expect(states).toEqual(['fresh', 'likely_stale', 'fresh', 'late', 'terminal', 'terminal', 'unknown']);
    const attention = await database.query(judged.attention);
    expect(new Set(attention.map((row) => Number(row['place'])))).toEqual(new Set([1, 3, 4, 6]));
  });

  it('have only the columns that are wanted, and only the rows', async () => {
    await fill(runs);
    const judged = judgedRuns(
      POLICY,
      columns,
      options(engine.dialect, {
        where: `r.status = 'queued' or r.place = 3`,
        select: { 'A "name"': 'r.place', kind: 'r.status' },
        verdict: ['since', 'state'],
      }),
    );
    const rows = await database.query(`${judged.rows}\norder by 1`);
    expect(
      rows.map((row) => ({ ...row, 'A "name"': Number(row['A "name"']), tardy_since: Number(row['tardy_since']) })),
    ).toEqual([
      { 'A "name"': 2, kind: 'queued', tardy_since: NOW - MINUTE, tardy_state: 'fresh' },
      { 'A "name"': 3, kind: 'running', tardy_since: NOW - HOUR, tardy_state: 'late' },
    ]);
    const [only = {}, ...others] = await database.query(judged.attention);
    expect([Object.keys(only), others]).toEqual([['A "name"', 'kind', 'tardy_since', 'tardy_state'], []]);
    const totals = await database.query(judged.totals);
    expect(byState(totals)).toEqual([
      ['fresh', 1],
      ['late', 1],
    ]);
  });

  it('keep a row without a verdict, whatever cannot be read of it', async () => {
    const running = aRun({ startedAt: NOW - MINUTE });
    const odd = (change: object): Run => ({ ...running, ...change });
    const unreadable = [
      odd({ status: 'Running' }),
      odd({ status: 'running ' }),
      odd({ status: 'Completed' }),
      odd({ status: undefined }),
      odd({ hold: 'tea' }),
      odd({ hold: 'Approval' }),
      odd({ flag: { kind: 'odd' } }),
      odd({ heartbeatInterval: 0 }),
      odd({ heartbeatInterval: 31_536_001_000 }),
      odd({ heartbeatInterval: 1e300 }),
      ...['holdSince', 'queuedAt', 'startedAt', 'notBefore', 'phaseAt', 'heartbeatAt', 'endedAt', 'deadlineAt'].flatMap(
        (name) => [
          odd({ [name]: -62_167_219_200_001 }),
          odd({ [name]: 253_402_300_800_000 }),
          odd({ [name]: 9_007_199_254_740_991 }),
        ],
      ),
    ];
    await fill([running, ...unreadable]);
    const judged = judgedRuns(POLICY, columns, options(engine.dialect));
    const places = unreadable.map((_, index) => index + 1);
    const attention = await database.query(judged.attention);
    expect(attention.map((row) => Number(row['place'])).sort((a, b) => a - b)).toEqual(places);
    for (const { place, ...verdict } of attention)
      expect({ place, verdicts: new Set(Object.values(verdict)) }).toEqual({ place, verdicts: new Set([null]) });
    const totals = await database.query(judged.totals);
    expect(new Map(totals.map((row) => [row['tardy_state'], Number(row['runs'])]))).toEqual(
      new Map([
        ['fresh', 1],
        [null, unreadable.length],
      ]),
    );
  });

  it('do without every column but the status', async () => {
    await fill(runs);
    const policy = createPolicy({
      version: 1,
      rules: [{ match: { type: '*', 'labels.a': 'b' }, flag: 'stale' }],
    });
    const { table, instants, status } = columns;
    const judged = judgedRuns(policy, { table, instants, status }, options(engine.dialect));
    const totals = await database.query(judged.totals);
    expect(byState(totals)).toEqual([
      ['terminal', 2],
      ['unknown', 5],
    ]);
  });

  it.each([
    { what: 'late at once', policy: { run: { late: '0s' } }, expected: [0] },
    { what: 'never late', policy: { run: { late: 'never', stale: 'never' } }, expected: [] },
    { what: 'stale before they are late', policy: { run: { late: '1d', stale: '30s' } }, expected: [0] },
  ] as const)('find runs that are $what by the least threshold', async ({ policy, expected }) => {
    await fill(
      [aRun({ startedAt: NOW - MINUTE }), aRun({ startedAt: NOW - 29_999, heartbeatAt: NOW })].slice(
        0,
        expected.length === 0 ? 2 : 1,
      ),
    );
    const judged = judgedRuns(
      trustPolicy({ version: 1, defaults: { ...policy, run: { stale: '2d', ...policy.run } } }),
      columns,
      options(engine.dialect),
    );
    const attention = await database.query(judged.attention);
    expect(attention.map((row) => Number(row['place']))).toEqual(expected);
  });

  it('read a run of long ago', async () => {
    await fill([aRun({ startedAt: NOW - 1000 * 365 * DAY })]);
    const [row] = await database.query(judgedRuns(POLICY, columns, options(engine.dialect)).rows);
    expect(Number(row?.['tardy_since'])).toBe(NOW - 1000 * 365 * DAY + 6 * HOUR);
  });
});
