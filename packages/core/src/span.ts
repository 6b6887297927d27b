/** The four units that a length of time is written in. */
export type SpanUnits = { readonly s: string; readonly min: string; readonly h: string; readonly d: string };

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/**
 * A length of time in words, cut (never rounded up) to its two largest units: `35 s`, `42 min`, `3 h 12 min`, `2 d 3 h`.
 *
 * `Intl.DurationFormat` is missing in Node 20, so the units come with the messages.
 */
export function formatSpan(ms: number, units: SpanUnits): string {
  if (ms < MINUTE_MS) return `${Math.max(0, Math.floor(ms / 1000))} ${units.s}`;
  if (ms < HOUR_MS) return `${Math.floor(ms / MINUTE_MS)} ${units.min}`;
  if (ms < DAY_MS) return pair(ms, HOUR_MS, units.h, MINUTE_MS, units.min);
  return pair(ms, DAY_MS, units.d, HOUR_MS, units.h);
}

/** When the words of `formatSpan` next differ, in milliseconds from now, for a length of time that grows. */
export function spanChangesIn(ms: number): number {
  if (ms < 0) return 1000 - ms;
  const step = smallestUnit(ms);
  return step - (ms % step);
}

/** The same for a length of time that shrinks: its words differ just after a full unit. `ms` is positive. */
export function remainingSpanChangesIn(ms: number): number {
  return (ms % smallestUnit(ms)) + 1;
}

/** The smallest unit that `formatSpan` writes for this length of time, in milliseconds. */
function smallestUnit(ms: number): number {
  return ms < MINUTE_MS ? 1000 : ms < DAY_MS ? MINUTE_MS : HOUR_MS;
}

function pair(ms: number, large: number, largeUnit: string, small: number, smallUnit: string): string {
  const rest = Math.floor((ms % large) / small);
  const head = `${Math.floor(ms / large)} ${largeUnit}`;
  return rest === 0 ? head : `${head} ${rest} ${smallUnit}`;
}
