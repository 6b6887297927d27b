import type { DurationMs } from '../duration.js';
import { isActive, type Instant, type Run, type RunOutcome } from '../run.js';

/** One run of a history: only what learning needs. */
export type HistoryRow = {
  readonly source: string;
  readonly type: string;
  readonly id: string;
  readonly attempt: number;
  readonly queuedAt?: Instant | undefined;
  readonly startedAt?: Instant | undefined;
  /** Absent while the run is active. */
  readonly endedAt?: Instant | undefined;
  /** `pending` while the run is active. */
  readonly outcome: RunOutcome;
  /** After this time since its start, the system itself ends the run; absent if unknown. */
  readonly limit?: DurationMs | undefined;
  /** The run was closed because it was stuck (`reconciled`), or the system says that its time was up. */
  readonly cut?: boolean | undefined;
  /** The run was seen on hold after it had started: its duration says nothing about its work. */
  readonly held?: boolean | undefined;
  /** The longest silence between two heartbeats that was seen while it ran. */
  readonly silence?: DurationMs | undefined;
  /** When an active run was last seen. */
  readonly seenAt?: Instant | undefined;
};

/** Words that say that the time of a run was up. */
const TIME_WAS_UP = /(?:^|[_ .:-])timed?[_ -]?out$|^deadline_?exceeded$/i;

/** Whether a word of a source says that the time of a run was up, so that its system ended it. */
export function isTimeoutWord(word: string): boolean {
  return TIME_WAS_UP.test(word);
}

/** What learning needs of a run that a source has returned; `seenAt` is the clock of the source then. */
export function historyRow(run: Run, seenAt?: Instant): HistoryRow {
  const { startedAt, deadlineAt } = run;
  const limit = startedAt !== undefined && deadlineAt !== undefined ? deadlineAt - startedAt : undefined;
  return {
    source: run.source,
    type: run.type,
    id: run.id,
    attempt: run.attempt,
    queuedAt: run.queuedAt,
    startedAt,
    endedAt: isActive(run) ? undefined : run.endedAt,
    outcome: run.outcome,
    limit: limit !== undefined && limit > 0 ? limit : undefined,
    cut: run.reconciliation !== undefined || isTimedOut(run),
    held: isActive(run) && run.hold !== undefined,
    seenAt: isActive(run) ? seenAt : undefined,
  };
}

function isTimedOut({ status, outcome, native, failure }: Run): boolean {
  if (status !== 'completed' || outcome === 'succeeded') return false;
  return [native?.outcome, native?.status, failure?.code].some((word) => word !== undefined && isTimeoutWord(word));
}
