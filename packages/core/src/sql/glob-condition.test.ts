import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { matchesGlob } from '../match.js';
import { sqlDialect } from './dialects/index.js';
import { globCondition } from './glob-condition.js';
import { testDatabases, type TestDatabase } from './test-sql-databases.js';

/** What means something to a glob, to LIKE or to a literal, and characters of one and of two UTF-16 units. */
const unit = fc.constantFrom('a', 'A', '*', '?', '%', '_', '!', '\\', "'", '\n', 'é', '😀', '🙂');
const text = fc.string({ unit, maxLength: 6 });

describe.each(testDatabases())('globs in $name', ({ open }) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await open();
  }, 60_000);
  afterAll(() => database.close());

  it('match what matchesGlob matches', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.oneof(text, fc.array(text, { maxLength: 3 })), text), { minLength: 1, maxLength: 60 }),
        async (pairs) => {
          const conditions = pairs.map(([globs], index) =>
            globCondition(`$${index + 1}::text`, globs, sqlDialect('postgresql')),
          );
          const [row] = await database.query(
            `select array[${conditions.join(', ')}] as matches, array[${pairs.map((_, index) => `$${index + 1}::text`).join(', ')}] as texts`,
            pairs.map(([, value]) => value),
          );
          expect(row?.['matches']).toEqual(
            pairs.map(([globs, value]) => [globs].flat().some((glob) => matchesGlob(glob, value))),
          );
        },
      ),
      { numRuns: 100 },
    );
  }, 60_000);

  it.each([
    { what: 'a glob with half of a surrogate pair', glob: '\u{D83D}*', text: '\u{FFFD}', matches: false },
    { what: 'a glob with a NUL', glob: 'a\0', text: 'a', matches: false },
    { what: 'no glob at all', glob: [], text: 'a', matches: false },
  ])('say $matches to $what', async ({ glob, text: value, matches }) => {
    const condition = globCondition('subject', glob, sqlDialect('postgresql'));
    const [row] = await database.query(`select ${condition} as matches from (select $1::text as subject) one`, [value]);
    expect(row?.['matches']).toBe(matches);
  });
});
