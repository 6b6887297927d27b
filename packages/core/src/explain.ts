import { classify, type Freshness } from './classify.js';
import { lateOf, ownClock, reach, ruleOf, staleOf, startOf, startsInFuture, type ClockName } from './clocks.js';
import { LAST_INSTANT } from './instant.js';
import type { Policy, Thresholds } from './policy.js';
import { isActive, type Instant, type Run } from './run.js';

/** One threshold of a clock: its value and origin, the instant it is reached at, and whether it is. */
export type ExplainedThreshold = {
  readonly ms: number;
  readonly rule: string;
  readonly at: Instant | undefined;
  readonly reached: boolean;
};

/** One clock of an active run at one instant. */
export type ExplainedClock = {
  readonly clock: ClockName;
  readonly startAt: Instant;
  readonly ageMs: number;
  /** The start lies too far in the future for the clock to be used. */
  readonly skewed: boolean;
  readonly late: ExplainedThreshold;
  readonly stale: ExplainedThreshold;
  /** The heartbeat vouches: until this instant the stale threshold of this clock does not count. */
  readonly vouchedUntil: Instant | undefined;
  /** This clock decided the verdict. */
  readonly decides: boolean;
};

/** A verdict with everything it was derived from. */
export type Explanation = {
  readonly freshness: Freshness;
  /** Empty for a terminal run, which no clock judges. */
  readonly clocks: readonly ExplainedClock[];
  readonly thresholds: Thresholds;
};

/** Shows how the verdict on a run arises: each clock that applies, its thresholds and the rules that gave them. */
export function explain(run: Run, policy: Policy, now: Instant): Explanation {
  const freshness = classify(run, policy, now);
  const thresholds = policy.thresholdsFor(run);
  const clocks = isActive(run)
    ? clocksOf(run).map((clock) => explainClock(run, clock, thresholds, freshness, now))
    : [];
  return { freshness, clocks, thresholds };
}

function clocksOf(run: Run): readonly ClockName[] {
  const clocks: ClockName[] = [];
  if (startOf(run, ownClock(run)) !== undefined) clocks.push(ownClock(run));
  if (run.status === 'running' && run.hold === undefined && run.heartbeatAt !== undefined) clocks.push('silence');
  if (run.deadlineAt !== undefined) clocks.push('deadline');
  return clocks;
}

function explainClock(
  run: Run,
  clock: ClockName,
  thresholds: Thresholds,
  freshness: Freshness,
  now: Instant,
): ExplainedClock {
  const startAt = startOf(run, clock) ?? now;
  const exact = clock === 'deadline' || startsInFuture(run, startAt);
  const slack = exact ? 0 : thresholds.clockTolerance;
  const threshold = (ms: number, level: 'late' | 'stale'): ExplainedThreshold => {
    const at = reach(startAt, ms, slack);
    return { ms, rule: ruleOf(thresholds, clock, level), at: at <= LAST_INSTANT ? at : undefined, reached: now >= at };
  };
  const vouches = clock === 'run' && freshness.vouched && run.heartbeatAt !== undefined;
  return {
    clock,
    startAt,
    ageMs: Math.max(0, now - startAt),
    skewed: freshness.skewed.includes(clock),
    late: threshold(lateOf(thresholds, clock), 'late'),
    stale: threshold(staleOf(thresholds, clock), 'stale'),
    vouchedUntil: vouches
      ? reach(run.heartbeatAt ?? now, thresholds.silenceLate, thresholds.clockTolerance)
      : undefined,
    decides: freshness.clock === clock,
  };
}
