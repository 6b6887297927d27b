import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classify, problemClassOf, type Freshness, type FreshnessState } from './classify.js';
import { isHeld } from './clocks.js';
import type { Run } from './run.js';
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

describe('classify', { timeout: 60_000 }, () => {
  it('never makes a verdict milder by ageing alone, for runs whose times are usable throughout', () => {
    fc.assert(
      fc.property(anyRun(), anyPolicy, wait, (run, policy, ms) => {
        fc.pre(startsBy(run, NOW + policy.thresholdsFor(run).clockTolerance));
        const before = classify(run, policy, NOW);
        fc.pre(!Number.isNaN(severity(before)));
        expect(severity(classify(run, policy, NOW + ms))).toBeGreaterThanOrEqual(severity(before));
      }),
      RUNS,
    );
  });

  it('never makes a verdict worse by a newer heartbeat alone, unless that lies in the future', () => {
    fc.assert(
      fc.property(anyRun(), anyPolicy, fc.integer({ min: 0, max: HOUR }), (run, policy, ms) => {
        const { silenceLate, clockTolerance } = policy.thresholdsFor(run);
        const heartbeatAt = Math.min(Math.max(NOW - HOUR / 2, run.heartbeatAt ?? NOW) + ms, NOW + clockTolerance);
        // A policy that takes silence for late at once takes a first heartbeat for that.
        fc.pre(heartbeatAt >= (run.heartbeatAt ?? 0) && (run.heartbeatAt !== undefined || silenceLate > 0));
        const before = classify(run, policy, NOW);
        const after = classify({ ...run, heartbeatAt }, policy, NOW);
        fc.pre(!Number.isNaN(severity(before)) && !(after.state === 'unknown' && run.outcome === 'unknown'));
        expect(severity(after)).toBeLessThanOrEqual(severity(before));
      }),
      RUNS,
    );
  });

  it('judges a run by its own clocks, whatever was judged before', () => {
    fc.assert(
      fc.property(anyRun(), anyRun(), anyPolicy, (run, other, policy) => {
        const alone = classify(run, policy, NOW);
        const kept = { ...alone };
        classify(other, policy, NOW);
        expect(alone).toStrictEqual(kept);
        expect(classify(run, policy, NOW)).toStrictEqual(kept);
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
          const stays = startsBy(run, NOW) && !isHeldUntilThen(run, at);
          expect(evidenceOf(stays ? later : first)).toEqual(evidenceOf(first));
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
        const thresholds = policy.thresholdsFor(run);
        const limits = [thresholds.queueLate, thresholds.queueStale, thresholds.runLate, thresholds.runStale];
        limits.push(thresholds.silenceLate, thresholds.silenceStale, thresholds.holdLate, thresholds.holdStale);
        const since = verdict.since ?? NOW;
        // Before it was sent, a heartbeat lies in the future and vouches for nothing.
        fc.pre(run.heartbeatAt === undefined || !policy.thresholdsFor(run).silenceVouches);
        fc.pre(severity(verdict) > 0 && run.flag === undefined);
        expect(since).toBeLessThanOrEqual(NOW);
        expect(classify(run, policy, since).state).toBe(verdict.state);
        // A threshold of 0 is reached from where the start is first tolerated, but counted from the start.
        const before = limits.includes(0) ? undefined : classify(run, policy, since - 1).state;
        expect(before).not.toBe(verdict.state);
        expect(verdict.ageMs).toBeGreaterThanOrEqual(0);
      }),
      RUNS,
    );
  });
});

/** Whether no clock of the run starts after an instant. */
function startsBy(run: Run, latest: number): boolean {
  const { holdSince, queuedAt, startedAt, phaseAt, heartbeatAt, flag } = run;
  return [holdSince, queuedAt, startedAt, phaseAt, heartbeatAt, flag?.since].every((at) => (at ?? 0) <= latest);
}

/** Whether the run is on hold at `NOW` and no longer at a later instant, so that other clocks judge it there. */
function isHeldUntilThen(run: Run, later: number): boolean {
  return isHeld(run, NOW) && !isHeld(run, later);
}

/** What must not change while the state does not. */
function evidenceOf({ clock, since, rule, thresholdMs, startAt }: Freshness): object {
  return { clock, since, rule, thresholdMs, startAt };
}

function deepFreeze<T extends object>(value: T): T {
  for (const member of Object.values(value))
    if (typeof member === 'object' && member !== null) deepFreeze(member as object);
  return Object.freeze(value);
}
