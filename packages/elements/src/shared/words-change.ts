import { isActive, remainingSpanChangesIn, spanChangesIn, type Instant } from '@tardy/core';
import type { StoreRun } from '../store/ops-store.js';

/** The next instant at which the words for a run differ, such as `42 min` turning into `43 min`. */
export function wordsChangeAt({ run, freshness }: StoreRun, now: Instant): Instant {
  let next = Infinity;
  const consider = (at: Instant | undefined) => {
    if (at === undefined) return;
    const wait = at > now ? remainingSpanChangesIn(at - now) : spanChangesIn(now - at);
    next = Math.min(next, now + wait);
  };
  consider(freshness.since);
  if (isActive(run)) {
    consider(freshness.startAt);
    consider(run.startedAt ?? run.queuedAt);
    if (freshness.silent || freshness.vouched) consider(run.heartbeatAt);
  }
  return next;
}
