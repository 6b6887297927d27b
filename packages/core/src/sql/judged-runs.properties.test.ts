import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { classify, FRESHNESS_STATES, severityOf, type Instant } from '../index.js';
import { trustPolicy, type Policy } from '../policy.js';
import { anyDocument, anyPolicy, anyRun } from '../test-arbitraries.js';
import { judgedRuns } from './judged-runs.js';
import { testEngines, type TestEngine } from './test-sql-engines.js';
import { createRows, engineColumns, withInstants } from './test-sql-rows.js';
import { casesOf, type Case } from './test-sql-runs.js';

const texts = fc.constantFrom('a', 'ab', 'b', 'ba', 'nightly', 'A', 'NIGHTLY', 'a ', '😀', 'é', 'e');

/** Also such whose rules all match, for the cascade, and such for which silence means nothing. */
const policies = fc.oneof(
  anyPolicy,
  anyDocument.map(({ rules = [], ...rest }) =>
    trustPolicy({ ...rest, rules: rules.map((rule) => ({ ...rule, match: { type: '*' } })) }),
  ),
  anyDocument.map(({ defaults }) =>
    trustPolicy({ version: 1, defaults: { ...defaults, silence: { late: 'never', stale: 'never' } } }),
  ),
);

/** What `classify` says, as the query below spells it. */
function verdictOf({ run, now }: Case, policy: Policy) {
  const freshness = classify(run, policy, now);
  const starts = [run.queuedAt, run.startedAt, run.phaseAt, run.heartbeatAt];
  const plain = run.hold === undefined && run.flag === undefined && starts.every((at) => (at ?? now) <= now);
  return {
    state: freshness.state,
    problem_class: freshness.problemClass,
    severity: severityOf({ run, freshness }),
    since: freshness.since ?? null,
    next_change_at: freshness.nextChangeAt ?? null,
    // One of the two instants is `nextChangeAt` of a run whose times are all usable.
    ...(plain && freshness.state === 'fresh' ? { late_at: freshness.nextChangeAt ?? null } : {}),
    ...(plain && freshness.state === 'late' ? { stale_at: freshness.nextChangeAt ?? null } : {}),
  };
}

const NUMBERS = ['severity', 'since', 'next_change_at', 'late_at', 'stale_at'];

describe.each(testEngines().map((engine) => ({ ...engine, engine })))('judged runs of $name', ({ engine }) => {
  let database: Awaited<ReturnType<TestEngine['open']>>;
  let compared = 0;

  beforeAll(async () => {
    database = await engine.open();
  }, 120_000);
  afterAll(async () => {
    await database.close();
    if (process.env['TARDY_SQL_ENGINES'] !== undefined)
      process.stdout.write(`${engine.name}: ${compared} rows compared\n`);
  }, 60_000);

  it.each(engine.instants)(
    'are what classify says, to the millisecond ($kind)',
    async (stored) => {
      const { kind, span } = stored;
      const within = (at: Instant) => Math.min(Math.max(at, span?.[0] ?? at), span?.[1] ?? at);
      const kept = kind === 'epoch_s' ? (at: Instant) => Math.floor(at / 1000) * 1000 : within;
      const anyTime = fc.integer({ min: -62_167_219_200_000, max: 253_402_300_799_999 });
      const runs = fc.oneof(
        { weight: 4, arbitrary: anyRun({ text: texts }) },
        anyRun({ text: texts, instant: anyTime }),
      );
      const size = engine.policies < 20 ? { minLength: 60, maxLength: 90 } : { minLength: 1, maxLength: 25 };
      await fc.assert(
        fc.asyncProperty(policies, fc.array(runs, size), async (policy, given) => {
          const cases = given.flatMap((run) => casesOf(withInstants(run, kept), policy));
          await createRows(database, engine, stored, cases);
          const judged = judgedRuns(policy, engineColumns(kind), {
            dialect: engine.dialect,
            from: 'tardy_runs r',
            select: { place: 'r.place' },
            now: 'r.judged_at',
          });
          const rows = new Map<number, Record<string, unknown>>();
          for (const row of await database.query(judged.rows)) rows.set(Number(row['place']), row);
          expect(rows.size).toBe(cases.length);
          for (const [place, one] of cases.entries()) {
            const found = Object.fromEntries(
              Object.entries(rows.get(place) ?? {}).map(([name, value]) => {
                const short = name.replace('tardy_', '');
                return [short, value !== null && NUMBERS.includes(short) ? Number(value) : value];
              }),
            );
            const expected = verdictOf(one, policy);
            expect({ ...one, found }).toMatchObject({ found: expected });
            const usable = found['usable'] === null ? null : [true, 1, 1n, 'true'].includes(found['usable'] as never);
            const wanted = expected.state === 'fresh' ? true : expected.state === 'unknown' ? false : usable;
            expect(usable).toBe(wanted);
          }
          compared += cases.length;

          const verdicts = cases.map(({ run, now }) => classify(run, policy, now));
          const attention = (await database.query(judged.attention)).map((row) => Number(row['place']));
          expect(attention.sort((a, b) => a - b)).toEqual(
            [...verdicts.keys()].filter((place) => verdicts[place]?.problemClass !== 'none'),
          );
          const totals = await database.query(judged.totals);
          expect(Object.fromEntries(totals.map((row) => [row['tardy_state'], Number(row['runs'])]))).toEqual(
            Object.fromEntries(
              FRESHNESS_STATES.map(
                (state) => [state, verdicts.filter((one) => one.state === state).length] as const,
              ).filter(([, count]) => count > 0),
            ),
          );
        }),
        { numRuns: engine.policies, endOnFailure: engine.policies < 20 },
      );
    },
    900_000,
  );
});
