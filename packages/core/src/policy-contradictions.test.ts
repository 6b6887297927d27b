import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PolicyError, type PolicyRule } from './policy-document.js';
import { cascade, layersOf } from './policy-layers.js';
import { compileMatch } from './match.js';
import { createPolicy } from './policy.js';
import { accepted, anyDocument, anyRun } from './test-arbitraries.js';

const CLOCKS = ['queue', 'run', 'silence', 'hold'] as const;

function messagesOf(rules: readonly PolicyRule[]): readonly string[] {
  try {
    createPolicy({ version: 1, rules });
    return [];
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    return error.issues.map(({ path, message }) => `${path}: ${message}`);
  }
}

it('gives up on a policy made to be searched forever', () => {
  const rules = Array.from({ length: 200 }, (_, index) => ({
    match: { type: `${'*a'.repeat(100)}${index}*` },
    run: index % 2 === 0 ? { late: '50d' } : { stale: '1h' },
  }));
  // What it finds until then is reported.
  expect(messagesOf(rules).length).toBeLessThan((rules.length / 2) ** 2);
});

/** The built-in run clock is late after 1 h and stale after 6 h. */
describe('a late that exceeds its stale', () => {
  it.each<{ when: string; rules: PolicyRule[]; late: string; stale: string }>([
    {
      when: 'one rule says both',
      rules: [{ match: { type: 'a' }, run: { late: '3h', stale: '2h' } }],
      late: 'rules[0].run.late: late (3h)',
      stale: 'stale (2h) of rules[0].run.stale',
    },
    {
      when: 'a rule meets the defaults',
      rules: [{ match: { type: 'a' }, run: { late: '7h' } }],
      late: 'rules[0].run.late: late (7h)',
      stale: 'stale (6h) of defaults.run.stale',
    },
    {
      when: 'the defaults meet a rule',
      rules: [{ match: { type: 'a' }, run: { stale: '30m' } }],
      late: 'defaults.run.late: late (1h)',
      stale: 'stale (30m) of rules[0].run.stale',
    },
    {
      when: 'two rules meet in one run',
      rules: [
        { match: { type: 'a*' }, run: { late: '5h' } },
        { match: { source: 'ci' }, run: { stale: '4h' } },
      ],
      late: 'rules[0].run.late: late (5h)',
      stale: 'stale (4h) of rules[1].run.stale',
    },
    {
      when: 'two globs meet in some text',
      rules: [
        { match: { type: '*-eu' }, run: { late: '5h' } },
        { match: { type: 'nightly-*' }, run: { stale: '4h' } },
      ],
      late: 'rules[0].run.late: late (5h)',
      stale: 'stale (4h) of rules[1].run.stale',
    },
    {
      when: 'a later rule fixes it for a part of a list',
      rules: [
        { match: { type: ['a*', 'b*'] }, run: { late: '7h' } },
        { match: { type: 'a*' }, run: { stale: '8h' } },
      ],
      late: 'rules[0].run.late: late (7h)',
      stale: 'stale (6h) of defaults.run.stale',
    },
    {
      when: 'a later rule fixes it for a part of a glob',
      rules: [
        { match: { type: 'nightly-*' }, run: { late: '7h' } },
        { match: { type: 'nightly-?*' }, run: { stale: '8h' } },
      ],
      late: 'rules[0].run.late: late (7h)',
      stale: 'stale (6h) of defaults.run.stale',
    },
    {
      when: 'a later rule fixes it only for runs that have a tenant',
      rules: [
        { match: { type: 'a' }, run: { late: '7h' } },
        { match: { type: 'a', tenant: '*' }, run: { stale: '8h' } },
      ],
      late: 'rules[0].run.late: late (7h)',
      stale: 'stale (6h) of defaults.run.stale',
    },
    {
      when: 'late is never',
      rules: [{ match: {}, run: { late: 'never' } }],
      late: 'rules[0].run.late: late (never)',
      stale: 'stale (6h) of defaults.run.stale',
    },
  ])('names both when $when', ({ rules, late, stale }) => {
    expect(messagesOf(rules)).toEqual([`${late} exceeds ${stale}; lower the first or raise the second`]);
  });

  it.each<{ when: string; rules: PolicyRule[] }>([
    { when: 'late equals stale', rules: [{ match: {}, run: { late: '6h' } }] },
    { when: 'both are never', rules: [{ match: {}, run: { late: 'never', stale: 'never' } }] },
    {
      when: 'a later rule raises stale for all of them',
      rules: [
        { match: { type: ['a', 'b'] }, run: { late: '7h' } },
        { match: { type: ['b*', 'a'] }, run: { stale: '8h' } },
      ],
    },
    {
      when: 'two later rules raise stale for a part each',
      rules: [
        { match: { type: ['a', 'b'] }, run: { late: '7h' } },
        { match: { type: 'a' }, run: { stale: '8h' } },
        { match: { type: 'b' }, run: { stale: '9h' } },
      ],
    },
    {
      when: 'a later rule lowers late again',
      rules: [
        { match: { type: 'a' }, run: { late: '7h' } },
        { match: { source: '*' }, run: { late: '2h' } },
      ],
    },
    {
      when: 'the rules have no run in common',
      rules: [
        { match: { type: 'a?' }, run: { late: '5h' } },
        { match: { type: ['b*', '*c?', 'a'] }, run: { stale: '4h' } },
        { match: { type: '*c?' }, run: { stale: '6h' } },
      ],
    },
  ])('is not reported when $when', ({ rules }) => {
    expect(messagesOf(rules)).toEqual([]);
  });

  it('never comes out of a policy that was accepted, whatever the run', () => {
    fc.assert(
      fc.property(anyDocument, fc.array(anyRun(), { minLength: 10, maxLength: 10 }), (document, runs) => {
        fc.pre(accepted(document));
        const layers = layersOf(document);
        const matches = (document.rules ?? []).map(({ match }) => compileMatch(match));
        expect(runs).toHaveLength(10);
        for (const run of runs) {
          const { values } = cascade(layers.filter((_, index) => index === 0 || matches[index - 1]?.(run) === true));
          for (const clock of CLOCKS) expect(values[`${clock}.late`] <= values[`${clock}.stale`]).toBe(true);
        }
      }),
      { numRuns: 150 },
    );
  }, 30_000);

  it('is found at once among a hundred rules', () => {
    const rules = Array.from({ length: 100 }, (_, index) => ({
      match: { type: [`type-${index}`, `other-${index}`], source: 'ci' },
      run: { late: `${index}m`, stale: `${index + 1}m` },
    }));
    expect(messagesOf(rules)).toEqual([]);
    expect(messagesOf([...rules, { match: { type: 'type-*7' }, run: { stale: '6m' } }])).toHaveLength(11);
  });
});
