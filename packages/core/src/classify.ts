import {
  lateOf,
  ownClock,
  ownStart,
  reach,
  ruleOf,
  staleOf,
  startOf,
  startsInFuture,
  type ClockName,
} from './clocks.js';
import { LAST_INSTANT } from './instant.js';
import type { Policy, Thresholds } from './policy.js';
import { isActive, type Instant, type Run } from './run.js';

/** What a run is, seen at one instant. */
export type FreshnessState = 'fresh' | 'late' | 'likely_stale' | 'unknown' | 'reconciled' | 'terminal';

/** What lists, tabs, counters and deep links filter by; never status text. */
export type ProblemClass = 'active_stale_attention' | 'terminal_follow_up' | 'none';

/** A verdict with its evidence. Instants are epoch milliseconds, ages and thresholds milliseconds. */
export type Freshness = {
  readonly state: FreshnessState;
  readonly problemClass: ProblemClass;
  /** The clock or the flag that decided; for a fresh run the clock that says most; absent for unknown and terminal runs. */
  readonly clock: ClockName | 'flag' | undefined;
  /** Where the deciding clock starts; for the deadline, the deadline itself. */
  readonly startAt: Instant | undefined;
  /** When the state was reached; for a flag what the source says, for a fresh run the start of its clock. */
  readonly since: Instant | undefined;
  /** Age of the deciding clock, never negative. */
  readonly ageMs: number | undefined;
  /** The threshold reached, for a fresh run the next one of its clock; `Infinity` for never. */
  readonly thresholdMs: number | undefined;
  /** Where the threshold comes from, e.g. `defaults.silence.stale`. */
  readonly rule: string | undefined;
  /** A fresh heartbeat vouches for the run at this instant. */
  readonly vouched: boolean;
  /** The silence clock has reached its late threshold: the time since the last heartbeat is part of the story. */
  readonly silent: boolean;
  /** Clocks whose start lies further in the future than the policy tolerates; they are not used. */
  readonly skewed: readonly ClockName[];
  /** The first future instant at which the state changes if no news arrives; absent if it never will. */
  readonly nextChangeAt: Instant | undefined;
  /** Whether a second look confirmed the verdict. Absent if there was none; `classify` never sets it. */
  readonly confirmed?: boolean | undefined;
};

/** All freshness states, worst first. */
export const FRESHNESS_STATES: readonly FreshnessState[] = [
  'likely_stale',
  'late',
  'unknown',
  'reconciled',
  'fresh',
  'terminal',
];

/** All problem classes. */
export const PROBLEM_CLASSES: readonly ProblemClass[] = ['active_stale_attention', 'terminal_follow_up', 'none'];

const NO_SKEW: readonly ClockName[] = [];

/**
 * Judges a run at `now` (the clock of its source, epoch milliseconds).
 *
 * Every clock turns late at one instant and stale at another, so the verdict follows from the earliest of each: a threshold
 * is reached at the very millisecond at which the age equals it. While a heartbeat vouches, the run clock turns stale no
 * earlier than silence turns late. Pure and total.
 */
export function classify(run: Run, policy: Policy, now: Instant): Freshness {
  if (!isActive(run)) return terminal(run);

  const thresholds = policy.thresholdsFor(run);
  const tolerance = thresholds.clockTolerance;
  const flagged = run.flag !== undefined && thresholds.flag !== 'ignore';
  let usable = run.outcome !== 'unknown';
  let judged = false;
  let skewed = NO_SKEW;
  let usableFrom = Infinity;

  let lateAt = Infinity;
  let lateClock: ClockName = 'run';
  let staleAt = Infinity;
  let staleClock: ClockName = 'run';
  let vouchedUntil = -Infinity;
  let silentFrom = Infinity;

  const heartbeat = run.status === 'running' && run.hold === undefined ? run.heartbeatAt : undefined;
  if (heartbeat !== undefined) {
    if (heartbeat - now > tolerance) {
      skewed = ['silence'];
      usableFrom = heartbeat - tolerance;
    } else judged = true;
    lateAt = reach(heartbeat, thresholds.silenceLate, tolerance);
    staleAt = reach(heartbeat, thresholds.silenceStale, tolerance);
    lateClock = staleClock = 'silence';
    silentFrom = lateAt;
    if (thresholds.silenceVouches && !flagged) vouchedUntil = lateAt;
  }

  const clock = ownClock(run);
  const start = ownStart(run);
  if (start !== undefined) {
    const future = startsInFuture(run, start);
    const slack = future ? 0 : tolerance;
    if (!future && start - now > tolerance) {
      skewed = skewed === NO_SKEW ? [clock] : [clock, ...skewed];
      if (start - tolerance < usableFrom) usableFrom = start - tolerance;
    } else judged = true;
    const late = reach(start, lateOf(thresholds, clock), slack);
    let stale = reach(start, staleOf(thresholds, clock), slack);
    if (stale < vouchedUntil) stale = vouchedUntil;
    if (late < lateAt) {
      lateAt = late;
      lateClock = clock;
    }
    if (stale < staleAt) {
      staleAt = stale;
      staleClock = clock;
    }
  }

  const deadline = run.deadlineAt;
  if (deadline !== undefined) {
    judged = true;
    if (deadline < lateAt) {
      lateAt = deadline;
      lateClock = 'deadline';
    }
    if (deadline + thresholds.deadlineGrace < staleAt) {
      staleAt = deadline + thresholds.deadlineGrace;
      staleClock = 'deadline';
    }
  }
  usable &&= judged;

  const vouched = now < vouchedUntil;
  const silent = now >= silentFrom;
  if (flagged && thresholds.flag === 'stale') {
    return flagVerdict(run, 'likely_stale', thresholds, now, silent, skewed, undefined);
  }
  if (now >= staleAt) {
    return active(run, 'likely_stale', staleClock, staleAt, thresholds, now, vouched, silent, skewed, undefined);
  }
  const nextStale = finite(staleAt);
  if (flagged) return flagVerdict(run, 'late', thresholds, now, silent, skewed, nextStale);
  if (now >= lateAt) return active(run, 'late', lateClock, lateAt, thresholds, now, vouched, silent, skewed, nextStale);
  if (!usable) {
    const next = run.outcome === 'unknown' ? lateAt : Math.min(lateAt, usableFrom);
    return {
      state: 'unknown',
      problemClass: 'active_stale_attention',
      clock: undefined,
      startAt: undefined,
      since: undefined,
      ageMs: undefined,
      thresholdMs: undefined,
      rule: undefined,
      vouched,
      silent,
      skewed,
      nextChangeAt: finite(next),
    };
  }
  const shown = freshClock(run, clock, start, skewed);
  const freshSince = shown === 'deadline' ? undefined : startOf(run, shown);
  return active(run, 'fresh', shown, freshSince, thresholds, now, vouched, silent, skewed, finite(lateAt));
}

