import { isActive, spanChangesIn, type Instant } from '@tardy/core';
import type { StoreRun } from '../store/ops-store.js';

/** The next instant at which what is said of a run differs, such as `42 min` turning into `43 min`. */
export function wordsChangeAt({ run, freshness }: StoreRun, now: Instant): Instant {
  let next = Infinity;
  const consider = (at: Instant | undefined) => {
    if (at === undefined) return;
    // A span that shrinks changes just after a whole unit, one that grows at it.
    const wait = at > now ? spanLeftChangesIn(at - now) : spanChangesIn(now - at);
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

function spanLeftChangesIn(ms: number): number {
  const step = ms < 60_000 ? 1000 : ms < 86_400_000 ? 60_000 : 3_600_000;
  return (ms % step) + 1;
}
