import type { ClockName } from './run-clocks.js';
import type { FlagAuthor, FlagKind, Hold } from './run.js';
import type { SpanUnits } from './span.js';

/** The labels a badge can show. */
export type LabelKey =
  | 'queued'
  | 'running'
  | 'hold'
  | 'late'
  | 'queued_late'
  | 'hold_late'
  | 'likely_stale'
  | 'unknown'
  | 'reconciled'
  | 'succeeded'
  | 'partially_succeeded'
  | 'blocked'
  | 'failed'
  | 'cancelled'
  | 'skipped'
  | 'outcome_unknown'
  | 'withheld';

/** The instants of a run that surfaces show. */
export type TimeName = 'queued' | 'not_before' | 'started' | 'heartbeat' | 'hold' | 'deadline' | 'ended' | 'reconciled';

/** Why an active run cannot be judged. */
export type UnknownCause = 'no_time' | 'clock_skew' | 'status';

/**
 * All words of the presenter in one language. Spans come in as text (`42 min`); `level` is the state a threshold leads to.
 *
 * Sentences end with a full stop, headlines and labels do not.
 */
export type Messages = {
  /** BCP 47 tag, for `Intl`. */
  readonly locale: string;
  readonly units: SpanUnits;
  readonly labels: Readonly<Record<LabelKey, string>>;
  readonly flags: Readonly<Record<FlagKind, string>>;
  readonly times: Readonly<Record<TimeName, string>>;
  readonly ago: (span: string) => string;
  readonly ahead: (span: string) => string;
  readonly headline: {
    readonly queued: (span: string) => string;
    readonly startsIn: (span: string) => string;
    readonly running: (span: string) => string;
    readonly runningVouched: (span: string, silent: string) => string;
    readonly runningSilent: (span: string, silent: string) => string;
    readonly silent: (silent: string) => string;
    /** `what` names what it waits for, where that is known. */
    readonly held: (hold: Hold, span: string, what: string | undefined) => string;
    /** A run that was started (or queued) before the phase that `headline` describes. */
    readonly startedBefore: (headline: string, ago: string) => string;
    readonly queuedBefore: (headline: string, ago: string) => string;
    /** A run that waits for a scheduled time in the future. */
    readonly goesOnIn: (span: string) => string;
    /** A run that waits for its next attempt. */
    readonly retriesIn: (span: string) => string;
    readonly dueIn: (span: string) => string;
    readonly overdue: (span: string) => string;
    readonly unknown: Readonly<Record<UnknownCause, string>>;
    readonly reconciled: (ago: string) => string;
    readonly ended: (label: string, ago: string) => string;
    readonly endedUnknown: (ago: string) => string;
    /** The last headline, if there is no newer data. */
    readonly withheld: (headline: string) => string;
  };
  readonly reason: {
    readonly workedThenSilent: (worked: string, silent: string) => string;
    readonly threshold: (level: 'late' | 'likely_stale', clock: ClockName, span: string, rule: string) => string;
    /** The same for a threshold of 0. */
    readonly atOnce: (level: 'late' | 'likely_stale', clock: ClockName, rule: string) => string;
    readonly neverLate: (clock: ClockName, rule: string) => string;
    readonly deadlineAhead: string;
    readonly deadlinePassed: string;
    readonly noHeartbeat: string;
    readonly vouched: string;
    /** Who concluded it (`source` is how people call the system) and the system's own text, which is quoted. */
    readonly flag: (by: FlagAuthor, source: string, kind: FlagKind, text: string | undefined) => string;
    /** A run whose hold ends by itself, ahead of `now`. */
    readonly holdEnds: string;
    readonly skewed: (clocks: readonly ClockName[]) => string;
    /** A second look that failed. */
    readonly unconfirmed: string;
    readonly unknown: Readonly<Record<UnknownCause, (status: string) => string>>;
    /** `reason` comes without a full stop, `failure` as a sentence. Either may be empty. */
    readonly reconciled: (from: string, reason: string) => string;
    readonly ended: (duration: string | undefined, failure: string) => string;
    readonly withheld: string;
  };
  readonly guidance: {
    readonly late: Readonly<Record<Exclude<ClockName, 'flag'>, string>>;
    readonly stale: Readonly<Record<Exclude<ClockName, 'flag'>, string>>;
    readonly holds: Readonly<Record<Hold, string>>;
    readonly flags: Readonly<Record<FlagKind, string>>;
    readonly unknown: Readonly<Record<UnknownCause, string>>;
    readonly reconciled: string;
    readonly failed: string;
    readonly blocked: string;
    readonly partiallySucceeded: string;
  };
  readonly elapsed: (worked: string, silent: string) => string;
  readonly progress: {
    readonly part: (processed: string, total: string, unit: string) => string;
    readonly count: (processed: string, unit: string) => string;
    /** The same once it has ended. */
    readonly counted: (processed: string, unit: string) => string;
    readonly finishing: (total: string, unit: string) => string;
    readonly over: (processed: string, total: string, unit: string) => string;
    readonly failed: (count: string) => string;
    readonly skipped: (count: string) => string;
    readonly wentBack: (text: string, from: string) => string;
    readonly attempt: (attempt: number, text: string) => string;
  };
};