/** The problem class of a run in a given state. */
export function problemClassOf(run: Run, state: FreshnessState): ProblemClass {
  switch (state) {
    case 'late':
    case 'likely_stale':
    case 'unknown':
      return 'active_stale_attention';
    case 'reconciled':
      return 'terminal_follow_up';
    case 'terminal':
      return run.outcome === 'failed' || run.outcome === 'blocked' || run.outcome === 'partially_succeeded'
        ? 'terminal_follow_up'
        : 'none';
    case 'fresh':
      return 'none';
  }
}

function freshClock(run: Run, own: ClockName, start: Instant | undefined, skewed: readonly ClockName[]): ClockName {
  if (start !== undefined && !skewed.includes(own)) return own;
  return run.status === 'running' &&
    run.hold === undefined &&
    run.heartbeatAt !== undefined &&
    !skewed.includes('silence')
    ? 'silence'
    : 'deadline';
}

function active(
  run: Run,
  state: 'fresh' | 'late' | 'likely_stale',
  clock: ClockName,
  since: Instant | undefined,
  thresholds: Thresholds,
  now: Instant,
  vouched: boolean,
  silent: boolean,
  skewed: readonly ClockName[],
  nextChangeAt: Instant | undefined,
): Freshness {
  const startAt = startOf(run, clock) ?? now;
  const level = state === 'likely_stale' ? 'stale' : 'late';
  return {
    state,
    problemClass: state === 'fresh' ? 'none' : 'active_stale_attention',
    clock,
    startAt,
    since,
    ageMs: now > startAt ? now - startAt : 0,
    thresholdMs: level === 'stale' ? staleOf(thresholds, clock) : lateOf(thresholds, clock),
    rule: ruleOf(thresholds, clock, level),
    vouched,
    silent,
    skewed,
    nextChangeAt,
  };
}

function flagVerdict(
  run: Run,
  state: 'late' | 'likely_stale',
  thresholds: Thresholds,
  now: Instant,
  silent: boolean,
  skewed: readonly ClockName[],
  nextChangeAt: Instant | undefined,
): Freshness {
  const since = run.flag?.since;
  return {
    state,
    problemClass: 'active_stale_attention',
    clock: 'flag',
    startAt: since,
    since,
    ageMs: since === undefined ? undefined : Math.max(0, now - since),
    thresholdMs: undefined,
    rule: thresholds.rules.flag,
    vouched: false,
    silent,
    skewed,
    nextChangeAt,
  };
}

function terminal(run: Run): Freshness {
  const state = run.reconciliation === undefined ? 'terminal' : 'reconciled';
  return {
    state,
    problemClass: problemClassOf(run, state),
    clock: undefined,
    startAt: undefined,
    since: run.reconciliation?.at ?? run.endedAt,
    ageMs: undefined,
    thresholdMs: undefined,
    rule: undefined,
    vouched: false,
    silent: false,
    skewed: NO_SKEW,
    nextChangeAt: undefined,
  };
}

/** An instant that a calendar has; what lies past it is never. */
function finite(at: Instant): Instant | undefined {
  return at <= LAST_INSTANT ? at : undefined;
}
