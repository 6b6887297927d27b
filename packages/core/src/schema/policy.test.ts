import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDuration } from '../duration.js';
import { createPolicy } from '../policy.js';
import { DEFAULT_FIELDS, PolicyError, type PolicyIssue } from '../policy-document.js';
import { durationSchema, loadPolicy } from './policy.js';

/** The example of the documentation. */
const EXAMPLE = {
  version: 1,
  defaults: {
    queue: { late: '5m', stale: '30m' },
    run: { late: '1h', stale: '6h' },
    silence: { late: '2m', stale: '10m', vouches: true },
    hold: { late: '1d', stale: 'never' },
    deadline: { grace: '10m' },
    flag: 'late',
  },
  rules: [
    { match: { type: 'nightly-*' }, run: { late: '3h', stale: '8h' } },
    { match: { source: 'ci', 'labels.env': 'prod' }, queue: { stale: '10m' } },
  ],
} as const;

function issuesOf(value: unknown): readonly PolicyIssue[] {
  try {
    loadPolicy(value);
    return [];
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    return error.issues;
  }
}

const rule = (fields: object) => ({ version: 1, rules: [{ match: { type: '*' }, ...fields }] });

describe('loadPolicy', () => {
  it('loads the example of the documentation as createPolicy does', () => {
    expect(loadPolicy(EXAMPLE).document).toEqual(createPolicy(EXAMPLE).document);
  });

  it.each([
    ['nothing but a version', { version: 1 }],
    ['the built-in defaults', { version: 1, defaults: DEFAULT_FIELDS, rules: [] }],
    ['lists of globs', { version: 1, rules: [{ match: { tenant: ['7', '9?'], 'labels.a.b': '*' }, flag: 'ignore' }] }],
    ['a policy that a server has published', { ...loadPolicy(EXAMPLE).document, digest: 'sha256:0' }],
  ])('loads %s', (_, document) => {
    expect(issuesOf(document)).toEqual([]);
  });

  it.each([
    [
      'a typo at the top',
      { version: 1, rulez: [] },
      'rulez',
      'unknown key; known keys: version, defaults, rules, digest',
    ],
    [
      'a typo in the defaults',
      { version: 1, defaults: { silense: {} } },
      'defaults.silense',
      /: queue, run, silence, hold/,
    ],
    [
      'a typo in a clock',
      { version: 1, defaults: { run: { lat: '1h' } } },
      'defaults.run.lat',
      /known keys: late, stale$/,
    ],
    ['a typo in a rule', rule({ hlod: {} }), 'rules[0].hlod', /known keys: match, queue/],
    [
      'vouching in the wrong clock',
      rule({ run: { vouches: true } }),
      'rules[0].run.vouches',
      /known keys: late, stale$/,
    ],
    [
      'a typo in a match',
      { version: 1, rules: [{ match: { tennant: '7' } }] },
      'rules[0].match.tennant',
      /match source, type/,
    ],
    [
      'a label without a name',
      { version: 1, rules: [{ match: { 'labels.': '7' } }] },
      'rules[0].match.labels.',
      /labels\.<name>/,
    ],
    [
      'a rule without a match',
      { version: 1, rules: [{ flag: 'late' }] },
      'rules[0].match',
      /^is missing; say which runs/,
    ],
    [
      'a number as a glob',
      { version: 1, rules: [{ match: { tenant: 7 } }] },
      'rules[0].match.tenant',
      /^7 is not a glob.*quotes/,
    ],
    [
      'an empty list of globs',
      { version: 1, rules: [{ match: { tenant: [] } }] },
      'rules[0].match.tenant',
      /^\[\] is not a glob/,
    ],
    [
      'a number as a duration',
      rule({ run: { late: 90 } }),
      'rules[0].run.late',
      /^90 is not a duration; write it as 90s/,
    ],
    [
      'no duration',
      rule({ run: { late: '5 min' } }),
      'rules[0].run.late',
      /^"5 min" is not a duration; write it as 90s/,
    ],
    [
      'a tolerance without an end',
      { version: 1, defaults: { clock_tolerance: 'never' } },
      'defaults.clock_tolerance',
      /30s/,
    ],
    [
      'a flag effect',
      { version: 1, defaults: { flag: 'maybe' } },
      'defaults.flag',
      /^"maybe" is not late, stale or ignore/,
    ],
    [
      'yes for true',
      { version: 1, defaults: { silence: { vouches: 'yes' } } },
      'defaults.silence.vouches',
      /write true or false/,
    ],
    ['a key without a value', { version: 1, rules: null }, 'rules', /^is empty; .*, or leave it out$/],
    ['rules that are no list', { version: 1, rules: {} }, 'rules', /^\{\} is not a list of rules/],
    ['no version', {}, 'version', 'is missing; write 1'],
    ['a version from the future', { version: 2 }, 'version', /^2 is not a known version.*write 1/],
    ['nothing', undefined, 'policy', /^is missing/],
    ['a text', 'version: 1', 'policy', /^"version: 1" is not an object/],
    [
      'late beyond stale',
      rule({ run: { late: '9h' } }),
      'rules[0].run.late',
      /exceeds stale \(6h\) of defaults\.run\.stale/,
    ],
  ])('refuses %s', (_, document, path, message) => {
    expect(issuesOf(document)).toEqual([{ path, message: expect.stringMatching(message) }]);
  });

  it('lists every issue', () => {
    const document = { version: 2, defaults: { run: { lat: '1h', sale: '2h', late: 'soon' } }, rules: [{}] };
    expect(
      issuesOf(document)
        .map(({ path }) => path)
        .sort(),
    ).toEqual(['defaults.run.lat', 'defaults.run.late', 'defaults.run.sale', 'rules[0].match', 'version']);
  });

  it('does not repeat a long value in its message', () => {
    const [issue] = issuesOf(rule({ run: { late: 'x'.repeat(10_000) } }));
    expect(issue?.message.length).toBeLessThan(200);
  });
});

describe('the pattern of a duration', () => {
  const part = fc.constantFrom(
    '0',
    '1',
    '90',
    '1.5',
    '.',
    'd',
    'h',
    'm',
    's',
    'ms',
    'P',
    'T',
    'W',
    'D',
    'H',
    'M',
    'S',
    ' ',
    'never',
    '-',
  );

  it('accepts what parseDuration reads, and nothing else', () => {
    const texts = fc.array(part, { maxLength: 8 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(texts, (text) => {
        expect(durationSchema.safeParse(text).success).toBe(parseDuration(text) !== undefined);
      }),
      {
        numRuns: 5000,
        examples: ['', 'P', 'PT', 'P1DT', 'P1D', 'PT1.5H', '1d12h', '250ms', 'never', '1h\n'].map((text) => [text]),
      },
    );
  });
});
