import type { DurationMs } from '../duration.js';

/** How many runs took so long: from `from`, up to but not including `to`; the first bar also counts what is shorter. */
export type Bar = { readonly from: DurationMs; readonly to: DurationMs; readonly ended: number; readonly cut: number };

/** How many bars a histogram has at most. */
const MOST_BARS = 10;

/** The factors between two bars, as powers of two; the least that needs no more than `MOST_BARS` is taken. */
const STEPS = [0.25, 0.5, 1, 2, 4];

/** No bar begins below a second. */
const SHORTEST = 1000;

/**
 * How long runs took, in bars whose edges grow by a constant factor, since durations differ by factors. The shortest hundredth does not
 * stretch them. `ended` counts those that ended by
 * themselves, `cut` those that hung.
 */
export function histogram(ended: Iterable<DurationMs>, cut: Iterable<DurationMs>): readonly Bar[] {
  const sorted = Float64Array.from(ended).sort();
  const hung = Float64Array.from(cut).sort();
  if (sorted.length + hung.length === 0) return [];
  const least = Math.max(sorted[Math.floor(sorted.length / 100)] ?? hung[0] ?? 0, SHORTEST);
  const most = Math.max(sorted.at(-1) ?? 0, hung.at(-1) ?? 0, least);
  const step = STEPS.find((step) => place(most, step) - place(least, step) < MOST_BARS) ?? 8;
  const first = place(least, step);
  const bars = Array.from({ length: place(most, step) - first + 1 }, (_, index) => ({
    from: edge(first + index, step),
    to: edge(first + index + 1, step),
    ended: 0,
    cut: 0,
  }));
  const barOf = (time: DurationMs) =>
    bars[Math.max(0, place(Math.max(time, SHORTEST), step) - first)] as (typeof bars)[number];
  for (const time of sorted) barOf(time).ended++;
  for (const time of hung) barOf(time).cut++;
  return bars;
}

function place(time: DurationMs, step: number): number {
  return Math.floor(Math.log2(time / SHORTEST) / step);
}

function edge(place: number, step: number): DurationMs {
  return SHORTEST * 2 ** (place * step);
}
