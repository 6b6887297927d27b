import type { DurationMs } from './duration.js';
import type { Limits, Thresholds } from './policy.js';
import { isActive, type FlagKind, type Instant, type Run } from './run.js';

/** What an active run is judged by. */
export type ClockName = 'queue' | 'run' | 'silence' | 'hold' | 'deadline' | 'flag';

/** One clock of an active run under its thresholds. It is independent of `now` and valid at any instant. */
export type Clock = {
  readonly name: ClockName;
  /** Where its age starts; for the deadline, the deadline itself. */
  readonly startAt: Instant;
  readonly limits: Limits;
  /** It judges the run from this instant, `-Infinity` for any … */
  readonly appliesFrom: Instant;
  /** … until this one, `Infinity` for no end. */
  readonly appliesUntil: Instant;
  /** Before it, the start is further in the future than the policy tolerates; `-Infinity` if it may be in the future. */
  readonly usableFrom: Instant;
  /** After this instant the run is late by this clock … */
  readonly lateAt: Instant;
  /** … and after this one likely stuck. */
  readonly staleAt: Instant;
};

/** All clocks of a run under its thresholds, from which its verdict follows, now and later. */
export type RunClocks = {
  readonly clocks: readonly Clock[];
  /** The silence clock, where the policy lets a heartbeat vouch for the run and it has no flag. */
  readonly voucher: Clock | undefined;
  /** The run has a flag that the policy does not ignore. */
  readonly flagged: boolean;
};

/** What one clock says about its run. */
export type Level = 'fresh' | 'late' | 'likely_stale';

const NONE: RunClocks = { clocks: [], voucher: undefined, flagged: false };

/**
 * The clocks of a run; none for one that has ended.
 *
 * A hold that ends by itself gives two sets: the `hold` clock applies until its end, the clocks of a run without a hold after it.
 */
export function clocksOf(run: Run, thresholds: Thresholds): RunClocks {
  if (!isActive(run)) return NONE;
  const { deadlineAt, flag, hold } = run;
  const clocks: Clock[] = [];
  let silence: Clock | undefined;
  let resumesAt = -Infinity;
  if (hold !== undefined) {
    resumesAt = holdEnd(run) ?? Infinity;
    addHold(clocks, run, thresholds, resumesAt);
  }
  if (resumesAt < Infinity) {
    addOwn(clocks, run, thresholds, resumesAt);
    silence = addSilence(clocks, run, thresholds, resumesAt);
  }
  if (deadlineAt !== undefined) {
    clocks.push(clockOf('deadline', deadlineAt, thresholds.limits.deadline, -Infinity, -Infinity, Infinity));
  }
  const flagged = flag !== undefined && addFlag(clocks, run, flag.kind, thresholds);
  const vouches = thresholds.silenceVouches && !flagged && canVouch(silence);
  return { clocks, voucher: vouches ? silence : undefined, flagged };
}

/** Whether there is any instant at which the heartbeat counts and is not late. */
function canVouch(silence: Clock | undefined): boolean {
  return silence !== undefined && silence.lateAt > Math.max(silence.usableFrom, silence.appliesFrom);
}

/** What a clock says about its run at an instant; `undefined` if it does not apply or cannot be used. */
export function levelAt(clock: Clock, vouched: boolean, at: Instant): Level | undefined {
  if (at < clock.usableFrom || !applies(clock, at)) return undefined;
  if (at >= clock.staleAt && !(vouched && clock.name === 'run')) return 'likely_stale';
  return at >= clock.lateAt ? 'late' : 'fresh';
}

/** Whether the clock judges the run at an instant, usable or not. */
export function applies({ appliesFrom, appliesUntil }: Clock, at: Instant): boolean {
  return at >= appliesFrom && at < appliesUntil;
}

/** Whether the clock's start is too far in the future at an instant to be evidence. */
export function isSkewed(clock: Clock, at: Instant): boolean {
  return applies(clock, at) && at < clock.usableFrom;
}

/** Whether the heartbeat vouches for the run at an instant: then elapsed time alone makes it late at most. */
export function isVouched({ voucher }: RunClocks, at: Instant): boolean {
  return voucher !== undefined && levelAt(voucher, false, at) === 'fresh';
}

/** How old the clock is at an instant, in milliseconds. A hold that ends in the future has no age. */
export function ageOf({ name, startAt, appliesUntil }: Clock, at: Instant): DurationMs {
  return at <= startAt || (name === 'hold' && appliesUntil < Infinity) ? 0 : at - startAt;
}

/** Whether the run is on hold at an instant: it has a hold that has not ended by itself. */
export function isHeld(run: Run, at: Instant): boolean {
  return run.hold !== undefined && !((holdEnd(run) ?? Infinity) <= at);
}

/** When a run that is not on hold entered its current phase; `undefined` if there is no usable time. */
export function phaseStart(run: Run): Instant | undefined {
  const first = run.status === 'queued' ? latest(run.queuedAt, run.notBefore) : (run.startedAt ?? run.queuedAt);
  const start = latest(first, run.phaseAt);
  return run.hold === undefined ? start : latest(start, holdEnd(run));
}

