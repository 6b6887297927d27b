import type { Instant } from '../run.js';
import { isFlapping, isWorse, type Alert, type Delivery } from './alert.js';

/** Why a target is to be sent something about a run. `worse`: it was late when last sent, and is likely stuck now. */
export type DueReason = 'new' | 'worse' | 'reminder' | 'recovered' | 'vanished';

/** All reasons, in the order in which messages list them. */
export const DUE_REASONS: readonly DueReason[] = ['new', 'worse', 'reminder', 'recovered', 'vanished'];

/** Something that a target is to be sent. */
export type Due = { readonly reason: DueReason; readonly alert: Alert };

/** When a target is sent something. */
export type DueOptions = {
  readonly now: Instant;
  /** How long after the last message about a run that is still alarming it gets a reminder, in milliseconds; `undefined` for never. */
  readonly remindMs: number | undefined;
  /** Whether it is sent recoveries. */
  readonly recoveries: boolean;
  /** For how long a source must have been unreadable before that is sent, in milliseconds; `Infinity` for never. */
  readonly unreadableMs: number;
};

/** How long a source may be unreadable before targets are sent that by default, in milliseconds: an outage, not a blip. */
export const UNREADABLE_AFTER_MS = 15 * 60_000;

/** How long a flapping run must stay recovered before that is sent, in milliseconds. */
export const SETTLED_AFTER_MS = 3_600_000;

/**
 * What a target is to be sent: whatever it has not confirmed to have got.
 *
 * A run that alarms again before its recovery was sent is no news to the target, whose incident is still open. An acknowledged one is
 * sent when it ends, if it was sent before.
 */
export function dueFor(target: string, alerts: readonly Alert[], options: DueOptions): readonly Due[] {
  return alerts.flatMap((alert): Due[] => {
    const reason = reasonFor(alert, deliveryTo(alert, target), options);
    return reason === undefined ? [] : [{ reason, alert }];
  });
}

/** What a target last confirmed about an alert. */
export function deliveryTo({ deliveries }: Alert, target: string): Delivery | undefined {
  return Object.hasOwn(deliveries, target) ? deliveries[target] : undefined;
}

function reasonFor(alert: Alert, sent: Delivery | undefined, options: DueOptions): DueReason | undefined {
  const { now, remindMs, recoveries, unreadableMs } = options;
  const { ended } = alert;
  if (ended !== undefined) {
    if (sent === undefined || !recoveries) return undefined;
    return hasSettled(alert, now) ? ended.how : undefined;
  }
  if (alert.acknowledged !== undefined) return undefined;
  if (alert.about === 'source' && now - alert.since < unreadableMs) return undefined;
  if (sent === undefined || (alert.renewedAt !== undefined && sent.at < alert.renewedAt)) return 'new';
  if (isWorse(alert.level, sent.level)) return 'worse';
  // Nothing was read about it this time: a reminder could be wrong.
  if (alert.seenAt < now) return undefined;
  return remindMs !== undefined && now - sent.at >= remindMs ? 'reminder' : undefined;
}

/** What is sent in one message: a target confirms all of it or nothing. */
export type Sent = { readonly target: string; readonly thread: string; readonly due: readonly Due[] };

/** The alerts after a target has confirmed a message. */
export function markSent(alerts: readonly Alert[], { target, thread, due }: Sent, now: Instant): readonly Alert[] {
  const keys = new Set(due.map(({ alert }) => alert.key));
  return alerts.map((alert) => {
    if (!keys.has(alert.key)) return alert;
    const { [target]: _, ...others } = alert.deliveries;
    if (alert.ended !== undefined) return { ...alert, deliveries: others };
    return { ...alert, deliveries: { ...others, [target]: { at: now, level: alert.level, thread } } };
  });
}

/** The alerts without what a target need not be sent any more: those that have ended, if it gets no recoveries. */
export function forgetEnded(
  alerts: readonly Alert[],
  target: string,
  { now, recoveries }: Pick<DueOptions, 'now' | 'recoveries'>,
): readonly Alert[] {
  if (recoveries) return alerts;
  return alerts.map((alert) => {
    if (deliveryTo(alert, target) === undefined || !hasSettled(alert, now)) return alert;
    const { [target]: _, ...deliveries } = alert.deliveries;
    return { ...alert, deliveries };
  });
}

/** Whether an alert has ended, and for long enough that it may count as a new one when it comes back. */
function hasSettled(alert: Alert, now: Instant): boolean {
  if (alert.ended === undefined) return false;
  return !isFlapping(alert, now) || now - alert.ended.at >= SETTLED_AFTER_MS;
}
