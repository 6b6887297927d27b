import {
  withoutAcknowledged,
  type OpenTotals,
  type ReportAcknowledgement,
  type ReportAcknowledgements,
  type ReportAlert,
  type ReportAlerts,
} from './alerts/report-alerts.js';
import type { AlertLevel } from './alerts/alert.js';
import type { Freshness, FreshnessState, ProblemClass } from './classify.js';
import { withoutEndedHold } from './clocks.js';
import { formatInstant } from './instant.js';
import { present, type PresentOptions } from './present.js';
import type { JudgedRun } from './query.js';
import type { Instant, RunOutcome } from './run.js';
import type { Totals } from './summary.js';
import { runToWire, type RunIssue } from './wire.js';

/** The worst verdict found: `stale` for a likely stuck run, `unknown` if something could not be read or judged. */
export type ReportVerdict = 'fresh' | 'late' | 'stale' | 'unknown';

/** The level from which a check fails. */
export type FailOn = 'late' | 'stale' | 'never';

/** One source in a report. */
export type ReportSource = {
  readonly name: string;
  readonly kind: string;
  /** Everything that was requested arrived and could be read. */
  readonly complete: boolean;
  readonly runs: number;
  readonly pages: number;
  /** Added to the local clock to get the clock of the source; `null` if it could not be measured. */
  readonly clock_offset_ms: number | null;
  readonly clock_uncertainty_ms: number | null;
  /** Runs that would have failed the check and were read again; `dropped` of them had ended or recovered by then. */
  readonly rechecked: number;
  readonly dropped: number;
  /** Runs that failed the check without confirmation, because the second look at them failed. */
  readonly unconfirmed: number;
  /** Requests that the second look sent, and how many it may send; `null` if there was none. */
  readonly requests: number;
  readonly max_requests: number | null;
  /** The policy that judged its runs: the one of the report, unless the source publishes its own. */
  readonly policy_digest: string;
  readonly issues: readonly { readonly id: string | null; readonly reason: string }[];
  readonly error: { readonly code: string; readonly message: string } | null;
};

/** One run of a report. `threshold_ms` is `null` for never. */
export type ReportRun = {
  readonly run: Readonly<Record<string, unknown>>;
  readonly problem_class: ProblemClass;
  readonly freshness: {
    readonly state: FreshnessState;
    readonly clock: string | null;
    readonly since: string | null;
    readonly age_ms: number | null;
    readonly threshold_ms: number | null;
    readonly rule: string | null;
    readonly vouched: boolean;
    readonly silent: boolean;
    /** A flag that the policy does not ignore stands against the run. Absent in reports of older versions. */
    readonly flagged?: boolean | undefined;
    readonly skewed: readonly string[];
    readonly next_change_at: string | null;
    /** Whether a second look confirmed the verdict; `null` if there was none. */
    readonly confirmed: boolean | null;
  };
  readonly presentation: {
    readonly label: string;
    readonly tone: string;
    readonly icon: string;
    readonly headline: string;
    readonly reason: string;
    readonly guidance: string;
  };
  /** Compared with the check before. Absent without a state, and for a run below the level. */
  readonly alert?: ReportAlert | undefined;
  /** Who accepts it, if somebody does or did. Absent if no entry matches. */
  readonly acknowledgement?: ReportAcknowledgement | undefined;
};

/** A time in which a run was late or likely stuck, as a record has it. */
export type RecordedAlarm = {
  /** The worst that it came to. */
  readonly level: AlertLevel;
  readonly since: string;
  /** `null` while it lasts. */
  readonly until: string | null;
  /** How the run ended, if that ended it; `null` if it recovered, is still alarming, or its end could not be read. */
  readonly outcome: RunOutcome | null;
  readonly label: string;
  readonly headline: string;
  /** The source that it was read from, as configured. */
  readonly source_name: string;
  readonly run: Readonly<Record<string, unknown>>;
};

/** What a record of earlier checks says about the time before a report. */
export type ReportRecorded = {
  readonly since: string;
  /** When the first of its checks was; `null` if it has none. What was before that is not known. */
  readonly from: string | null;
  /** How many runs were at most late, and how many were likely stuck, for some time since then. */
  readonly late: number;
  readonly likely_stale: number;
  /** The newest first. */
  readonly alarms: readonly RecordedAlarm[];
};

