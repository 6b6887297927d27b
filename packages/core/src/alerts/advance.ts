import type { Instant } from '../run.js';
import {
  recentStarts,
  type Acknowledgement,
  type Alert,
  type AlertEnd,
  type AlertLevel,
  type AlertRun,
  type AlertStatus,
} from './alert.js';

/**
 * What a check learned about one run. A run about which it learned nothing (its source failed, was not read, or lists it in a state
 * that cannot be judged) has no observation, and its alert stays as it was.
 */
export type Observation =
  | {
      readonly kind: 'alarming';
      readonly key: string;
      readonly about?: 'source' | undefined;
      readonly sourceName: string;
      readonly run: AlertRun;
      readonly level: AlertLevel;
      readonly label: string;
      readonly headline: string;
      readonly acknowledged?: Acknowledgement | undefined;
    }
  | { readonly kind: AlertEnd['how']; readonly key: string; readonly text: string };

/** The alerts after a check. */
export type Advanced = {
  readonly alerts: readonly Alert[];
  /** Of the runs that were observed: alarming ones, and those whose alert has ended in this check. */
  readonly statuses: ReadonlyMap<string, AlertStatus>;
  /** Alarming ones that were not observed: they stay open. */
  readonly kept: readonly Alert[];
  /** Open ones that nothing was read about for `FORGET_AFTER_MS`: they are dropped. */
  readonly forgotten: readonly Alert[];
};

/** How long an open alert is kept although nothing is read about its run, in milliseconds. */
export const FORGET_AFTER_MS = 30 * 86_400_000;

/**
 * Compares what a check found with the alerts of the check before.
 *
 * Only evidence ends an alert. An ended one is kept while a recovery may have to be sent, or while it tells that its run flaps.
 */
export function advanceAlerts(previous: readonly Alert[], observations: Iterable<Observation>, now: Instant): Advanced {
  const before = new Map(previous.map((alert) => [alert.key, alert]));
  const statuses = new Map<string, AlertStatus>();
  const alerts: Alert[] = [];
  const observed = new Set<string>();
  for (const observation of observations) {
    if (observed.has(observation.key)) continue;
    observed.add(observation.key);
    const alert = before.get(observation.key);
    const next = advance(alert, observation, now);
    if (next === undefined) continue;
    alerts.push(next.alert);
    if (next.status !== undefined) statuses.set(observation.key, next.status);
  }
  const kept: Alert[] = [];
  const forgotten: Alert[] = [];
  for (const alert of previous) {
    if (observed.has(alert.key)) continue;
    const lastNewsAt = alert.ended?.at ?? alert.seenAt;
    if (now - lastNewsAt >= FORGET_AFTER_MS) {
      if (alert.ended === undefined) forgotten.push(alert);
      continue;
    }
    alerts.push(alert);
    if (alert.ended === undefined) kept.push(alert);
  }
  return { alerts: alerts.filter((alert) => isWorthKeeping(alert, now)), statuses, kept, forgotten };
}

type Next = { readonly alert: Alert; readonly status: AlertStatus | undefined };

function advance(alert: Alert | undefined, observation: Observation, now: Instant): Next | undefined {
  switch (observation.kind) {
    case 'alarming':
      return alert === undefined || alert.ended !== undefined
        ? begin(alert, observation, now)
        : resume(alert, observation, now);
    case 'recovered':
    case 'vanished': {
      if (alert === undefined) return undefined;
      if (alert.ended !== undefined) return { alert, status: undefined };
      const ended = { at: now, how: observation.kind, text: observation.text };
      return { alert: { ...alert, ended, acknowledged: undefined }, status: observation.kind };
    }
  }
}

type Alarming = Extract<Observation, { readonly kind: 'alarming' }>;

function begin(alert: Alert | undefined, observed: Alarming, now: Instant): Next {
  const { kind: _, ...facts } = observed;
  return {
    alert: {
      ...facts,
      since: now,
      seenAt: now,
      starts: [...recentStarts(alert?.starts ?? [], now), now],
      deliveries: alert?.deliveries ?? {},
    },
    status: 'new',
  };
}

function resume(alert: Alert, observed: Alarming, now: Instant): Next {
  const { kind: _, acknowledged, ...facts } = observed;
  const renewed = alert.acknowledged !== undefined && acknowledged === undefined;
  return {
    alert: {
      ...alert,
      ...facts,
      acknowledged,
      seenAt: now,
      renewedAt: renewed ? now : alert.renewedAt,
      starts: recentStarts(alert.starts, now),
    },
    status: renewed ? 'new' : 'still',
  };
}

function isWorthKeeping({ ended, starts, deliveries }: Alert, now: Instant): boolean {
  return ended === undefined || Object.keys(deliveries).length > 0 || recentStarts(starts, now).length > 0;
}
