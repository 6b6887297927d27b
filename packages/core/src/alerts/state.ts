import { formatInstant, parseInstant } from '../instant.js';
import type { Instant } from '../run.js';
import type { Acknowledgement, Alert, AlertLevel, AlertRun, Delivery } from './alert.js';

/** What a check remembers for the next one, version 1, as JSON. Within a version, fields are only added. */
export type AlertStateWire = {
  readonly schema: 'tardy.state/1';
  /** When it was saved. */
  readonly saved_at: string;
  readonly alerts: readonly AlertWire[];
};

/** One alert as JSON. */
export type AlertWire = {
  readonly key: string;
  readonly about?: 'source' | undefined;
  readonly source_name: string;
  readonly run: AlertRun;
  readonly level: AlertLevel;
  readonly label: string;
  readonly headline: string;
  readonly since: string;
  readonly seen_at: string;
  readonly ended?: { readonly at: string; readonly how: 'recovered' | 'vanished'; readonly text: string } | undefined;
  readonly acknowledged?: { readonly by: string; readonly reason: string; readonly until: string } | undefined;
  readonly renewed_at?: string | undefined;
  readonly starts: readonly string[];
  readonly deliveries: Readonly<
    Record<string, { readonly at: string; readonly level: AlertLevel; readonly thread: string }>
  >;
};

/** The state as it is saved at `now`: in order of key, so that the same alerts give the same text. */
export function stateToWire(alerts: readonly Alert[], now: Instant): AlertStateWire {
  const sorted = [...alerts].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return { schema: 'tardy.state/1', saved_at: formatInstant(now), alerts: sorted.map(alertToWire) };
}

/** The alerts of a state that its schema has accepted. */
export function alertsFromWire({ alerts }: AlertStateWire): readonly Alert[] {
  return alerts.map((wire) => ({
    key: wire.key,
    about: wire.about,
    sourceName: wire.source_name,
    run: wire.run,
    level: wire.level,
    label: wire.label,
    headline: wire.headline,
    since: at(wire.since),
    seenAt: at(wire.seen_at),
    ended: wire.ended === undefined ? undefined : { ...wire.ended, at: at(wire.ended.at) },
    acknowledged:
      wire.acknowledged === undefined ? undefined : { ...wire.acknowledged, until: at(wire.acknowledged.until) },
    renewedAt: wire.renewed_at === undefined ? undefined : at(wire.renewed_at),
    starts: wire.starts.map(at),
    deliveries: mapValues(wire.deliveries, (delivery): Delivery => ({ ...delivery, at: at(delivery.at) })),
  }));
}

function alertToWire(alert: Alert): AlertWire {
  const { ended, acknowledged, renewedAt } = alert;
  return {
    key: alert.key,
    ...(alert.about === undefined ? {} : { about: alert.about }),
    source_name: alert.sourceName,
    run: alert.run,
    level: alert.level,
    label: alert.label,
    headline: alert.headline,
    since: formatInstant(alert.since),
    seen_at: formatInstant(alert.seenAt),
    ...(ended === undefined ? {} : { ended: { ...ended, at: formatInstant(ended.at) } }),
    ...(acknowledged === undefined ? {} : { acknowledged: acknowledgedToWire(acknowledged) }),
    ...(renewedAt === undefined ? {} : { renewed_at: formatInstant(renewedAt) }),
    starts: alert.starts.map(formatInstant),
    deliveries: mapValues(alert.deliveries, (delivery) => ({ ...delivery, at: formatInstant(delivery.at) })),
  };
}

function acknowledgedToWire({ by, reason, until }: Acknowledgement): NonNullable<AlertWire['acknowledged']> {
  return { by, reason, until: formatInstant(until) };
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, map: (value: A) => B): Readonly<Record<string, B>> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}

/** The schema has checked that it is one. */
function at(text: string): Instant {
  return parseInstant(text) ?? Number.NaN;
}
