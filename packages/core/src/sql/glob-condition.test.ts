import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { matchesGlob } from '../match.js';
import { sqlDialect } from './dialects/index.js';
import { globCondition } from './glob-condition.js';
import { testEngines, type TestEngine } from './test-sql-engines.js';

/** What means something to a glob, to LIKE or to a literal, and characters of one and of two UTF-16 units. */
const unit = fc.constantFrom(
  'a',
  'A',
  '*',
  '?',
  '%',
  '_',
  '!',
  '[',
  ']',
  '^',
  '\\',
  "'",
  '"',
  '\n',
  ' ',
  'é',
  'e',
  '😀',
  '🙂',
);
const text = fc.string({ unit, maxLength: 6 });

describe.each(testEngines().map((engine) => ({ ...engine, engine })))('globs in $name', ({ engine }) => {
  const dialect = sqlDialect(engine.dialect);
  let database: Awaited<ReturnType<TestEngine['open']>>;
  beforeAll(async () => {
    database = await engine.open();
  }, 120_000);
  afterAll(() => database.close(), 60_000);

  async function matches(conditions: readonly string[]): Promise<boolean[]> {
    const columns = conditions.map((condition, index) => `case when ${condition} then 1 else 0 end as m${index}`);
    const [row = {}] = await database.query(`select ${columns.join(', ')}`);
    return conditions.map((_, index) => Number(row[`m${index}`]) === 1);
  }

  it('match what matchesGlob matches', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.oneof(text, fc.array(text, { maxLength: 3 })), text), { minLength: 1, maxLength: 60 }),
        async (pairs) => {
          const conditions = pairs.map(([globs, value]) => globCondition(dialect.literal(value), globs, dialect));
          expect({ pairs, matches: await matches(conditions) }).toEqual({
            pairs,
            matches: pairs.map(([globs, value]) => [globs].flat().some((glob) => matchesGlob(glob, value))),
          });
        },
      ),
      { numRuns: engine.policies * 3 },
    );
  }, 300_000);

  it.each([
    { what: 'a glob with half of a surrogate pair', glob: '\u{D83D}*', text: '\u{FFFD}', expected: false },
    { what: 'a glob with a NUL', glob: 'a\0', text: 'a', expected: false },
    { what: 'no glob at all', glob: [], text: 'a', expected: false },
    { what: 'another case', glob: 'Nightly', text: 'nightly', expected: false },
    { what: 'a space at the end', glob: 'nightly', text: 'nightly ', expected: false },
    { what: 'a space at the end of a pattern', glob: 'night*y', text: 'nightly ', expected: false },
    { what: 'an accent', glob: 'caf?', text: 'café', expected: true },
    { what: 'a letter without its accent', glob: 'cafe', text: 'café', expected: false },
    { what: 'a set of characters', glob: '[ab]*', text: 'a1', expected: false },
    { what: 'a list', glob: ['a', 'b*'], text: 'bc', expected: true },
  ])('say $expected to $what', async ({ glob, text: value, expected }) => {
    expect(await matches([globCondition(dialect.literal(value), glob, dialect)])).toEqual([expected]);
  });

  it.each(['env', 'a.b', 'a b', '$x', '/y', '__proto__', 'é', "it's", 'a]b', 'a:b'])(
    'read the label %j, and null where it is missing',
    async (key) => {
      const json = dialect.literal(JSON.stringify({ other: 'x', [key]: 'Yes' }));
      const typed = engine.dialect === 'postgresql' ? `${json}::jsonb` : json;
      const label = dialect.jsonText(typed, key);
      const missing = dialect.jsonText(typed, `${key}2`);
      expect(await matches([globCondition(label, 'Y*', dialect), `${missing} is null`])).toEqual([true, true]);
    },
  );
});