/** A learned rule of the policy whose promise no longer holds, going by a record. It changes no verdict. */
export type ReportWorn = {
  readonly code: 'policy_worn';
  /** `rules[3].run.stale` */
  readonly rule: string;
  /** The day on which it was learned. */
  readonly since: string;
  /** The false alarms per run that it promised. */
  readonly target: number;
  /** Runs since then, and how many of them passed it and ended by themselves. */
  readonly runs: number;
  readonly exceedances: number;
};

/** The totals of a report: its active runs. */
export type ReportTotals = {
  readonly active: number;
  readonly queued: number;
  readonly running: number;
  readonly held: number;
  readonly fresh: number;
  readonly late: number;
  readonly likely_stale: number;
  readonly unknown: number;
};

/** The report, version 1, as JSON. Within a version, fields are only added. */
export type Report = {
  readonly schema: 'tardy.report/1';
  readonly generated_at: string;
  readonly now: string;
  /** `from` says where the policy comes from: `built in`, or a file. */
  readonly policy: {
    readonly digest: string;
    readonly from?: string | undefined;
    /** Its learned rules that no longer fit. Absent without a record. */
    readonly worn?: readonly ReportWorn[] | undefined;
  };
  /** The config file in use; `null` if there is none. */
  readonly config?: string | null | undefined;
  readonly verdict: ReportVerdict;
  readonly exit_code: number;
  readonly complete: boolean;
  /** The level from which the check fails. Absent in reports of older versions. */
  readonly fail_on?: FailOn | undefined;
  /** Runs that cannot be judged do not make the check unable to tell. Absent in reports of older versions. */
  readonly allow_unknown?: boolean | undefined;
  /** How many runs may reach that level before the check fails. Absent for none, and in reports of older versions. */
  readonly max_stale?: number | undefined;
  readonly sources: readonly ReportSource[];
  readonly totals: ReportTotals;
  /** Absent without a state. */
  readonly alerts?: ReportAlerts | undefined;
  /** Absent without a file of acknowledgements. */
  readonly acknowledgements?: ReportAcknowledgements | undefined;
  /** Absent without a record. */
  readonly recorded?: ReportRecorded | undefined;
  readonly runs: readonly ReportRun[];
};

/** What a report is built from. `now` is when the runs were judged, by the clock of this machine. */
export type ReportInput = {
  readonly generatedAt: Instant;
  readonly now: Instant;
  readonly policyDigest: string;
  readonly policyFrom?: string | undefined;
  readonly policyWorn?: readonly ReportWorn[] | undefined;
  /** `null` if no config is in use; absent if the report does not say. */
  readonly config?: string | null | undefined;
  readonly sources: readonly ReportSource[];
  readonly totals: Totals;
  readonly runs: readonly ReportRun[];
  readonly failOn: FailOn;
  readonly allowUnknown: boolean;
  readonly alerts?: ReportAlerts | undefined;
  readonly acknowledgements?: ReportAcknowledgements | undefined;
  readonly recorded?: ReportRecorded | undefined;
  /** Fail only for this many runs, those that are new and that nobody accepted; absent: for all that reach the level. */
  readonly newAlarms?: number | undefined;
  /** How many runs may reach `failOn` before the check fails. Default none. */
  readonly maxStale?: number | undefined;
};

