import type { DurationMs } from './duration.js';
import type { Thresholds } from './thresholds.js';
import { RunClocks, type Clock } from './run-clocks.js';
import { isActive, type FlagKind, type Instant, type Run } from './run.js';

/** What one clock says about its run. */
export type Level = 'fresh' | 'late' | 'likely_stale';

/** The tolerance of a clock that may start in the future. */
const ANY_FUTURE: DurationMs = Infinity;

/**
 * The clocks of a run; none for one that has ended. `clocks` is filled with them and returned.
 *
 * A hold that ends by itself gives two sets: the `hold` clock applies until its end, the clocks of a run without a hold after it.
 */
export function clocksOf(run: Run, thresholds: Thresholds, clocks = new RunClocks()): RunClocks {
  clocks.clear();
  if (!isActive(run)) return clocks;
  const { deadlineAt, flag, hold } = run;
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
    clocks.add('deadline', deadlineAt, thresholds.limits.deadline, ANY_FUTURE, -Infinity, Infinity);
  }
  if (flag !== undefined) clocks.flagged = addFlag(clocks, run, flag.kind, thresholds);
  if (thresholds.silenceVouches && !clocks.flagged && canVouch(silence)) clocks.voucher = silence;
  return clocks;
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

function addHold(clocks: RunClocks, run: Run, thresholds: Thresholds, end: Instant): void {
  const { limits, clockTolerance } = thresholds;
  const since = run.holdSince ?? latest(latest(run.queuedAt, run.startedAt), run.phaseAt);
  if (end < Infinity) clocks.add('hold', since ?? end, limits.hold, ANY_FUTURE, -Infinity, end);
  else if (since !== undefined) clocks.add('hold', since, limits.hold, clockTolerance, -Infinity, Infinity);
}

/** The clock that the status of the run starts. */
function addOwn(clocks: RunClocks, run: Run, thresholds: Thresholds, resumesAt: Instant): void {
  const { limits, clockTolerance } = thresholds;
  const queued = run.status === 'queued';
  const startAt = phaseStart(run);
  if (startAt === undefined) return;
  // These two may legitimately be in the future.
  const planned = startAt === resumesAt || (queued && startAt === run.notBefore);
  const tolerance = planned ? ANY_FUTURE : clockTolerance;
  if (queued) clocks.add('queue', startAt, limits.queue, tolerance, resumesAt, Infinity);
  else clocks.add('run', startAt, limits.run, tolerance, resumesAt, Infinity);
}

function addSilence(clocks: RunClocks, run: Run, thresholds: Thresholds, resumesAt: Instant): Clock | undefined {
  const { heartbeatAt, status } = run;
  if (heartbeatAt === undefined || status !== 'running') return undefined;
  const { limits, clockTolerance } = thresholds;
  return clocks.add('silence', heartbeatAt, limits.silence, clockTolerance, resumesAt, Infinity);
}

/** Whether the flag counts. If its start is unknown, it counts since the latest evidence that the run moved. */
function addFlag(clocks: RunClocks, run: Run, kind: FlagKind, thresholds: Thresholds): boolean {
  const { clockTolerance } = thresholds;
  const limits = thresholds.limits.flags[kind];
  if (limits.late === Infinity && limits.stale === Infinity) return false;
  const moved = latest(latest(run.queuedAt, run.startedAt), run.phaseAt);
  const startAt = run.flag?.since ?? latest(moved, run.heartbeatAt) ?? run.holdSince;
  if (startAt === undefined) return true;
  if (moved !== undefined && moved < startAt) {
    const usableFrom = startAt - clockTolerance;
    // While the start itself is too far in the future, the evidence before it is used.
    const appliesFrom = run.flag?.since === undefined ? usableFrom : -Infinity;
    clocks.add('flag', moved, limits, clockTolerance, -Infinity, usableFrom);
    clocks.add('flag', startAt, limits, clockTolerance, appliesFrom, Infinity);
  } else clocks.add('flag', startAt, limits, clockTolerance, -Infinity, Infinity);
  return true;
}

function latest(one: Instant | undefined, other: Instant | undefined): Instant | undefined {
  if (one === undefined) return other;
  return other === undefined || one > other ? one : other;
}
