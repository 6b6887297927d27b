import type { Thresholds } from './policy.js';
import type { Instant, Run } from './run.js';

/** What an active run is judged by. */
export type ClockName = 'queue' | 'run' | 'silence' | 'hold' | 'deadline';

/** The clock that the status and the hold of an active run start: `hold`, `queue` or `run`. */
export function ownClock(run: Run): 'hold' | 'queue' | 'run' {
  if (run.hold !== undefined) return 'hold';
  return run.status === 'queued' ? 'queue' : 'run';
}

/** Where a clock of an active run starts; for the deadline, the deadline itself. */
export function startOf(run: Run, clock: ClockName): Instant | undefined {
  if (clock === 'silence') return run.heartbeatAt;
  if (clock === 'deadline') return run.deadlineAt;
  return ownStart(run);
}

/**
 * Whether the start of an active run's own clock may legitimately lie in the future: `notBefore` says when work may begin,
 * which is not clock skew.
 */
export function startsInFuture(run: Run, start: Instant): boolean {
  return run.notBefore === start && (run.hold === undefined ? run.status === 'queued' : run.hold === 'schedule');
}

/** When a clock with this start reaches a threshold. A threshold of 0 is reached as soon as the clock can be used. */
export function reach(start: Instant, threshold: number, slack: number): Instant {
  return threshold > 0 ? start + threshold : start - slack;
}

/** The late threshold of a clock in milliseconds; a deadline is late at once. */
export function lateOf(thresholds: Thresholds, clock: ClockName): number {
  switch (clock) {
    case 'queue':
      return thresholds.queueLate;
    case 'run':
      return thresholds.runLate;
    case 'silence':
      return thresholds.silenceLate;
    case 'hold':
      return thresholds.holdLate;
    case 'deadline':
      return 0;
  }
}

/** The stale threshold of a clock in milliseconds; for a deadline the grace. */
export function staleOf(thresholds: Thresholds, clock: ClockName): number {
  switch (clock) {
    case 'queue':
      return thresholds.queueStale;
    case 'run':
      return thresholds.runStale;
    case 'silence':
      return thresholds.silenceStale;
    case 'hold':
      return thresholds.holdStale;
    case 'deadline':
      return thresholds.deadlineGrace;
  }
}

/** The rule that gave a clock its threshold; for a late deadline, which has none of its own, the grace. */
export function ruleOf({ rules }: Thresholds, clock: ClockName, level: 'late' | 'stale'): string {
  // Spelled out: building a name here would cost more than the rest of the judgement.
  switch (clock) {
    case 'queue':
      return level === 'late' ? rules['queue.late'] : rules['queue.stale'];
    case 'run':
      return level === 'late' ? rules['run.late'] : rules['run.stale'];
    case 'silence':
      return level === 'late' ? rules['silence.late'] : rules['silence.stale'];
    case 'hold':
      return level === 'late' ? rules['hold.late'] : rules['hold.stale'];
    case 'deadline':
      return rules['deadline.grace'];
  }
}

/** Where the own clock of an active run starts. */
export function ownStart(run: Run): Instant | undefined {
  if (run.hold !== undefined) {
    const since = run.holdSince ?? latest(run.queuedAt, run.startedAt);
    return run.hold === 'schedule' ? latest(since, run.notBefore) : since;
  }
  return run.status === 'queued' ? latest(run.queuedAt, run.notBefore) : (run.startedAt ?? run.queuedAt);
}

function latest(one: Instant | undefined, other: Instant | undefined): Instant | undefined {
  if (one === undefined) return other;
  return other === undefined || one > other ? one : other;
}
