import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classify, problemClassOf, type Freshness, type FreshnessState } from './classify.js';
import { anyInstant, anyPolicy, anyRun } from './test-arbitraries.js';
import { DAY, HOUR, MINUTE, NOW } from './test-runs.js';

const RUNS = { numRuns: 1500 };
const wait = fc.oneof(fc.integer({ min: 0, max: 5 * MINUTE }), fc.integer({ min: 0, max: 3 * DAY }));

/** Unknown is on no scale: it may turn out to be anything. */
const SEVERITY: Readonly<Record<FreshnessState, number>> = {
  fresh: 0,
  late: 1,
  likely_stale: 2,
  unknown: NaN,
  reconciled: NaN,
  terminal: NaN,
};

function severity({ state }: Freshness): number {
  return SEVERITY[state];
}

describe('classify', () => {
  it('never makes a verdict milder by ageing alone', () => {
    fc.assert(
      fc.property(anyRun(), anyPolicy, wait, (run, policy, ms) => {
        const before = classify(run, policy, NOW);
        fc.pre(!Number.isNaN(severity(before)));
        expect(severity(classify(run, policy, NOW + ms))).toBeGreaterThanOrEqual(severity(before));
      }),
      RUNS,
    );
  });

  it('never makes a verdict worse by a newer heartbeat alone', () => {
    fc.assert(
      fc.property(anyRun(), anyPolicy, fc.integer({ min: 0, max: HOUR }), (run, policy, ms) => {
        const heartbeatAt = Math.max(NOW - HOUR / 2, run.heartbeatAt ?? NOW) + ms;
        // A policy that takes silence for late at once takes a first heartbeat for that.
        fc.pre(run.heartbeatAt !== undefined || policy.thresholdsFor(run).silenceLate > 0);
        const before = classify(run, policy, NOW);
        const after = classify({ ...run, heartbeatAt }, policy, NOW);
        // One from the future cannot be used, so that nothing may be left to judge by; nor may there be a status to go by.
        const cannotTell = after.skewed.includes('silence') || run.outcome === 'unknown';
        fc.pre(!Number.isNaN(severity(before)) && !(after.state === 'unknown' && cannotTell));
        expect(severity(after)).toBeLessThanOrEqual(severity(before));
      }),
      RUNS,
    );
  });

  it('stays as it is until nextChangeAt, and is another then', () => {
    const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(anyRun(), anyPolicy, share, (run, policy, part) => {
        const first = classify(run, policy, NOW);
        const end = first.nextChangeAt ?? NOW + 400 * DAY;
        expect(end).toBeGreaterThan(NOW);
        for (const at of [NOW + Math.floor((end - NOW) * part), end - 1]) {
          const later = classify(run, policy, at);
          expect(later).toMatchObject({ state: first.state, nextChangeAt: first.nextChangeAt });
          expect(evidenceOf(later, first)).toEqual(evidenceOf(first, first));
        }
        const state = first.nextChangeAt === undefined ? undefined : classify(run, policy, end).state;
        expect(state).not.toBe(first.state);
      }),
      RUNS,
    );
  });

  it('never finds an ended run late, stuck or unknown', () => {
    fc.assert(
      fc.property(anyRun(), anyPolicy, (run, policy) => {
        const { state, problemClass } = classify({ ...run, status: 'completed' }, policy, NOW);
        expect(state).toBe(run.reconciliation === undefined ? 'terminal' : 'reconciled');
        expect(problemClass).not.toBe('active_stale_attention');
      }),
      RUNS,
    );
  });

  it('is pure and total', () => {
    fc.assert(
      fc.property(anyRun({ instant: anyInstant }), anyPolicy, anyInstant, (run, policy, now) => {
        const frozen = deepFreeze(structuredClone(run));
        const first = classify(frozen, policy, now);
        classify({ ...run, startedAt: 0, heartbeatAt: 0 }, policy, now);
        expect(classify(run, policy, now)).toEqual(first);
        expect(JSON.stringify(first)).not.toContain('NaN');
        expect(first.problemClass).toBe(problemClassOf(run, first.state));
      }),
      { numRuns: 1000 },
    );
  });

  it('says of a late or stuck run when it became so', () => {
    fc.assert(
      fc.property(anyRun(), anyPolicy, (run, policy) => {
        const verdict = classify(run, policy, NOW);
        const since = verdict.since ?? NOW;
        fc.pre(severity(verdict) > 0 && verdict.clock !== 'flag');
        expect(since).toBeLessThanOrEqual(NOW);
        expect(classify(run, policy, since)).toMatchObject({ state: verdict.state, since });
        expect(classify(run, policy, since - 1).state).not.toBe(verdict.state);
        expect(verdict.ageMs).toBeGreaterThanOrEqual(0);
      }),
      RUNS,
    );
  });
});

/** What must not change while the state does not. That of a fresh run may grow by a clock that could not be used before. */
function evidenceOf(freshness: Freshness, first: Freshness): object {
  const { clock, since, rule, thresholdMs, startAt } = freshness;
  return first.state === 'fresh' && first.skewed.length > 0 ? {} : { clock, since, rule, thresholdMs, startAt };
}

function deepFreeze<T extends object>(value: T): T {
  for (const member of Object.values(value))
    if (typeof member === 'object' && member !== null) deepFreeze(member as object);
  return Object.freeze(value);
}
