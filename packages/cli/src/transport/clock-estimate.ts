import type { HeaderReader } from './received-headers.js';

/** What to add to the local clock to get the server's: some value between these bounds, in milliseconds. */
export type OffsetBounds = { readonly lowMs: number; readonly highMs: number };

/** The offset to use, and how far off it may be at most. Both in milliseconds. */
export type ClockEstimate = { readonly offsetMs: number; readonly uncertaintyMs: number };

/** A `Date` header has a resolution of one second and is cut, not rounded: the server's clock stood up to this much later. */
const DATE_SLACK_MS = 999;

/**
 * What one answer tells about the server's clock. The header was written at some moment between `sentAtMs` and `answeredAtMs`
 * (local clock, epoch milliseconds). `undefined` when the answer has no usable `Date`, comes out of a cache (`Age`), or
 * the local clock was set back meanwhile.
 */
export function boundsFromAnswer(
  headers: HeaderReader,
  sentAtMs: number,
  answeredAtMs: number,
): OffsetBounds | undefined {
  const dateMs = Date.parse(headers.get('date') ?? '');
  const age = headers.get('age')?.trim() ?? '0';
  if (Number.isNaN(dateMs) || !/^0+$/.test(age) || answeredAtMs < sentAtMs) return undefined;
  return { lowMs: dateMs - answeredAtMs, highMs: dateMs + DATE_SLACK_MS - sentAtMs };
}

/**
 * Adds a sample to what is known: both must hold, so the bounds become their intersection, which sharpens with answers that
 * fall on different parts of a second. Where they contradict one another a clock was set or has drifted, and the newer counts.
 */
export function narrowBounds(known: OffsetBounds | undefined, sample: OffsetBounds): OffsetBounds {
  if (known === undefined) return sample;
  const lowMs = Math.max(known.lowMs, sample.lowMs);
  const highMs = Math.min(known.highMs, sample.highMs);
  return lowMs <= highMs ? { lowMs, highMs } : sample;
}

/**
 * The offset to judge by: the midpoint of the bounds. But where 0 lies within them there is no evidence that the clocks
 * differ, and correcting by half a second of mere resolution would make things worse: then it is 0.
 */
export function estimateOffset({ lowMs, highMs }: OffsetBounds): ClockEstimate {
  const offsetMs = lowMs <= 0 && highMs >= 0 ? 0 : Math.round((lowMs + highMs) / 2);
  return { offsetMs, uncertaintyMs: Math.ceil(Math.max(highMs - offsetMs, offsetMs - lowMs)) };
}
