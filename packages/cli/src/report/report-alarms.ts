import {
  reportAlert,
  reportEnded,
  splitAlerts,
  type Alert,
  type AlertStatus,
  type ReportInput,
  type ReportRun,
} from '@tardy/core';
import { alertKey } from '../alerts/observe.js';
import type { CompleteReading } from '../read/read-all.js';
import { reportedRun } from '../read/reported.js';

/** The rows of a reading with what the state says about them, and the alarms that have ended. */
export function rowsWithAlarms(
  { sources, runs, now }: CompleteReading,
  all: readonly Alert[] | undefined,
): Pick<ReportInput, 'runs' | 'alerts'> {
  const alarms = all === undefined ? undefined : splitAlerts(all).ofRuns;
  const open = new Map(alarms?.filter(({ ended }) => ended === undefined).map((alert) => [alert.key, alert]));
  const rows = runs.map((seen): ReportRun => {
    const source = sources[seen.sourceIndex];
    const row = reportedRun(seen, seen.now, source);
    const alert = open.size === 0 ? undefined : open.get(alertKey(source?.name ?? '', seen.run));
    return alert === undefined ? row : { ...row, alert: reportAlert(alert, 'still', now) };
  });
  return { runs: rows, alerts: alarms === undefined ? undefined : alertsOf(alarms) };
}

function alertsOf(alarms: readonly Alert[]): ReportInput['alerts'] {
  const count = (how: AlertStatus): number => alarms.filter(({ ended }) => ended?.how === how).length;
  return {
    new: 0,
    still: alarms.filter(({ ended }) => ended === undefined).length,
    recovered: count('recovered'),
    vanished: count('vanished'),
    kept: 0,
    ended: alarms.flatMap((alert) => (alert.ended === undefined ? [] : [reportEnded(alert, alert.ended)])),
  };
}
