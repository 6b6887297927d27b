import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDuration } from '../duration.js';
import { createPolicy, trustPolicy, type Policy } from '../policy.js';
import { DEFAULT_FIELDS, PolicyError, type PolicyDocument, type PolicyIssue } from '../policy-document.js';
import { anyDocument } from '../test-arbitraries.js';
import { durationSchema, loadPolicy, policySchema } from './policy.js';

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

function issuesOf(value: unknown, make: (value: unknown) => Policy = loadPolicy): readonly PolicyIssue[] {
  try {
    make(value);
    return [];
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    return error.issues;
  }
}

const rule = (fields: object) => ({ version: 1, rules: [{ match: { type: '*' }, ...fields }] });

/** The value with another one at a path, which is made where it is not there. */
function replacedAt(value: unknown, [key, ...rest]: readonly string[], inner: unknown): unknown {
  if (key === undefined) return inner;
  if (Array.isArray(value))
    return value.map((one: unknown, index) => (String(index) === key ? replacedAt(one, rest, inner) : one));
  const record = typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  return { ...record, [key]: replacedAt(record[key], rest, inner) };
}

describe('loadPolicy', { timeout: 30_000 }, () => {
  it('loads the example of the documentation as createPolicy does', () => {
    expect(loadPolicy(EXAMPLE).document).toEqual(createPolicy(EXAMPLE).document);
  });

  it.each([
    ['nothing at all', {}],
    ['nothing but a version', { version: 1 }],
    ['thresholds of one kind of flag', rule({ flag: { worker_lost: { stale: '1m' }, late: { late: 'never' } } })],
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
      'a kind of flag that does not exist',
      rule({ flag: { worker_dead: {} } }),
      'rules[0].flag.worker_dead',
      /known keys: worker_lost, unresponsive/,
    ],
    [
      'a flag that is late beyond stale',
      rule({ flag: { worker_lost: { late: '1h' } } }),
      'rules[0].flag.worker_lost.late',
      /exceeds stale \(5m\) of defaults\.flag\.worker_lost\.stale/,
    ],
    [
      'yes for true',
      { version: 1, defaults: { silence: { vouches: 'yes' } } },
      'defaults.silence.vouches',
      /write true or false/,
    ],
    ['a key without a value', { version: 1, rules: null }, 'rules', /^is empty; .*, or leave it out$/],
    ['rules that are no list', { version: 1, rules: {} }, 'rules', /^\{\} is not a list of rules/],
    ['a version from the future', { version: 2 }, 'version', /^2 is not a known version.*write 1/],
    ['nothing', undefined, 'policy', /^is missing/],
    ['a text', 'version: 1', 'policy', /^"version: 1" is not an object/],
    [
      'late beyond stale',
      rule({ run: { late: '9h' } }),
      'rules[0].run.late',
      /exceeds stale \(6h\) of defaults\.run\.stale/,
    ],
  ])(
    'refuses %s, and so do those who make a policy in code or trust a published one',
    (what, document, path, message) => {
      const issues = [{ path, message: expect.stringMatching(message) as string }];
      expect(issuesOf(document)).toEqual(issues);
      expect(issuesOf(document, (value) => createPolicy(value as PolicyDocument))).toEqual(issues);
      // A published policy has been looked through for contradictions by whoever publishes it.
      const contradicts = what.includes('beyond stale');
      expect(issuesOf(document, (value) => trustPolicy(value as PolicyDocument))).toEqual(contradicts ? [] : issues);
    },
  );

  it('accepts what the schema describes, and nothing else', () => {
    const seen = { accepted: 0, refused: 0 };
    const odd = fc.constantFrom<unknown>(
      null,
      1,
      '',
      '1m',
      'never',
      'late',
      {},
      [],
      true,
      { late: '1m' },
      { stuck: {} },
    );
    const path = fc.constantFrom(
      ['defaults'],
      ['rules'],
      ['defaults', 'run'],
      ['defaults', 'flag'],
      ['defaults', 'flag', 'late'],
      ['defaults', 'silence', 'vouches'],
      ['rules', '0'],
      ['rules', '0', 'match'],
      ['rules', '0', 'match', 'type'],
      ['version'],
      ['digest'],
    );
    fc.assert(
      fc.property(anyDocument, path, odd, (document, at, value) => {
        const damaged = replacedAt(JSON.parse(JSON.stringify(document)), at, value);
        const { success } = policySchema.safeParse(damaged);
        seen[success ? 'accepted' : 'refused']++;
        expect(issuesOf(damaged, (one) => trustPolicy(one as PolicyDocument)).length === 0).toBe(success);
      }),
      { numRuns: 1000 },
    );
    expect(Math.min(seen.accepted, seen.refused)).toBeGreaterThan(50);
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
