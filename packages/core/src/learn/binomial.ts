/** A binomial distribution: `trials` independent tries that succeed with probability `chance`. */
export type Binomial = { readonly trials: number; readonly chance: number };

/** The share of the largest weight below which the remaining ones change no digit of a sum. */
const NEGLIGIBLE = 1e-40;

/**
 * P(X ≤ `count`), exact to about 1e-12.
 *
 * Sums the probabilities relative to that of the mode, from the mode outwards, and divides by their total: no factorial can overflow,
 * no power can underflow, and the work grows with the standard deviation, not with `trials`.
 */
export function atMost(distribution: Binomial, count: number): number {
  const { trials } = distribution;
  if (count < 0) return 0;
  if (count >= trials) return 1;
  const { first, weights, total } = weightsOf(distribution);
  let sum = 0;
  for (let index = 0; index < weights.length && first + index <= count; index++) sum += weights[index] as number;
  return sum / total;
}

/** P(X ≥ `count`). */
export function atLeast({ trials, chance }: Binomial, count: number): number {
  return atMost({ trials, chance: 1 - chance }, trials - count);
}

/** The least count `k` with P(X ≤ k) ≥ `share`, as `scipy.stats.binom.ppf`. */
export function quantile(distribution: Binomial, share: number): number {
  const { first, weights, total } = weightsOf(distribution);
  let sum = 0;
  for (let index = 0; index < weights.length; index++) {
    sum += weights[index] as number;
    if (sum / total >= share) return first + index;
  }
  return distribution.trials;
}

/** The probabilities that count, as multiples of the largest, in the order of the counts that begin at `first`. */
function weightsOf({ trials, chance }: Binomial): {
  readonly first: number;
  readonly weights: readonly number[];
  readonly total: number;
} {
  const mode = Math.min(trials, Math.floor((trials + 1) * chance));
  const below: number[] = [];
  for (let count = mode, weight = 1; count > 0; count--) {
    weight *= (count / (trials - count + 1)) * ((1 - chance) / chance);
    if (weight < NEGLIGIBLE) break;
    below.push(weight);
  }
  const above: number[] = [1];
  for (let count = mode, weight = 1; count < trials; count++) {
    weight *= ((trials - count) / (count + 1)) * (chance / (1 - chance));
    if (weight < NEGLIGIBLE) break;
    above.push(weight);
  }
  const rising = [...below].reverse();
  const weights = [...rising, ...above];
  // The small ones first, so that they are not lost.
  let total = 0;
  for (const weight of rising) total += weight;
  for (const weight of [...above].reverse()) total += weight;
  return { first: mode - below.length, weights, total };
}