/** The instant at which the hold of a run ends by itself, if it does. */
export function holdEnd({ hold, waitsFor, notBefore }: Run): Instant | undefined {
  return waitsFor?.until ?? (hold === 'schedule' || hold === 'retry' ? notBefore : undefined);
}

/**
 * The run as it is once a hold that ends by itself is over: without the hold, in a phase that starts there. Until then, the run itself.
 */
export function withoutEndedHold(run: Run, at: Instant): Run {
  if (run.hold === undefined || isHeld(run, at)) return run;
  return {
    ...run,
    hold: undefined,
    holdSince: undefined,
    waitsFor: undefined,
    phaseAt: latest(run.phaseAt, holdEnd(run)),
  };
}

function addHold(clocks: Clock[], run: Run, thresholds: Thresholds, end: Instant): void {
  const { limits, clockTolerance } = thresholds;
  const since = run.holdSince ?? latest(latest(run.queuedAt, run.startedAt), run.phaseAt);
  if (end < Infinity) {
    clocks.push({
      name: 'hold',
      startAt: since ?? end,
      limits: limits.hold,
      appliesFrom: -Infinity,
      appliesUntil: end,
      usableFrom: -Infinity,
      lateAt: Infinity,
      staleAt: Infinity,
    });
  } else if (since !== undefined) {
    clocks.push(clockOf('hold', since, limits.hold, since - clockTolerance, -Infinity, Infinity));
  }
}

/** The clock that the status of the run starts. */
function addOwn(clocks: Clock[], run: Run, thresholds: Thresholds, resumesAt: Instant): void {
  const { limits, clockTolerance } = thresholds;
  const queued = run.status === 'queued';
  const startAt = phaseStart(run);
  if (startAt === undefined) return;
  // These two may legitimately be in the future.
  const planned = startAt === resumesAt || (queued && startAt === run.notBefore);
  const usableFrom = planned ? -Infinity : startAt - clockTolerance;
  const name = queued ? 'queue' : 'run';
  clocks.push(clockOf(name, startAt, limits[name], usableFrom, resumesAt, Infinity));
}

function addSilence(clocks: Clock[], run: Run, thresholds: Thresholds, resumesAt: Instant): Clock | undefined {
  const { heartbeatAt, status } = run;
  if (heartbeatAt === undefined || status !== 'running') return undefined;
  const { limits, clockTolerance } = thresholds;
  const clock = clockOf('silence', heartbeatAt, limits.silence, heartbeatAt - clockTolerance, resumesAt, Infinity);
  clocks.push(clock);
  return clock;
}

/** Whether the flag counts. If its start is unknown, it counts since the latest evidence that the run moved. */
function addFlag(clocks: Clock[], run: Run, kind: FlagKind, thresholds: Thresholds): boolean {
  const { clockTolerance } = thresholds;
  const limits = thresholds.limits.flags[kind];
  if (limits.late === Infinity && limits.stale === Infinity) return false;
  const moved = latest(latest(run.queuedAt, run.startedAt), run.phaseAt);
  const startAt = run.flag?.since ?? latest(moved, run.heartbeatAt) ?? run.holdSince;
  if (startAt === undefined) return true;
  const usableFrom = startAt - clockTolerance;
  if (moved !== undefined && moved < startAt) {
    // While the start itself is too far in the future, the evidence before it is used.
    const appliesFrom = run.flag?.since === undefined ? usableFrom : -Infinity;
    clocks.push(clockOf('flag', moved, limits, moved - clockTolerance, -Infinity, usableFrom));
    clocks.push(clockOf('flag', startAt, limits, usableFrom, appliesFrom, Infinity));
  } else clocks.push(clockOf('flag', startAt, limits, usableFrom, -Infinity, Infinity));
  return true;
}

function clockOf(
  name: ClockName,
  startAt: Instant,
  limits: Limits,
  usableFrom: Instant,
  appliesFrom: Instant,
  appliesUntil: Instant,
): Clock {
  const lateAt = reach(startAt, limits.late, usableFrom, appliesFrom);
  const staleAt = reach(startAt, limits.stale, usableFrom, appliesFrom);
  return { name, startAt, limits, appliesFrom, appliesUntil, usableFrom, lateAt, staleAt };
}

/** When a clock reaches a threshold. One of 0 is reached as soon as the clock can be used. */
function reach(startAt: Instant, threshold: DurationMs, usableFrom: Instant, appliesFrom: Instant): Instant {
  const at = threshold > 0 || usableFrom === -Infinity ? startAt + threshold : usableFrom;
  return at < appliesFrom ? appliesFrom : at;
}

function latest(one: Instant | undefined, other: Instant | undefined): Instant | undefined {
  if (one === undefined) return other;
  return other === undefined || one > other ? one : other;
}
