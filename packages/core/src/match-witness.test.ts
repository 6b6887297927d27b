import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findRun } from './match-witness.js';
import { compileMatch, type RunMatch } from './match.js';

const someMatch: fc.Arbitrary<RunMatch> = fc.dictionary(
  fc.constantFrom('type', 'source', 'tenant', 'labels.env'),
  fc.constantFrom<string | string[]>('a', 'a*', '*b', '?', '*', ['a', 'b?'], ['*a*', 'c']),
  { maxKeys: 2 },
);

describe('findRun', () => {
  it('gives up once its effort is used up', () => {
    const matched = [{ type: '*a*b*' }];
    const effort = { left: 1_000_000 };
    expect(findRun(matched, [], effort)?.type).toBe('ab');
    const used = 1_000_000 - effort.left;
    expect(used).toBeGreaterThan(0);
    expect(findRun(matched, [], { left: used })?.type).toBe('ab');
    expect(findRun(matched, [], { left: used - 1 })).toBeUndefined();
  });

  it.each<{ what: string; matched: RunMatch[]; unmatched: RunMatch[]; found: boolean }>([
    { what: 'nothing asked for', matched: [], unmatched: [], found: true },
    { what: 'a field that is absent', matched: [], unmatched: [{ tenant: '*' }], found: true },
    { what: 'a label that is absent', matched: [], unmatched: [{ 'labels.env': '*' }], found: true },
    { what: 'a type, which is never absent', matched: [], unmatched: [{ type: '*' }], found: false },
    { what: 'a source, which is never absent', matched: [], unmatched: [{ source: '*' }], found: false },
    { what: 'nothing but everything', matched: [], unmatched: [{}], found: false },
    { what: 'a field that does not exist', matched: [{ title: '*' }], unmatched: [], found: false },
    { what: 'a rule by a field that does not exist', matched: [], unmatched: [{ title: '*' }], found: true },
    { what: 'a text of two globs', matched: [{ type: 'a*' }, { type: '*b' }], unmatched: [], found: true },
    { what: 'two texts at once', matched: [{ type: 'a' }, { type: 'b' }], unmatched: [], found: false },
    { what: 'any of a list', matched: [{ type: ['a', 'b'] }], unmatched: [{ type: 'a' }], found: true },
    { what: 'none of a list', matched: [{ type: ['a', 'b'] }], unmatched: [{ type: ['b', 'a'] }], found: false },
    { what: 'one longer than a question mark', matched: [{ type: '*' }], unmatched: [{ type: '?' }], found: true },
    { what: 'a text of two characters', matched: [{ type: '??' }], unmatched: [{ type: '?' }], found: true },
    { what: 'a text of three characters', matched: [{ type: '???' }], unmatched: [{ type: '??' }], found: true },
    { what: 'none between two lengths', matched: [{ type: '?' }], unmatched: [{ type: '?*' }], found: false },
    {
      what: 'a tenant and not its label',
      matched: [{ tenant: '7' }],
      unmatched: [{ tenant: '7', 'labels.a': '*' }],
      found: true,
    },
    { what: 'a workspace', matched: [{ workspace: 'w*' }], unmatched: [{ workspace: 'w' }], found: true },
    { what: 'a label', matched: [{ 'labels.env': 'prod' }], unmatched: [{ 'labels.env': 'p?' }], found: true },
    {
      what: 'a way round the second of two rules',
      matched: [{ type: 'a*', source: 'b*' }],
      unmatched: [{ type: 'a' }, { source: 'b', type: 'a?' }],
      found: true,
    },
  ])('finds $what: $found', ({ matched, unmatched, found }) => {
    const run = findRun(matched, unmatched);
    expect(run !== undefined).toBe(found);
    const fits = run && {
      matched: matched.map((match) => compileMatch(match)(run)),
      unmatched: unmatched.map((match) => compileMatch(match)(run)),
    };
    expect(fits).toEqual(
      found ? { matched: matched.map(() => true), unmatched: unmatched.map(() => false) } : undefined,
    );
  });

  it('gives a run that is active, and what it was asked for', () => {
    const other = '\u{E000}';
    expect(findRun([{ tenant: 't', workspace: 'w', 'labels.a.b': 'c', type: 'x' }], [])).toEqual({
      id: other,
      source: other,
      type: 'x',
      title: other,
      workspace: { id: 'w' },
      tenant: { id: 't' },
      status: 'running',
      outcome: 'pending',
      attempt: 1,
      labels: { 'a.b': 'c' },
    });
  });

  it('gives up instead of searching forever', () => {
    const globs = Array.from({ length: 12 }, (_, index) => `*${String.fromCharCode(97 + index)}*`);
    expect(
      findRun(
        globs.map((type) => ({ type })),
        [],
      ),
    ).toBeUndefined();
    const few = globs.slice(0, 4);
    expect(
      findRun(
        few.map((type) => ({ type })),
        [],
      )?.type,
    ).toHaveLength(4);
  });

  it('finds only runs that match, and none that must not', () => {
    fc.assert(
      fc.property(
        fc.array(someMatch, { maxLength: 2 }),
        fc.array(someMatch, { maxLength: 3 }),
        (matched, unmatched) => {
          const run = findRun(matched, unmatched);
          if (run === undefined) return fc.pre(false);
          expect(matched.every((match) => compileMatch(match)(run))).toBe(true);
          expect(unmatched.some((match) => compileMatch(match)(run))).toBe(false);
        },
      ),
      { numRuns: 300 },
    );
  });
});
