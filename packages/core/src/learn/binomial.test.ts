import { expect, it } from 'vitest';
import { atLeast, atMost } from './binomial.js';

// scipy 1.17.1: binom.cdf(count, trials, chance) and binom.sf(count - 1, trials, chance).
it.each([
  [0, 10, 0.5, 0.0009765625, 1],
  [3, 10, 0.3, 0.6496107184000002, 0.6172172136000003],
  [9, 10, 0.9, 0.6513215599, 0.7360989291000001],
  [26, 25_138, 0.001, 0.6188390869606939, 0.45805684050968437],
  [3, 25_138, 0.001, 3.581478089368884e-8, 0.9999999959053992],
  [0, 3000, 0.001, 0.049712393998036286, 1],
  [44, 4514, 0.005, 0.9999804926947541, 3.986137293442386e-5],
  [4960, 1_000_000, 0.005, 0.2882823106354512, 0.7165507174998504],
  [5141, 1_000_000, 0.005, 0.977204308109636, 0.0235661379060247],
])('of %i in %i tries with chance %f: as scipy', (count, trials, chance, below, above) => {
  expect(Math.abs(atMost({ trials, chance }, count) - below) / below).toBeLessThan(1e-9);
  expect(Math.abs(atLeast({ trials, chance }, count) - above) / above).toBeLessThan(1e-9);
});

it('knows what cannot be otherwise', () => {
  const dice = { trials: 6, chance: 1 / 6 };
  expect(atMost(dice, -1)).toBe(0);
  expect(atMost(dice, 6)).toBe(1);
  expect(atLeast(dice, 0)).toBe(1);
  expect(atLeast(dice, 7)).toBe(0);
});
