import { ageOf, clocksOf, isSkewed, isVouched, levelAt, type Level } from './clocks.js';
import { LAST_INSTANT } from './instant.js';
import type { ThresholdSource } from './thresholds.js';
import { RunClocks, type Clock, type ClockName } from './run-clocks.js';
import { isActive, type Instant, type Run } from './run.js';

/** What a run is, seen at one instant. */
export type FreshnessState = 'fresh' | 'late' | 'likely_stale' | 'unknown' | 'reconciled' | 'terminal';

/** What lists, tabs, counters and deep links filter by; never status text. */
export type ProblemClass = 'active_stale_attention' | 'terminal_follow_up' | 'none';

/** A verdict with its evidence. Instants are epoch milliseconds, ages and thresholds milliseconds. */
export type Freshness = {
  readonly state: FreshnessState;
  readonly problemClass: ProblemClass;
  /** The clock that decided; for a fresh run its most significant clock; absent for unknown and terminal runs. */
  readonly clock: ClockName | undefined;
  /** Where the deciding clock starts; for the deadline, the deadline itself. */
  readonly startAt: Instant | undefined;
  /** When the state was reached; for a fresh run the start of its clock. */
  readonly since: Instant | undefined;
  /** Age of the deciding clock, never negative; 0 for a hold that ends in the future. */
  readonly ageMs: number | undefined;
  /** The threshold reached, for a fresh run the next one of its clock; `Infinity` for never. */
  readonly thresholdMs: number | undefined;
  /** Where the threshold comes from, e.g. `defaults.silence.stale`. */
  readonly rule: string | undefined;
  /** A fresh heartbeat vouches for the run at this instant. */
  readonly vouched: boolean;
  /** The silence clock has reached its late threshold: the time since the last heartbeat is part of the story. */
  readonly silent: boolean;
  /** The run has a flag that the policy does not ignore. */
  readonly flagged: boolean;
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

/** Filled by each judgement; nothing of it is used afterwards. */
const CLOCKS = new RunClocks();

/**
 * Judges a run at `now` (the clock of its source, epoch milliseconds).
 *
 * The verdict is the worst over the clocks of the run: a threshold is reached at exactly the millisecond at which the age equals it.
 * While a heartbeat vouches, the run clock alone makes nothing stale. Pure and total.
 */
export function classify(run: Run, policy: ThresholdSource, now: Instant): Freshness {
  return isActive(run) ? judge(run, clocksOf(run, policy.thresholdsFor(run), CLOCKS), now) : terminal(run);
}

type ActiveState = Level | 'unknown';

/** The verdict on an active run that has these clocks. */
function judge(run: Run, clocks: RunClocks, now: Instant): Freshness {
  const { size, settledFrom, settledUntil, firstLate, flagged } = clocks;
  const plainlyFresh = now >= settledFrom && now < settledUntil && now < firstLate;
  if (!plainlyFresh || size === 0 || run.outcome === 'unknown') return judgeByEach(run, clocks, now);
  // Most runs are fresh by all of their clocks, which need not be looked at one by one then.
  const decider = clocks.at(0);
  return {
    state: 'fresh',
    problemClass: 'none',
    clock: decider.name,
    startAt: decider.startAt,
    since: freshSince(decider),
    ageMs: ageOf(decider, now),
    thresholdMs: decider.limits.late,
    rule: decider.limits.lateRule,
    vouched: clocks.voucher !== undefined,
    silent: false,
    flagged,
    skewed: NO_SKEW,
    nextChangeAt: firstLate < settledUntil ? finite(firstLate) : nextChange(run, clocks, 'fresh', now),
  };
}

function judgeByEach(run: Run, clocks: RunClocks, now: Instant): Freshness {
  const vouched = isVouched(clocks, now);
  let state: ActiveState = 'unknown';
  // For a fresh run its most significant clock decides, otherwise the first to reach the state.
  let decider: Clock | undefined;
  let since: Instant | undefined;
  let silent = false;
  let skewed = NO_SKEW;
  for (let index = 0; index < clocks.size; index++) {
    const clock = clocks.at(index);
    const level = levelAt(clock, vouched, now);
    if (level === undefined) {
      if (isSkewed(clock, now)) skewed = [...skewed, clock.name];
      continue;
    }
    if (clock.name === 'silence') silent = now >= clock.lateAt;
    if (decider !== undefined && (level === 'fresh' || (level === 'late' && state === 'likely_stale'))) continue;
    const at = level === 'fresh' ? freshSince(clock) : reachedAt(clock, clocks, level, now);
    if (level === state && !isEarlier(at, clock, since, decider)) continue;
    state = level;
    decider = clock;
    since = at;
  }
  if (state === 'fresh' && run.outcome === 'unknown') {
    state = 'unknown';
    decider = since = undefined;
  }
  const stale = state === 'likely_stale';
  return {
    state,
    problemClass: state === 'fresh' ? 'none' : 'active_stale_attention',
    clock: decider?.name,
    startAt: decider?.startAt,
    since,
    ageMs: decider && ageOf(decider, now),
    thresholdMs: decider && (stale ? decider.limits.stale : decider.limits.late),
    rule: decider && (stale ? decider.limits.staleRule : decider.limits.lateRule),
    vouched,
    silent,
    flagged: clocks.flagged,
    skewed,
    nextChangeAt: nextChange(run, clocks, state, now),
  };
}

/** The state of an active run at an instant: the worst of its clocks. */
function stateAt(run: Run, clocks: RunClocks, at: Instant): ActiveState {
  const vouched = isVouched(clocks, at);
  let state: ActiveState = 'unknown';
  for (let index = 0; index < clocks.size; index++) {
    const level = levelAt(clocks.at(index), vouched, at);
    if (level === 'likely_stale') return level;
    if (level === 'late' || (level === 'fresh' && state === 'unknown')) state = level;
  }
  return state === 'fresh' && run.outcome === 'unknown' ? 'unknown' : state;
}

/** Which clock decides if several reach a state at once. */
const PRECEDENCE: readonly ClockName[] = ['flag', 'silence', 'hold', 'queue', 'run', 'deadline'];

function isEarlier(
  at: Instant | undefined,
  clock: Clock,
  since: Instant | undefined,
  decider: Clock | undefined,
): boolean {
  if (at === undefined || since === undefined || decider === undefined) return false;
  return at < since || (at === since && PRECEDENCE.indexOf(clock.name) < PRECEDENCE.indexOf(decider.name));
}

/** A deadline that lies ahead has started nothing. */
function freshSince({ name, startAt }: Clock): Instant | undefined {
  return name === 'deadline' ? undefined : startAt;
}

/** When a clock that has reached a state reached it. */
function reachedAt(clock: Clock, { voucher }: RunClocks, state: 'late' | 'likely_stale', now: Instant): Instant {
  const { name, startAt, limits } = clock;
  const at = state === 'late' ? clock.lateAt : clock.staleAt;
  const threshold = state === 'late' ? limits.late : limits.stale;
  // A threshold of 0 counts from the start, although a start in the near future would have been tolerated before.
  const since = threshold === 0 && startAt > at && startAt <= now ? startAt : at;
  const vouchedUntil = state === 'likely_stale' && name === 'run' ? voucher?.lateAt : undefined;
  return vouchedUntil !== undefined && vouchedUntil > since && vouchedUntil <= now ? vouchedUntil : since;
}

/** The first instant after `now` at which the state differs. It can only differ where a clock reaches a threshold, starts or ends. */
function nextChange(run: Run, clocks: RunClocks, state: ActiveState, now: Instant): Instant | undefined {
  let at = nextBreak(clocks, now);
  while (at <= LAST_INSTANT) {
    if (stateAt(run, clocks, at) !== state) return at;
    at = nextBreak(clocks, at);
  }
  return undefined;
}

/** An instant that a calendar has; what lies after it is never. */
function finite(at: Instant): Instant | undefined {
  return at <= LAST_INSTANT ? at : undefined;
}

function nextBreak(clocks: RunClocks, after: Instant): Instant {
  let next = Infinity;
  for (let index = 0; index < clocks.size; index++) {
    const { appliesFrom, appliesUntil, usableFrom, lateAt, staleAt } = clocks.at(index);
    if (appliesFrom > after && appliesFrom < next) next = appliesFrom;
    if (appliesUntil > after && appliesUntil < next) next = appliesUntil;
    if (usableFrom > after && usableFrom < next) next = usableFrom;
    if (lateAt > after && lateAt < next) next = lateAt;
    if (staleAt > after && staleAt < next) next = staleAt;
  }
  return next;
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
    flagged: false,
    skewed: NO_SKEW,
    nextChangeAt: undefined,
  };
}