/** Builds a report; verdict and exit code follow from its totals. */
export function buildReport(input: ReportInput): Report {
  const complete = input.sources.every((source) => source.complete);
  const { totals } = input;
  const known = withoutAcknowledged(totals, input.acknowledgements);
  const open = { ...known, unknown: known.unknown + input.runs.filter(isLateOfUnknownStatus).length };
  return {
    schema: 'tardy.report/1',
    generated_at: formatInstant(input.generatedAt),
    now: formatInstant(input.now),
    policy: {
      digest: input.policyDigest,
      ...(input.policyFrom === undefined ? {} : { from: input.policyFrom }),
      ...(input.policyWorn === undefined ? {} : { worn: input.policyWorn }),
    },
    ...(input.config === undefined ? {} : { config: input.config }),
    verdict: verdictOf(open, complete),
    exit_code: exitCodeOf(open, complete, input),
    complete,
    fail_on: input.failOn,
    allow_unknown: input.allowUnknown,
    ...(input.maxStale === undefined ? {} : { max_stale: input.maxStale }),
    sources: input.sources,
    totals: {
      active: totals.active,
      queued: totals.queued,
      running: totals.running,
      held: totals.held,
      fresh: totals.fresh,
      late: totals.late,
      likely_stale: totals.likelyStale,
      unknown: totals.unknown,
    },
    ...(input.alerts === undefined ? {} : { alerts: input.alerts }),
    ...(input.acknowledgements === undefined ? {} : { acknowledgements: input.acknowledgements }),
    ...(input.recorded === undefined ? {} : { recorded: input.recorded }),
    runs: input.runs,
  };
}

/** A run as a report shows it, judged at `now`. A hold that has ended by itself is no longer part of it. */
export function reportRun({ run, freshness }: JudgedRun, now: Instant, options?: PresentOptions): ReportRun {
  const { label, tone, icon, headline, reason, guidance } = present(run, freshness, now, options);
  return {
    run: runToWire(withoutEndedHold(run, now)),
    problem_class: freshness.problemClass,
    freshness: freshnessToWire(freshness),
    presentation: { label, tone, icon, headline, reason, guidance },
  };
}

/** Rows that could not be read, as a report lists them. */
export function reportIssues(issues: readonly RunIssue[]): ReportSource['issues'] {
  return issues.map(({ id, reason }) => ({ id: id ?? null, reason }));
}

/**
 * The worst verdict over some totals. A stuck run is reported even if not everything could be read; a merely late one is not,
 * since what could not be read may be worse.
 */
function verdictOf(totals: OpenTotals, complete: boolean): ReportVerdict {
  if (totals.likelyStale > 0) return 'stale';
  if (totals.unknown > 0 || !complete) return 'unknown';
  return totals.late > 0 ? 'late' : 'fresh';
}

/** Time alone calls such a run late. What its status would say is unknown: it may be stuck, however long it may take. */
function isLateOfUnknownStatus({ run, freshness }: ReportRun): boolean {
  return freshness.state === 'late' && run['outcome'] === 'unknown' && run['status'] !== 'completed';
}

/** Whether a state reaches the level from which a check fails. */
export function reachesLevel(state: FreshnessState, failOn: FailOn): boolean {
  switch (failOn) {
    case 'never':
      return false;
    case 'late':
      return state === 'late' || state === 'likely_stale';
    case 'stale':
      return state === 'likely_stale';
  }
}

/** 1 when more runs than allowed reached the level, else 3 when something could not be read or judged, else 0. */
function exitCodeOf(
  totals: OpenTotals,
  complete: boolean,
  {
    failOn,
    allowUnknown,
    newAlarms,
    maxStale = 0,
  }: Pick<ReportInput, 'failOn' | 'allowUnknown' | 'newAlarms' | 'maxStale'>,
): 0 | 1 | 3 {
  const reaching =
    (reachesLevel('likely_stale', failOn) ? totals.likelyStale : 0) + (reachesLevel('late', failOn) ? totals.late : 0);
  const failing = newAlarms === undefined ? reaching : Math.min(reaching, newAlarms);
  if (failing > maxStale) return 1;
  return !complete || (totals.unknown > 0 && !allowUnknown) ? 3 : 0;
}

function freshnessToWire(freshness: Freshness): ReportRun['freshness'] {
  const { thresholdMs, since, nextChangeAt } = freshness;
  return {
    state: freshness.state,
    clock: freshness.clock ?? null,
    since: since === undefined ? null : formatInstant(since),
    age_ms: freshness.ageMs ?? null,
    threshold_ms: thresholdMs === undefined || thresholdMs === Infinity ? null : thresholdMs,
    rule: freshness.rule ?? null,
    vouched: freshness.vouched,
    silent: freshness.silent,
    flagged: freshness.flagged,
    skewed: freshness.skewed,
    next_change_at: nextChangeAt === undefined ? null : formatInstant(nextChangeAt),
    confirmed: freshness.confirmed ?? null,
  };
}
