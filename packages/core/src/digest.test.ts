import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { policyDigest } from './digest.js';
import { createPolicy } from './policy.js';
import { FLAG_KINDS } from './run.js';
import { DEFAULT_FIELDS, type PolicyDocument } from './policy-document.js';

const digestOf = (document: PolicyDocument) => policyDigest(createPolicy(document));

const base: PolicyDocument = {
  version: 1,
  defaults: { run: { late: '90s', stale: 'never' }, silence: { late: '2m' } },
  rules: [
    { match: { type: ['a*', 'b'], 'labels.env': 'prod' }, run: { late: '5s' } },
    { match: { type: 'c' }, flag: 'stale' },
  ],
};

const everyFlag = (thresholds: object) => Object.fromEntries(FLAG_KINDS.map((kind) => [kind, thresholds]));

describe('the digest of a policy', () => {
  it('is a SHA-256', () => {
    expect(digestOf(base)).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it('is that of the canonical text, as another implementation computes it', () => {
    const canonical =
      '{"defaults":{"clock_tolerance":30000,"deadline":{"grace":600000},"flag":{' +
      '"cannot_start":{"late":0,"stale":300000},"late":{"late":0,"stale":"never"},"orphaned":{"late":0,"stale":300000},' +
      '"stuck":{"late":0,"stale":"never"},"unresponsive":{"late":0,"stale":1800000},' +
      '"worker_lost":{"late":0,"stale":300000}},' +
      '"hold":{"late":86400000,"stale":"never"},"queue":{"late":300000,"stale":1800000},' +
      '"run":{"late":3600000,"stale":21600000},"silence":{"late":120000,"stale":600000,"vouches":true}},' +
      '"rules":[],"version":1}';
    expect(digestOf({ version: 1 })).toBe(`sha256:${createHash('sha256').update(canonical).digest('hex')}`);
  });

  it.each<[string, PolicyDocument]>([
    [
      'a duration is spelled otherwise',
      { ...base, defaults: { ...base.defaults, run: { late: '1m30s', stale: 'never' } } },
    ],
    ['a duration is spelled in ISO 8601', { ...base, defaults: { ...base.defaults, silence: { late: 'PT2M' } } }],
    [
      'a default is written out',
      { ...base, defaults: { ...base.defaults, hold: DEFAULT_FIELDS.hold, flag: DEFAULT_FIELDS.flag } },
    ],
    [
      'keys change places',
      { rules: base.rules, defaults: { silence: { late: '2m' }, run: { stale: 'never', late: '90s' } }, version: 1 },
    ],
    [
      'the short form of the flags is written out',
      { ...base, rules: [base.rules![0]!, { match: { type: 'c' }, flag: everyFlag({ late: '0s', stale: '0s' }) }] },
    ],
    ['a glob becomes a list of one', { ...base, rules: [base.rules![0]!, { match: { type: ['c'] }, flag: 'stale' }] }],
    [
      'globs change places',
      {
        ...base,
        rules: [{ ...base.rules![0]!, match: { 'labels.env': 'prod', type: ['b', 'a*', 'b'] } }, base.rules![1]!],
      },
    ],
    ['a server has put its digest in', { ...base, digest: 'sha256:0' }],
    ['it has been resolved before', createPolicy(base).document],
  ])('stays when %s', (_, document) => {
    expect(digestOf(document)).toBe(digestOf(base));
  });

  it.each<[string, PolicyDocument]>([
    [
      'a threshold changes by a millisecond',
      { ...base, defaults: { ...base.defaults, run: { late: '90s1ms', stale: 'never' } } },
    ],
    ['never becomes a long time', { ...base, defaults: { ...base.defaults, run: { late: '90s', stale: '9999d' } } }],
    ['vouching is off', { ...base, defaults: { ...base.defaults, silence: { late: '2m', vouches: false } } }],
    ['rules change places', { ...base, rules: [...base.rules!].reverse() }],
    ['a rule goes', { ...base, rules: base.rules!.slice(1) }],
    ['a glob changes', { ...base, rules: [base.rules![0]!, { match: { type: 'd' }, flag: 'stale' }] }],
    ['a glob is for another field', { ...base, rules: [base.rules![0]!, { match: { source: 'c' }, flag: 'stale' }] }],
    ['the effect of a flag changes', { ...base, rules: [base.rules![0]!, { match: { type: 'c' }, flag: 'ignore' }] }],
    ['the tolerance changes', { ...base, defaults: { ...base.defaults, clock_tolerance: '31s' } }],
  ])('changes when %s', (_, document) => {
    expect(digestOf(document)).not.toBe(digestOf(base));
  });
});
