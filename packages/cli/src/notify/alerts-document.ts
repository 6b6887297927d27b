import { alertRunToWire, DUE_REASONS, dueWords, formatInstant, isFlapping, type Due, type Instant } from '@tardy/core';
import type { AlertMessage } from './message.js';

/** The name of the schema of `alertsDocument`. */
export const ALERTS_SCHEMA = 'urn:tardy:schema:alerts:1';

/** How many runs a message for programs lists. */
const MOST_RUNS = 100;

/** A message for programs. Within a version, fields are only added. */
export function alertsDocument({ id, target, at, due }: AlertMessage): object {
  return {
    schema: 'tardy.alerts/1',
    id,
    target,
    at: formatInstant(at),
    counts: Object.fromEntries(
      DUE_REASONS.map((reason) => [reason, due.filter((one) => one.reason === reason).length]),
    ),
    alerts: due.slice(0, MOST_RUNS).map((one) => entryOf(one, at)),
    omitted: Math.max(0, due.length - MOST_RUNS),
  };
}

function entryOf(due: Due, at: Instant): object {
  const { reason, alert } = due;
  return {
    reason,
    key: alert.key,
    about: alert.about ?? 'run',
    level: alert.level,
    since: formatInstant(alert.since),
    ended_at: alert.ended === undefined ? null : formatInstant(alert.ended.at),
    flapping: isFlapping(alert, at),
    text: dueWords(due, at),
    source_name: alert.sourceName,
    run: alertRunToWire(alert.run),
  };
}
