import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { classify, compareRuns, createPolicy, DEFAULT_FILTER, type Run } from '../index.js';
import { aRun, DAY, HOUR, MINUTE, NOW, POLICY } from '../test-runs.js';
import { compilePolicy, type SqlVerdict } from './compile-policy.js';
import type { RunColumns } from './run-columns.js';
import { testDatabases, type TestDatabase } from './test-sql-databases.js';
import { createRunTable, fillRunTable, testColumns } from './test-sql-runs.js';

const columns = testColumns('timestamptz');
const atNow = [new Date(NOW).toISOString()];

const runs: readonly Run[] = [
  aRun({ startedAt: NOW - MINUTE }),
  aRun({ startedAt: NOW - HOUR }),
  aRun({ startedAt: NOW - 2 * HOUR }),
  aRun({ startedAt: NOW - 7 * HOUR }),
  aRun({ startedAt: NOW - 7 * HOUR, heartbeatAt: NOW }),
  aRun({ startedAt: NOW, flag: { kind: 'late', since: NOW - DAY } }),
  aRun({ startedAt: NOW, flag: { kind: 'late' } }),
  aRun({ outcome: 'unknown', startedAt: NOW }),
  aRun({ status: 'completed', outcome: 'failed', endedAt: NOW - HOUR }),
  aRun({ status: 'completed', outcome: 'failed', endedAt: NOW }),
  aRun({ status: 'completed', outcome: 'succeeded', endedAt: NOW }),
  aRun({ status: 'completed', outcome: 'succeeded', reconciliation: { at: NOW, reason: '', from: '' } }),
].map((run, index) => ({ ...run, id: String(index) }));

describe('compilePolicy', () => {
  it.each([
    { what: 'a column without a name', change: { status: '' } },
    { what: 'a column with a NUL', change: { status: 'a\0b' } },
  ])('refuses $what', ({ change }) => {
    expect(() => compilePolicy(POLICY, { ...columns, ...change }, { now: '$1' })).toThrow(RangeError);
  });

  it('refuses a tolerance that no database can subtract', () => {
    const policy = createPolicy({ version: 1, defaults: { clock_tolerance: '2000000d' } });
    expect(() => compilePolicy(policy, columns, { now: '$1' })).toThrow('clock_tolerance');
  });
});

describe.each(testDatabases())('a policy compiled for $name', ({ open }) => {
  let database: TestDatabase;
  let verdict: SqlVerdict;

  beforeAll(async () => {
    database = await open();
    await createRunTable(database, 'runs', 'timestamptz');
  }, 60_000);
  afterAll(() => database.close());
  beforeEach(() => {
    verdict = compilePolicy(POLICY, columns, { now: '$1' });
  });

  const fill = () =>
    fillRunTable(
      database,
      'runs',
      'timestamptz',
      runs.map((run) => ({ run, now: NOW })),
    );

  it('says the same in expressions of their own as in one join', async () => {
    await fill();
    const { lateAt, staleAt, usable, state, problemClass, severity, since, nextChangeAt } = verdict;
    const own = Object.entries({ lateAt, staleAt, usable, state, problemClass, severity, since, nextChangeAt });
    const joined = ['late_at', 'stale_at', 'usable', 'state', 'problem_class', 'severity', 'since', 'next_change_at'];
    const [row] = await database.query(
      `select count(*)::int as rows, ${own
        .map(
          ([name, text], index) =>
            `count(*) filter (where ${text} is not distinct from verdict.${joined[index]})::int as "${name}"`,
        )
        .join(', ')} from runs r cross join ${verdict.lateral}`,
      atNow,
    );
    expect(new Set(Object.values(row ?? {}))).toEqual(new Set([runs.length]));
  });

  it('sorts the worst first as lists do', async () => {
    await fill();
    const rows = await database.query(
      `select place from runs r cross join ${verdict.lateral} order by ${verdict.worstFirst}, place::text collate "C"`,
      atNow,
    );
    const judged = runs.map((run) => ({ run, freshness: classify(run, POLICY, NOW) }));
    const sorted = judged.sort((a, b) => compareRuns(a, b, DEFAULT_FILTER.sort));
    expect(rows.map((row) => String(row['place']))).toEqual(sorted.map(({ run }) => run.id));
  });

  it.each([
    { what: 'an instant without end', set: `"startedAt" = 'infinity'` },
    { what: 'an instant past the year 9999', set: `"queuedAt" = '10000-01-01 00:00:00+00'` },
    { what: 'an instant before the year 0', set: `"endedAt" = '0002-12-31 23:59:59.999+00 BC'` },
    { what: 'an unknown status', set: `status = 'lingering'` },
    { what: 'no status', set: 'status = null' },
    { what: 'an unknown hold', set: `hold = 'tea'` },
    { what: 'an unknown flag', set: `flag = 'odd'` },
    { what: 'a heartbeat interval of nothing', set: 'interval = 0' },
    { what: 'a heartbeat interval of more than a year', set: 'interval = 31536001' },
  ])('gives no verdict to a row with $what, and keeps it in the lists', async ({ set }) => {
    await fillRunTable(database, 'runs', 'timestamptz', [{ run: aRun({ startedAt: NOW }), now: NOW }]);
    await database.query(`update runs set ${set}`);
    const [row] = await database.query(
      `select verdict.*, ${verdict.isOfClass.active_stale_attention} as kept from runs r cross join ${verdict.lateral}`,
      atNow,
    );
    expect(row).toMatchObject({ state: null, problem_class: null, late_at: null, severity: null });
    expect(row?.['kept']).toBe(set === 'status = null' ? null : true);
  });

  it('reads an unknown outcome as unknown, and a missing one as pending', async () => {
    const run = aRun({ startedAt: NOW });
    await fillRunTable(
      database,
      'runs',
      'timestamptz',
      [run, run, run].map((one) => ({ run: one, now: NOW })),
    );
    await database.query(`update runs set outcome = case place when 0 then 'odd' when 1 then null else 'failed' end`);
    const rows = await database.query(`select ${verdict.state} as state from runs r order by place`, atNow);
    expect(rows.map((row) => row['state'])).toEqual(['unknown', 'fresh', 'fresh']);
  });

  it('does without every column but the status', async () => {
    const { table, instants, status }: RunColumns = columns;
    const least = compilePolicy(
      createPolicy({ version: 1, rules: [{ match: { type: '*', 'labels.a': 'b' }, flag: 'stale' }] }),
      { table, instants, status },
      { now: '$1', alias: 'v' },
    );
    await fill();
    const rows = await database.query(
      `select distinct v.state from runs r cross join ${least.lateral} order by 1`,
      atNow,
    );
    expect(rows).toEqual([{ state: 'terminal' }, { state: 'unknown' }]);
  });

  it('cuts microseconds as the drivers do that read the row', async () => {
    await fillRunTable(database, 'runs', 'timestamptz', [{ run: aRun({ startedAt: NOW }), now: NOW }]);
    const edge = NOW - HOUR;
    for (const [micros, state] of [
      ['000', 'late'],
      ['999', 'late'],
    ] as const) {
      await database.query(`update runs set "startedAt" = $1::timestamptz`, [
        new Date(edge).toISOString().replace('Z', `${micros}Z`),
      ]);
      const [row] = await database.query(`select "startedAt" as at, ${verdict.state} as state from runs r`, atNow);
      expect(row?.['at']).toEqual(new Date(edge));
      expect(row?.['state']).toBe(state);
    }
  });
});
