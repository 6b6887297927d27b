import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { classify, PROBLEM_CLASSES, severityOf } from '../index.js';
import { trustPolicy, type Policy } from '../policy.js';
import { anyDocument, anyPolicy, anyRun } from '../test-arbitraries.js';
import { compilePolicy } from './compile-policy.js';
import { testDatabases, type TestDatabase } from './test-sql-databases.js';
import { asMilliseconds, casesOf, createRunTable, fillRunTable, testColumns, type Case } from './test-sql-runs.js';

const kinds = ['timestamptz', 'timestamptz(3)', 'epoch_ms'] as const;
const texts = fc.constantFrom('a', 'ab', 'b', 'ba', 'nightly', 'A', '😀', 'é');

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
    classes: PROBLEM_CLASSES.filter((one) => one === freshness.problemClass),
    // One of the two instants is `nextChangeAt` of a run whose times are all usable.
    ...(plain && freshness.state === 'fresh' ? { late_at: freshness.nextChangeAt ?? null } : {}),
    ...(plain && freshness.state === 'late' ? { stale_at: freshness.nextChangeAt ?? null } : {}),
  };
}

describe.each(testDatabases())('the policy in the SQL of $name', ({ open }) => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await open();
    for (const [index, kind] of kinds.entries()) await createRunTable(database, `runs_${index}`, kind);
  }, 60_000);
  afterAll(() => database.close());

  it.each([...kinds.entries()])(
    'judges every row as classify does, to the millisecond (%i: %s)',
    async (index, kind) => {
      await fc.assert(
        fc.asyncProperty(
          policies,
          fc.array(anyRun({ text: texts }), { minLength: 1, maxLength: 25 }),
          async (policy, runs) => {
            const table = `runs_${index}`;
            const cases = runs.flatMap((run) => casesOf(run, policy));
            await fillRunTable(database, table, kind, cases);
            const judged = compilePolicy(policy, testColumns(kind), { now: 'r."judgedAt"' });
            const instants = ['late_at', 'stale_at', 'since', 'next_change_at'];
            const rows = await database.query(
              `select state, problem_class, severity,
                 ${instants.map((name) => `${asMilliseconds(`verdict.${name}`, kind)} as ${name}`).join(', ')},
                 ${PROBLEM_CLASSES.map((one) => `${judged.isOfClass[one]} as is_${one}`).join(', ')}
               from ${table} r cross join ${judged.lateral} order by place`,
            );
            expect(rows.length).toBe(cases.length);
            for (const [place, one] of cases.entries()) {
              const row = rows[place] ?? {};
              const expected = verdictOf(one, policy);
              const found = {
                ...row,
                ...Object.fromEntries(instants.map((name) => [name, row[name] === null ? null : Number(row[name])])),
                classes: PROBLEM_CLASSES.filter((name) => row[`is_${name}`] === true),
              };
              expect({ ...one, found }).toMatchObject({ found: expected });
            }
          },
        ),
        { numRuns: 100 },
      );
    },
    120_000,
  );
});
