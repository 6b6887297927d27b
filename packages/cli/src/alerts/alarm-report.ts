import {
  dueFor,
  formatInstant,
  markSent,
  buildReport,
  reachesLevel,
  reportAcknowledgement,
  reportAlert,
  reportEnded,
  type Acknowledgements,
  type Advanced,
  type Alert,
  type AlertStatus,
  type FailOn,
  type Report,
  type ReportAcknowledgements,
  type ReportAlerts,
  type ReportRun,
  type ReportWorn,
} from '@tardy/core';
import type { CompleteReading } from '../read/read-all.js';
import { reportBasis, reportedRun } from '../read/reported.js';
import type { SeenRun } from '../read/tally.js';
import { alarmLevel, alertKey } from './observe.js';

/** What a report is made of besides what was read. */
export type ReportingOptions = {
  readonly failOn: FailOn;
  readonly allowUnknown: boolean;
  /** Whether a run is listed. */
  readonly lists: (seen: SeenRun) => boolean;
  /** The alerts after this check; `undefined` without a state. */
  readonly advanced: Advanced | undefined;
  readonly acknowledgements: Acknowledgements | undefined;
  /** Whether every configured source was read: only then an entry that matches nothing is worth a word. */
  readonly readsAll: boolean;
  readonly failOnNew: boolean;
  readonly maxStale: number | undefined;
  /** List only the runs with these statuses; `undefined` for all. */
  readonly only: readonly AlertStatus[] | undefined;
  /** Runs that still alarm and are listed again, since a reminder is due. */
  readonly reminded: ReadonlySet<string>;
  /** The learned rules that no longer fit; `undefined` without a record. */
  readonly worn: readonly ReportWorn[] | undefined;
};

/** The report of a check: what was read, what changed since the check before, and what somebody accepted. */
export function alarmReport(reading: CompleteReading, options: ReportingOptions): Report {
  const { advanced, acknowledgements, failOn } = options;
  const alerts = new Map(advanced?.alerts.map((alert) => [alert.key, alert]));
  const rows = reading.runs.filter(options.lists).map((seen) => rowOf(seen, reading, alerts, options));
  const complete = reading.sources.every((source) => source.complete);
  const accepted = acceptedOf(rows, acknowledgements, complete && options.readsAll);
  const newAlarms = rows.filter(
    ({ row }) =>
      row.alert?.status === 'new' &&
      row.acknowledgement?.expired !== false &&
      reachesLevel(row.freshness.state, failOn),
  ).length;
  return buildReport({
    ...reportBasis(reading),
    policyWorn: options.worn,
    runs: rows.filter(({ key, row }) => isWanted(row, key, options)).map(({ row }) => row),
    failOn,
    allowUnknown: options.allowUnknown,
    maxStale: options.maxStale,
    alerts: advanced === undefined ? undefined : alertsOf(advanced, options.only),
    acknowledgements: accepted,
    newAlarms: options.failOnNew ? newAlarms : undefined,
  });
}

type Row = { readonly key: string; readonly row: ReportRun };

function rowOf(
  seen: SeenRun,
  { sources, now }: CompleteReading,
  alerts: ReadonlyMap<string, Alert>,
  { advanced, acknowledgements, failOn }: ReportingOptions,
): Row {
  const source = sources[seen.sourceIndex];
  const key = alertKey(source?.name ?? '', seen.run);
  const row = reportedRun(seen, seen.now, source);
  const status = advanced?.statuses.get(key);
  const alert = alerts.get(key);
  const said = reachesAttention(seen) ? acknowledgements?.of(seen.run, source?.name ?? '', now) : undefined;
  const accepted = said?.active ?? said?.expired;
  return {
    key,
    row: {
      ...row,
      ...(alert !== undefined &&
      (status === 'new' || status === 'still') &&
      reachesLevel(seen.freshness.state, alarmLevel(failOn))
        ? { alert: reportAlert(alert, status, now) }
        : {}),
      ...(accepted === undefined ? {} : { acknowledgement: reportAcknowledgement(accepted, now) }),
    },
  };
}

function reachesAttention({ freshness }: SeenRun): boolean {
  return freshness.problemClass === 'active_stale_attention';
}

function acceptedOf(
  rows: readonly Row[],
  acknowledgements: Acknowledgements | undefined,
  saysUnmatched: boolean,
): ReportAcknowledgements | undefined {
  if (acknowledgements === undefined) return undefined;
  const count = (state: ReportRun['freshness']['state']): number =>
    rows.filter(({ row }) => row.acknowledgement?.expired === false && row.freshness.state === state).length;
  return {
    late: count('late'),
    likely_stale: count('likely_stale'),
    unknown: count('unknown'),
    unmatched: saysUnmatched
      ? acknowledgements
          .unmatched()
          .map(({ match, by, reason, until }) => ({ match, by, reason, until: formatInstant(until) }))
      : [],
  };
}

function alertsOf({ alerts, statuses, kept }: Advanced, only: readonly AlertStatus[] | undefined): ReportAlerts {
  const count = (status: AlertStatus): number => [...statuses.values()].filter((one) => one === status).length;
  const ended = alerts.flatMap((alert) => {
    const status = statuses.get(alert.key);
    if (alert.ended === undefined || (status !== 'recovered' && status !== 'vanished')) return [];
    return only === undefined || only.includes(status) ? [reportEnded(alert, alert.ended)] : [];
  });
  return {
    new: count('new'),
    still: count('still'),
    recovered: count('recovered'),
    vanished: count('vanished'),
    kept: kept.length,
    ended,
  };
}

function isWanted({ alert }: ReportRun, key: string, { only, reminded }: ReportingOptions): boolean {
  if (only === undefined) return true;
  return alert !== undefined && (only.includes(alert.status) || reminded.has(key));
}

/** What outputs are to a run: a target that is sent something each time it is printed. No target of a config can have this name. */
const OUTPUT = '(output)';

/**
 * The runs whose reminder is due in the output, and the alerts after it is printed.
 *
 * @param remindMs as for a target; `undefined` for no reminders.
 */
export function remindInOutput(
  { alerts }: Advanced,
  remindMs: number | undefined,
  now: number,
): { readonly reminded: ReadonlySet<string>; readonly alerts: readonly Alert[] } {
  if (remindMs === undefined) return { reminded: new Set(), alerts };
  const due = dueFor(OUTPUT, alerts, { now, remindMs, recoveries: true, unreadableMs: Infinity });
  const reminded = due.filter(({ reason }) => reason === 'reminder').map(({ alert }) => alert.key);
  return { reminded: new Set(reminded), alerts: markSent(alerts, { target: OUTPUT, thread: 'output', due }, now) };
}
