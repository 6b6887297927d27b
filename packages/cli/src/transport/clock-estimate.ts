import type { HeaderReader } from './received-headers.js';

/** What to add to the local clock to get the server's: a value between these bounds, in milliseconds. */
export type OffsetBounds = { readonly lowMs: number; readonly highMs: number };

/** The offset to use and its maximum error, in milliseconds. */
export type ClockEstimate = { readonly offsetMs: number; readonly uncertaintyMs: number };

/** How far apart two samples are at least, in milliseconds; 0 for those that may both hold. */
export function gapBetween(one: OffsetBounds, other: OffsetBounds): number {
  return Math.max(0, one.lowMs - other.highMs, other.lowMs - one.highMs);
}

/** A `Date` header has a resolution of one second and is truncated: the server's clock was up to this much later. */
const DATE_SLACK_MS = 999;

/**
 * What one response shows about the server's clock. The header was written at some time between `sentAtMs` and `respondedAtMs`
 * (local clock, epoch milliseconds). `undefined` if the response has no usable `Date`, comes from a cache (`Age`), or the local
 * clock was set back in between.
 */
export function boundsFromResponse(
  headers: HeaderReader,
  sentAtMs: number,
  respondedAtMs: number,
): OffsetBounds | undefined {
  const dateMs = Date.parse(headers.get('date') ?? '');
  const age = headers.get('age')?.trim() ?? '0';
  if (Number.isNaN(dateMs) || !/^0+$/.test(age) || respondedAtMs < sentAtMs) return undefined;
  return { lowMs: dateMs - respondedAtMs, highMs: dateMs + DATE_SLACK_MS - sentAtMs };
}

/**
 * Adds a sample to the known bounds. Both must hold, so the result is their intersection, which narrows with responses from
 * different parts of a second. If they contradict each other, a clock was set or has drifted, and the newer sample counts.
 */
export function narrowBounds(known: OffsetBounds | undefined, sample: OffsetBounds): OffsetBounds {
  if (known === undefined) return sample;
  const lowMs = Math.max(known.lowMs, sample.lowMs);
  const highMs = Math.min(known.highMs, sample.highMs);
  return lowMs <= highMs ? { lowMs, highMs } : sample;
}

/**
 * The offset to judge by: the midpoint of the bounds, or 0 if 0 lies within them. Then there is no evidence that the clocks differ,
 * and correcting by half a second of mere resolution would make things worse.
 */
export function estimateOffset({ lowMs, highMs }: OffsetBounds): ClockEstimate {
  const offsetMs = lowMs <= 0 && highMs >= 0 ? 0 : Math.round((lowMs + highMs) / 2);
  return { offsetMs, uncertaintyMs: Math.ceil(Math.max(highMs - offsetMs, offsetMs - lowMs)) };
}
