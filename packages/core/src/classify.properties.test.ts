import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classify, problemClassOf, type Freshness, type FreshnessState } from './classify.js';
import { isActive } from './run.js';
import { anyInstant, anyPolicy, anyRun } from './test-arbitraries.js';
import { DAY, HOUR, MINUTE, NOW } from './test-runs.js';

const RUNS = { numRuns: 2000 };
const wait = fc.oneof(fc.integer({ min: 0, max: 5 * MINUTE }), fc.integer({ min: 0, max: 3 * DAY }));

/** Unknown is on no scale: it may turn out to be anything. */
const SEVERITY: Partial<Record<FreshnessState, number>> = { fresh: 0, late: 1, likely_stale: 2 };

function severity({ state }: Freshness): number | undefined {
  return SEVERITY[state];
}

describe('classify', () => {
  it('never makes a verdict milder by ageing alone', () => {
    fc.assert(
      fc.property(anyRun(), anyPolicy, wait, (run, policy, ms) => {
        const before = classify(run, policy, NOW);
        const after = classify(run, policy, NOW + ms);
        if (before.state === 'unknown' || !isActive(run)) return;
        expect(severity(after) ?? -1).toBeGreaterThanOrEqual(severity(before) ?? -1);
      }),
      RUNS,
    );
  });

  it('never makes a verdict worse by a newer heartbeat alone', () => {
    fc.assert(
      fc.property(anyRun(), anyPolicy, fc.integer({ min: 0, max: HOUR }), (run, policy, ms) => {
        // A first heartbeat is one that arrives now, and would be late at once where policy takes silence for late at once.
        if (run.heartbeatAt === undefined && policy.thresholdsFor(run).silenceLate === 0) return;
        const heartbeatAt = run.heartbeatAt === undefined ? NOW + ms : Math.max(NOW - HOUR, run.heartbeatAt) + ms;
        if (run.heartbeatAt !== undefined && heartbeatAt < run.heartbeatAt) return;
        const before = classify(run, policy, NOW);
        const after = classify({ ...run, heartbeatAt }, policy, NOW);
        // A heartbeat from the future cannot be used to judge by; nothing else that it changes is for the worse.
        if (after.state === 'unknown')
          expect(before.state === 'unknown' || after.skewed.includes('silence')).toBe(true);
        else if (before.state !== 'unknown') {
          expect(severity(after) ?? 0).toBeLessThanOrEqual(severity(before) ?? 0);
        }
      }),
      RUNS,
    );
  });

  it('stays as it is until nextChangeAt, and is another then', () => {
    const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(anyRun(), anyPolicy, fc.array(share, { minLength: 3, maxLength: 3 }), (run, policy, shares) => {
        const first = classify(run, policy, NOW);
        const end = first.nextChangeAt ?? NOW + 400 * DAY;
        expect(end).toBeGreaterThan(NOW);
        for (const at of [...shares.map((part) => NOW + Math.floor((end - NOW) * part)), end - 1]) {
          const later = classify(run, policy, at);
          expect(later.state).toBe(first.state);
          expect(later.nextChangeAt).toBe(first.nextChangeAt);
          // The evidence of a fresh run may grow by a clock that can be used from now on.
          if (first.state === 'fresh' && later.skewed.length < first.skewed.length) continue;
          const { clock, since, rule, thresholdMs, startAt } = later;
          expect({ clock, since, rule, thresholdMs, startAt }).toEqual({
            clock: first.clock,
            since: first.since,
            rule: first.rule,
            thresholdMs: first.thresholdMs,
            startAt: first.startAt,
          });
        }
        if (first.nextChangeAt !== undefined) expect(classify(run, policy, end).state).not.toBe(first.state);
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

  it('says of an active run when its state began, not later than now', () => {
    fc.assert(
      fc.property(anyRun(), anyPolicy, (run, policy) => {
        const { state, clock, since, ageMs } = classify(run, policy, NOW);
        if (clock === 'flag' || !isActive(run)) return;
        if (state === 'late' || state === 'likely_stale') {
          expect(since).toBeLessThanOrEqual(NOW);
          expect(severity(classify(run, policy, (since ?? 0) - 1)) ?? -1).toBeLessThan(SEVERITY[state] ?? 0);
        }
        if (ageMs !== undefined) expect(ageMs).toBeGreaterThanOrEqual(0);
      }),
      RUNS,
    );
  });
});

function deepFreeze<T extends object>(value: T): T {
  for (const member of Object.values(value))
    if (typeof member === 'object' && member !== null) deepFreeze(member as object);
  return Object.freeze(value);
}
