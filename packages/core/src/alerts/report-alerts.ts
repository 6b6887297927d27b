import { formatInstant } from '../instant.js';
import type { Instant } from '../run.js';
import type { Totals } from '../summary.js';
import {
  isFlapping,
  type Acknowledgement,
  type Alert,
  type AlertEnd,
  type AlertRun,
  type AlertStatus,
} from './alert.js';

/** How an alarming run compares with the check before. */
export type ReportAlert = {
  readonly status: Extract<AlertStatus, 'new' | 'still'>;
  /** When a check first found it alarming, this time. */
  readonly since: string;
  /** It alarms and recovers again and again. */
  readonly flapping: boolean;
};

/** Who accepted a run, and until when. After that it alarms as before. */
export type ReportAcknowledgement = {
  readonly by: string;
  readonly reason: string;
  readonly until: string;
  readonly expired: boolean;
};

/** A run that was alarming in the check before and is no more. */
export type ReportEnded = {
  readonly status: AlertEnd['how'];
  readonly since: string;
  /** Absent in reports of older versions. */
  readonly ended_at?: string | undefined;
  readonly text: string;
  readonly source_name: string;
  readonly run: Readonly<Record<string, unknown>>;
};

/** What changed since the check before. */
export type ReportAlerts = {
  readonly new: number;
  readonly still: number;
  readonly recovered: number;
  readonly vanished: number;
  /** Alarming before, but nothing was read about them this time. They stay open. */
  readonly kept: number;
  readonly ended: readonly ReportEnded[];
};

/** What the file of acknowledgements did. */
export type ReportAcknowledgements = {
  /** Accepted runs by state. They count in `totals`, but neither in `verdict` nor in `exit_code`. */
  readonly late: number;
  readonly likely_stale: number;
  readonly unknown: number;
  /** Entries that match no run that needs attention; empty if not everything was read. */
  readonly unmatched: readonly {
    readonly match: Readonly<Record<string, string | readonly string[]>>;
    readonly by: string;
    readonly reason: string;
    readonly until: string;
  }[];
};

/** The totals that a check may fail for. */
export type OpenTotals = Pick<Totals, 'late' | 'likelyStale' | 'unknown'>;

/** The totals without the runs that somebody accepted. */
export function withoutAcknowledged(
  { late, likelyStale, unknown }: Totals,
  accepted: ReportAcknowledgements | undefined,
): OpenTotals {
  if (accepted === undefined) return { late, likelyStale, unknown };
  return {
    late: late - accepted.late,
    likelyStale: likelyStale - accepted.likely_stale,
    unknown: unknown - accepted.unknown,
  };
}

/** What a report says about the acknowledgement of a run at `now`. */
export function reportAcknowledgement({ by, reason, until }: Acknowledgement, now: Instant): ReportAcknowledgement {
  return { by, reason, until: formatInstant(until), expired: until <= now };
}

/** What a report says about an alarming run. */
export function reportAlert(alert: Alert, status: ReportAlert['status'], now: Instant): ReportAlert {
  return { status, since: formatInstant(alert.since), flapping: isFlapping(alert, now) };
}

/** What a report says about an alert that has ended. */
export function reportEnded({ sourceName, run, since }: Alert, { at, how, text }: AlertEnd): ReportEnded {
  return {
    status: how,
    since: formatInstant(since),
    ended_at: formatInstant(at),
    text,
    source_name: sourceName,
    run: alertRunToWire(run),
  };
}

/** The facts of an alert's run in their wire form: absent fields are left out. */
export function alertRunToWire(run: AlertRun): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(run).filter(([, value]) => value !== undefined));
}
