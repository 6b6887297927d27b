import { classify, type Freshness } from './classify.js';
import { ageOf, applies, clocksOf, isSkewed, isVouched } from './clocks.js';
import { LAST_INSTANT } from './instant.js';
import type { Thresholds, ThresholdSource } from './thresholds.js';
import type { Clock, ClockName } from './run-clocks.js';
import type { Instant, Run } from './run.js';

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
  /** The start is too far in the future for the clock to be used. */
  readonly skewed: boolean;
  readonly late: ExplainedThreshold;
  readonly stale: ExplainedThreshold;
  /** The heartbeat vouches: until this instant the stale threshold of this clock does not count. */
  readonly vouchedUntil: Instant | undefined;
  /** This clock decided the verdict. */
  readonly decides: boolean;
};

/** A verdict and everything it was derived from. */
export type Explanation = {
  readonly freshness: Freshness;
  /** The clocks that apply at this instant; empty for a terminal run, which no clock judges. */
  readonly clocks: readonly ExplainedClock[];
  readonly thresholds: Thresholds;
};

/** Explains the verdict on a run: each clock that applies, its thresholds and the rules that set them. */
export function explain(run: Run, policy: ThresholdSource, now: Instant): Explanation {
  const freshness = classify(run, policy, now);
  const thresholds = policy.thresholdsFor(run);
  const runClocks = clocksOf(run, thresholds);
  const vouchedUntil = isVouched(runClocks, now) ? runClocks.voucher?.lateAt : undefined;
  const clocks = Array.from({ length: runClocks.size }, (_, index) => runClocks.at(index))
    .filter((clock) => applies(clock, now))
    .map((clock) => explained(clock, clock.name === 'run' ? vouchedUntil : undefined, freshness, now));
  return { freshness, clocks, thresholds };
}

function explained(
  clock: Clock,
  vouchedUntil: Instant | undefined,
  freshness: Freshness,
  now: Instant,
): ExplainedClock {
  const { name, startAt, limits, lateAt, staleAt } = clock;
  const threshold = (ms: number, rule: string, at: Instant): ExplainedThreshold => {
    return { ms, rule, at: at <= LAST_INSTANT ? at : undefined, reached: now >= at };
  };
  return {
    clock: name,
    startAt,
    ageMs: ageOf(clock, now),
    skewed: isSkewed(clock, now),
    late: threshold(limits.late, limits.lateRule, lateAt),
    stale: threshold(limits.stale, limits.staleRule, staleAt),
    vouchedUntil,
    decides: freshness.clock === name && freshness.startAt === startAt,
  };
}
