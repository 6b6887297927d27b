import { describe, expect, it } from 'vitest';
import { isPolicyDocument } from './policy-check.js';
import type { PolicyIssue } from './policy-document.js';

function issuesOf(value: unknown): readonly string[] {
  const issues: PolicyIssue[] = [];
  const valid = isPolicyDocument(value, issues);
  expect(valid).toBe(issues.length === 0);
  return issues.map(({ path, message }) => `${path}: ${message}`);
}

const DURATION = 'write it as 90s, 15m, 2h, 1d12h, PT15M or never';
const GLOB = 'write text such as "nightly-*", numbers in quotes';
const TOP = 'version, defaults, rules, digest';
const FIELDS = 'queue, run, silence, hold, deadline, flag, clock_tolerance';

describe('isPolicyDocument', () => {
  it.each<{ what: string; value: unknown }>([
    { what: 'an empty policy', value: {} },
    { what: 'members that are undefined', value: { version: undefined, defaults: undefined, rules: undefined } },
    {
      what: 'all clocks',
      value: {
        version: 1,
        digest: 'sha256:0',
        defaults: {
          queue: { late: '5m', stale: 'never' },
          run: { late: 'PT1H', stale: '1d12h' },
          silence: { late: '0s', stale: '90s', vouches: false },
          hold: { late: '1d', stale: '2d' },
          deadline: { grace: 'never' },
          flag: { stuck: { late: '0s', stale: '1h' } },
          clock_tolerance: '30s',
        },
        rules: [
          { match: {}, flag: 'ignore' },
          { match: { type: 'a', source: ['b', 'c*'], 'labels.env': 'x', tenant: undefined }, flag: 'stale' },
          { match: { workspace: 'w' }, flag: 'late' },
        ],
      },
    },
    { what: 'no rules', value: { rules: [] } },
  ])('accepts $what', ({ value }) => {
    expect(issuesOf(value)).toEqual([]);
  });

  it.each<{ what: string; value: unknown; issue: string }>([
    { what: 'nothing', value: undefined, issue: `policy: is missing; give it keys of ${TOP}` },
    { what: 'null', value: null, issue: `policy: is empty; give it keys of ${TOP}, or leave it out` },
    { what: 'a list', value: [], issue: `policy: [] is not an object; give it keys of ${TOP}` },
    { what: 'a text', value: 'x', issue: `policy: "x" is not an object; give it keys of ${TOP}` },
    { what: 'an unknown key', value: { rule: [] }, issue: `rule: unknown key; known keys: ${TOP}` },
    {
      what: 'a key that every object inherits',
      value: { toString: 1 },
      issue: `toString: unknown key; known keys: ${TOP}`,
    },
    { what: 'another version', value: { version: 2 }, issue: 'version: 2 is not a known version; write 1' },
    { what: 'a digest that is no text', value: { digest: 1 }, issue: 'digest: 1 is not text; write it in quotes' },
    {
      what: 'empty defaults',
      value: { defaults: null },
      issue: `defaults: is empty; give it keys of ${FIELDS}, or leave it out`,
    },
    {
      what: 'a list of thresholds',
      value: { defaults: { run: ['1h'] } },
      issue: 'defaults.run: ["1h"] is not an object; give it keys of late, stale',
    },
    {
      what: 'an unknown threshold',
      value: { defaults: { run: { soon: '1h' } } },
      issue: 'defaults.run.soon: unknown key; known keys: late, stale',
    },
    {
      what: 'a clock that does not vouch',
      value: { defaults: { run: { vouches: true } } },
      issue: 'defaults.run.vouches: unknown key; known keys: late, stale',
    },
    {
      what: 'an unknown key of silence',
      value: { defaults: { silence: { x: 1 } } },
      issue: 'defaults.silence.x: unknown key; known keys: late, stale, vouches',
    },
    {
      what: 'a number as duration',
      value: { defaults: { run: { late: 90 } } },
      issue: `defaults.run.late: 90 is not a duration; ${DURATION}`,
    },
    {
      what: 'a list with a duration',
      value: { defaults: { run: { late: ['5m'] } } },
      issue: `defaults.run.late: ["5m"] is not a duration; ${DURATION}`,
    },
    {
      what: 'a list with an effect',
      value: { defaults: { flag: ['late'] } },
      issue:
        'defaults.flag: ["late"] is not late, stale or ignore; write one of them, or the thresholds of each kind of flag',
    },
    {
      what: 'a list with a tolerance of never',
      value: { defaults: { clock_tolerance: ['never'] } },
      issue: `defaults.clock_tolerance: ["never"] is not a duration; ${DURATION}`,
    },
    {
      what: 'an empty duration',
      value: { defaults: { deadline: { grace: null } } },
      issue: `defaults.deadline.grace: is empty; ${DURATION}, or leave it out`,
    },
    {
      what: 'a text that says whether it vouches',
      value: { defaults: { silence: { vouches: 'no' } } },
      issue: 'defaults.silence.vouches: "no" is not true or false; write true or false',
    },
    {
      what: 'an unknown effect of flags',
      value: { defaults: { flag: 'loud' } },
      issue:
        'defaults.flag: "loud" is not late, stale or ignore; write one of them, or the thresholds of each kind of flag',
    },
    {
      what: 'an effect that every object inherits',
      value: { defaults: { flag: 'toString' } },
      issue:
        'defaults.flag: "toString" is not late, stale or ignore; write one of them, or the thresholds of each kind of flag',
    },
    {
      what: 'a number as effect',
      value: { defaults: { flag: 1 } },
      issue: 'defaults.flag: 1 is not late, stale or ignore; write one of them, or the thresholds of each kind of flag',
    },
    {
      what: 'a threshold of a flag that cannot be read',
      value: { defaults: { flag: { stuck: { late: 'x' } } } },
      issue: `defaults.flag.stuck.late: "x" is not a duration; ${DURATION}`,
    },
    {
      what: 'a number as tolerance',
      value: { defaults: { clock_tolerance: 30 } },
      issue: `defaults.clock_tolerance: 30 is not a duration; ${DURATION}`,
    },
    {
      what: 'a tolerance of never',
      value: { defaults: { clock_tolerance: 'never' } },
      issue: 'defaults.clock_tolerance: cannot be never; write a duration such as 30s',
    },
    {
      what: 'one rule instead of a list',
      value: { rules: { match: {} } },
      issue: 'rules: {"match":{}} is not a list of rules; begin each rule with a dash',
    },
    {
      what: 'an empty rule',
      value: { rules: [null] },
      issue: `rules[0]: is empty; give it keys of match, ${FIELDS}, learned, or leave it out`,
    },
    {
      what: 'a rule without a match',
      value: { rules: [{ match: {} }, { run: { late: '1h' } }] },
      issue:
        'rules[1].match: is missing; say which runs the rule is for by source, type, workspace, tenant or labels.<name>',
    },
    {
      what: 'a match that is undefined',
      value: { rules: [{ match: undefined }] },
      issue:
        'rules[0].match: is missing; say which runs the rule is for by source, type, workspace, tenant or labels.<name>',
    },
    {
      what: 'a match that is a text',
      value: { rules: [{ match: 'a' }] },
      issue:
        'rules[0].match: "a" is not a match; say which runs the rule is for by source, type, workspace, tenant or labels.<name>',
    },
    {
      what: 'a field that cannot be matched',
      value: { rules: [{ match: { typ: 'a' } }] },
      issue: 'rules[0].match.typ: cannot be matched; match source, type, workspace, tenant or labels.<name>',
    },
    {
      what: 'a label without a name',
      value: { rules: [{ match: { 'labels.': 'a' } }] },
      issue: 'rules[0].match.labels.: cannot be matched; match source, type, workspace, tenant or labels.<name>',
    },
    {
      what: 'an empty list of globs',
      value: { rules: [{ match: { type: [] } }] },
      issue: `rules[0].match.type: [] is not a glob or a list of globs; ${GLOB}`,
    },
    {
      what: 'a number among globs',
      value: { rules: [{ match: { type: ['a', 7] } }] },
      issue: `rules[0].match.type: ["a",7] is not a glob or a list of globs; ${GLOB}`,
    },
    {
      what: 'a number as glob',
      value: { rules: [{ match: { tenant: 7 } }] },
      issue: `rules[0].match.tenant: 7 is not a glob or a list of globs; ${GLOB}`,
    },
  ])('refuses $what', ({ value, issue }) => {
    expect(issuesOf(value)).toEqual([issue]);
  });

  it('adds to the issues that there are, and judges only by its own', () => {
    const issues: PolicyIssue[] = [{ path: 'config', message: 'bad' }];
    expect(isPolicyDocument({}, issues)).toBe(true);
    expect(isPolicyDocument({ version: 2 }, issues)).toBe(false);
    expect(issues.map(({ path }) => path)).toEqual(['config', 'version']);
  });

  const around: { self?: unknown } = {};
  around.self = around;
  const long = 'x'.repeat(58);

  it.each<{ what: string; version: unknown; shown: string }>([
    { what: 'at most 60 characters of a value', version: `${long}y`, shown: `"${long}y…` },
    { what: 'all of a value of 60 characters', version: long, shown: `"${long}"` },
    { what: 'a value that refers to itself', version: around, shown: '[object Object]' },
    { what: 'a value that JSON does not have', version: 7n, shown: '7' },
    { what: 'a function', version: Symbol('v'), shown: 'Symbol(v)' },
  ])('shows $what', ({ version, shown }) => {
    expect(issuesOf({ version })).toEqual([`version: ${shown} is not a known version; write 1`]);
  });
});
