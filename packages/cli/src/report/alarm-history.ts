import { absoluteTime, UNREADABLE_AFTER_MS, type Alert, type Instant } from '@tardy/core';
import type { AlarmSection } from './alarm-section.js';

/**
 * The alarms of a state that a report shows: those that still stand, and those that ended since then. The newest first. A source that was
 * unreadable for a moment is none.
 */
export function alarmsSince(alerts: readonly Alert[], since: Instant): readonly Alert[] {
  return alerts
    .filter(({ ended }) => ended === undefined || ended.at >= since)
    .filter(({ about, since: from, seenAt }) => about === undefined || seenAt - from >= UNREADABLE_AFTER_MS)
    .sort((a, b) => b.since - a.since || (a.key < b.key ? -1 : 1));
}

/** What was wrong, since when, and how it ended. */
export function alarmSection(alarms: readonly Alert[], timeZone: string): AlarmSection {
  return {
    id: 'alarms',
    heading: 'Alarms',
    words: alarms.length === 0 ? 'There was none.' : undefined,
    columns: ['State', 'Run', 'Tenant', 'What', 'Since', 'Ended'],
    rows: alarms.map((alarm) => ({ level: alarm.level, cells: cellsOf(alarm, timeZone) })),
  };
}

function cellsOf({ run, label, headline, since, ended }: Alert, timeZone: string): readonly string[] {
  return [
    label,
    run.title,
    run.tenant?.name ?? run.tenant?.id ?? '',
    headline,
    absoluteTime(since, { timeZone }),
    ended === undefined ? 'still' : `${ended.text}, ${absoluteTime(ended.at, { timeZone })}`,
  ];
}
