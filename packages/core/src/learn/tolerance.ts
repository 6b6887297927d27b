import { atMost, quantile } from './binomial.js';

/**
 * The rank of the tolerance bound (Wilks): among `size` sorted values, the least rank whose value exceeds a share `share` of all future
 * ones with confidence `confidence`. `undefined` if there are too few values, which is so while share^size > 1 − confidence.
 *
 * Free of any assumption about the distribution: it holds for any mixture, if the future runs are like the past ones.
 */
export function toleranceRank(size: number, share: number, confidence: number): number | undefined {
  if (size < 1) return undefined;
  const rank = quantile({ trials: size, chance: share }, confidence) + 1;
  return rank > size ? undefined : rank;
}

/** The share of all future values that the largest of `size` values exceeds with confidence `confidence`. */
export function shareBelowLargest(size: number, confidence: number): number {
  return (1 - confidence) ** (1 / size);
}

/**
 * The largest rate that `events` in `trials` are compatible with (Clopper and Pearson, one-sided): the true rate is at most this with
 * confidence `confidence`. No events in `trials` give about 3 / `trials` at 95 %, the rule of three.
 */
export function rateAtMost(events: number, trials: number, confidence: number): number {
  if (trials === 0 || events >= trials) return 1;
  let low = events / trials;
  let high = 1;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (atMost({ trials, chance: middle }, events) > 1 - confidence) low = middle;
    else high = middle;
  }
  return high;
}
