import { classify, createPolicy, type PolicyDocument, type Run } from '@tardy/core';
import { policyDigest } from '@tardy/core/digest';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NOON } from '../test-io.js';
import { servedPolicy, type JudgedSource } from './served-policy.js';

const MINUTE = 60_000;

function source(document: PolicyDocument, ...names: string[]): JudgedSource {
  return { policy: createPolicy({ version: 1, ...document }), names: new Set(names) };
}

function run(name: string, fields: Partial<Run>): Run {
  return {
    id: '1',
    source: name,
    type: 'sync',
    title: 'Sync',
    status: 'running',
    outcome: 'pending',
    attempt: 1,
    labels: {},
    startedAt: NOON - 90 * MINUTE,
    heartbeatAt: NOON - MINUTE,
    ...fields,
  };
}

const builtIn = source({}, 'plain');
const strict = source({ defaults: { run: { late: '10m', stale: '30m' }, silence: { vouches: false } } }, 'strict');
const ruled = source(
  {
    defaults: { flag: 'ignore' },
    rules: [
      { match: { type: 'backup' }, silence: { late: '1h', stale: '2h' } },
      { match: { source: 'ruled-*' }, queue: { late: '1s', stale: '2s' } },
      { match: { source: 'strict' }, queue: { late: '1ms', stale: '2ms' } },
    ],
  },
  'ruled',
  'ruled-too',
);

describe('the policy of a server over several sources', () => {
  it('is the one that was given, whatever the sources publish', () => {
    const given = createPolicy({ version: 1, defaults: { run: { late: '1m' } } });
    expect(servedPolicy(given, [strict, ruled])).toBe(given);
  });

  it('is the one that all sources share', () => {
    expect(servedPolicy(undefined, [strict, strict])).toBe(strict.policy);
  });

  it('is the built-in one where no source has a run or publishes another', () => {
    const empty = servedPolicy(undefined, [builtIn, { ...strict, names: new Set() }]);
    expect(policyDigest(empty)).toBe(policyDigest(builtIn.policy));
  });

  it('judges each run as the policy of its own source does', () => {
    const all = [builtIn, strict, ruled];
    const served = servedPolicy(undefined, all);
    const age = fc.integer({ min: 0, max: 26 * 60 }).map((minutes) => NOON - minutes * MINUTE);
    const anyRun = fc
      .record({
        name: fc.constantFrom('plain', 'strict', 'ruled', 'ruled-too'),
        type: fc.constantFrom('sync', 'backup'),
        queuedAt: age,
        startedAt: fc.option(age, { nil: undefined }),
        heartbeatAt: fc.option(age, { nil: undefined }),
        status: fc.constantFrom('queued' as const, 'running' as const),
        flag: fc.constantFrom(undefined, { kind: 'stuck' as const, since: NOON - MINUTE }),
      })
      .map(({ name, ...fields }) => run(name, fields));
    fc.assert(
      fc.property(anyRun, (one) => {
        const own = all.find(({ names }) => names.has(one.source))?.policy ?? builtIn.policy;
        const { rule: _, ...expected } = classify(one, own, NOON);
        expect(classify(one, served, NOON)).toMatchObject(expected);
      }),
    );
  });

  it('gives no rule to a source whose name is a pattern, which would match the others', () => {
    const served = servedPolicy(undefined, [builtIn, { ...strict, names: new Set(['*']) }]);
    expect(served.document.rules).toEqual([]);
  });
});
