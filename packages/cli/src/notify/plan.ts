import { createHash } from 'node:crypto';
import { deliveryTo, DUE_REASONS, type Alert, type Due, type Instant } from '@tardy/core';
import type { AlertMessage } from './message.js';

/**
 * One thing to send to a target, all of which it confirms or nothing. `digest`: a message. `open` and `close`: an incident in a system that
 * keeps them by key. `nothing`: some runs of an incident have recovered, and it stays open for the others.
 */
export type Step = {
  readonly kind: 'digest' | 'open' | 'close' | 'nothing';
  /** The key of the incident; a digest has the same one always. */
  readonly thread: string;
  readonly message: AlertMessage;
};

/** How a target takes news: one message for all of it, or an incident for each run. */
export type Style = 'digest' | 'incidents';

/** So many new runs at once become one incident, so that an outage does not page people thousands of times. */
export const MOST_INCIDENTS = 10;

/** What to send to a target, in this order. Empty if nothing is due. */
export function planSteps(
  target: string,
  style: Style,
  due: readonly Due[],
  alerts: readonly Alert[],
  at: Instant,
): readonly Step[] {
  if (due.length === 0) return [];
  const step = (kind: Step['kind'], thread: string, some: readonly Due[]): Step => ({
    kind,
    thread,
    message: { id: messageId(target, some), target, at, due: sorted(some) },
  });
  if (style === 'digest') return [step('digest', 'digest', due)];

  const closing = due.filter(({ alert }) => alert.ended !== undefined);
  const opening = due.filter(({ alert }) => alert.ended === undefined);
  const unsent = opening.filter(({ alert }) => deliveryTo(alert, target) === undefined);
  const together =
    unsent.length > MOST_INCIDENTS ? `tardy-digest-${messageId(target, unsent).slice(0, 32)}` : undefined;
  const threadOf = ({ alert }: Due): string => deliveryTo(alert, target)?.thread ?? together ?? `tardy-${alert.key}`;
  const closed = new Set(closing.map(({ alert }) => alert.key));
  const isOpen = (thread: string): boolean =>
    alerts.some((alert) => !closed.has(alert.key) && deliveryTo(alert, target)?.thread === thread);
  return [
    ...byThread(opening, threadOf).map(([thread, some]) => step('open', thread, some)),
    ...byThread(closing, threadOf).map(([thread, some]) => step(isOpen(thread) ? 'nothing' : 'close', thread, some)),
  ];
}

function byThread(due: readonly Due[], threadOf: (one: Due) => string): (readonly [string, readonly Due[]])[] {
  const threads = new Map<string, Due[]>();
  for (const one of due) {
    const thread = threadOf(one);
    const some = threads.get(thread);
    if (some === undefined) threads.set(thread, [one]);
    else some.push(one);
  }
  return [...threads];
}

/** By reason, then the longest alarming first, then by title. */
function sorted(due: readonly Due[]): readonly Due[] {
  return [...due].sort(
    (a, b) =>
      DUE_REASONS.indexOf(a.reason) - DUE_REASONS.indexOf(b.reason) ||
      a.alert.since - b.alert.since ||
      compareTexts(a.alert.run.title, b.alert.run.title) ||
      compareTexts(a.alert.key, b.alert.key),
  );
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * Identifies a message by its content: what about which runs, since when, and what was sent about them before. A crash between the
 * delivery and the record of it repeats the same id; the next reminder has another.
 */
function messageId(target: string, due: readonly Due[]): string {
  const parts = due.map(({ reason, alert }) => {
    const sent = deliveryTo(alert, target);
    return JSON.stringify([alert.key, reason, alert.ended?.at ?? alert.since, sent?.at ?? null]);
  });
  return createHash('sha256')
    .update(JSON.stringify([target, parts.sort()]))
    .digest('hex');
}
