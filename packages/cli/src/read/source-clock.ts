import { en, formatSpan, type Instant, type Run } from '@tardy/core';

/** What is known about the clock of a source when a page arrives. */
export type ClockEvidence = {
  readonly localNow: Instant;
  /** The time that the page itself states; preferred to the `Date` header, which a cache or a proxy may have kept. */
  readonly pageNow: Instant | undefined;
  /** The offset measured from `Date` headers, in milliseconds. */
  readonly headerOffsetMs: number | undefined;
  readonly runs: readonly Run[];
  /** The largest offset to trust, in milliseconds. */
  readonly limitMs: number;
};

/** The clock to judge by. */
export type SourceClock = {
  /** Added to the local clock to judge, in milliseconds. */
  readonly offsetMs: number;
  /** The offset of the source's clock as it appears, in milliseconds; `undefined` if nothing shows one. */
  readonly apparentMs: number | undefined;
  /** Why the clock of the source cannot be trusted. The source is then incomplete: its runs may look fresh and be stuck. */
  readonly complaint: string | undefined;
};

/** Smaller offsets are within what networks and second-resolution headers blur. */
const BLUR_MS = 60_000;

/** Chooses the clock to judge a page by. */
export function sourceClock({ localNow, pageNow, headerOffsetMs, runs, limitMs }: ClockEvidence): SourceClock {
  const apparent = pageNow === undefined ? headerOffsetMs : pageNow - localNow;
  const apparentMs = apparent === undefined ? undefined : Math.round(apparent);
  const offsetMs = apparentMs ?? 0;
  if (offsetMs < -BLUR_MS) {
    const newest = newestInstant(runs);
    // Something happened after the "now" of the source, and not in our future: its clock is wrong, ours is not.
    if (newest > localNow + offsetMs + BLUR_MS && newest <= localNow + BLUR_MS) {
      const complaint = `Its clock is ${offsetWords(offsetMs)}, but one of its runs has a later time. Its runs are judged by the clock of this machine. Fix the clock of the source, or the cache or proxy in front of it.`;
      return { offsetMs: 0, apparentMs, complaint };
    }
  }
  if (Math.abs(offsetMs) <= limitMs) return { offsetMs, apparentMs, complaint: undefined };
  return {
    offsetMs,
    apparentMs,
    complaint: `Its clock is ${offsetWords(offsetMs)}. Fix whichever is wrong, or raise --max-clock-offset.`,
  };
}

function offsetWords(offsetMs: number): string {
  return `${formatSpan(Math.abs(offsetMs), en.units)} ${offsetMs < 0 ? 'behind' : 'ahead of'} the clock of this machine`;
}

/** The latest time at which anything happened to a run. */
function newestInstant(runs: readonly Run[]): Instant {
  let newest = -Infinity;
  for (const { queuedAt, startedAt, heartbeatAt, endedAt } of runs) {
    newest = Math.max(newest, queuedAt ?? newest, startedAt ?? newest, heartbeatAt ?? newest, endedAt ?? newest);
  }
  return newest;
}
