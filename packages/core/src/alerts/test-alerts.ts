import type { Instant } from '../run.js';
import type { Acknowledgement, Alert, AlertLevel } from './alert.js';
import type { Observation } from './advance.js';

/** 23 Nov 2026, 09:00 UTC: the instant of these tests. */
export const NOW: Instant = Date.UTC(2026, 10, 23, 9);

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

/** A run found alarming. */
export function alarming(
  key: string,
  fields: { readonly level?: AlertLevel; readonly acknowledged?: Acknowledgement; readonly headline?: string } = {},
): Observation {
  return {
    kind: 'alarming',
    key,
    sourceName: 'host',
    run: { source: 'host', id: key, attempt: 1, type: 'sync', title: `Sync ${key}` },
    level: 'likely_stale',
    label: 'Likely stuck',
    headline: 'No heartbeat for 42 min',
    ...fields,
  };
}

export const recovered = (key: string): Observation => ({ kind: 'recovered', key, text: 'it succeeded' });

export const vanished = (key: string): Observation => ({
  kind: 'vanished',
  key,
  text: 'its source no longer lists it',
});

/** An open alert, found an hour ago and again just now. */
export function anAlert(key: string, fields: Partial<Alert> = {}): Alert {
  return {
    key,
    sourceName: 'host',
    run: { source: 'host', id: key, attempt: 1, type: 'sync', title: `Sync ${key}` },
    level: 'likely_stale',
    label: 'Likely stuck',
    headline: 'No heartbeat for 42 min',
    since: NOW - HOUR,
    seenAt: NOW,
    starts: [NOW - HOUR],
    deliveries: {},
    ...fields,
  };
}
