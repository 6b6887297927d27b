import { expect, it } from 'vitest';
import { rateAtMost, shareBelowLargest, toleranceRank } from './tolerance.js';

// scipy 1.17.1: int(binom.ppf(confidence, size, share)) + 1, undefined where that exceeds the size.
it.each([
  [20, 0.86, 0.95, 20],
  [58, 0.95, 0.95, undefined],
  [59, 0.95, 0.95, 59],
  [92, 0.95, 0.95, 92],
  [298, 0.99, 0.95, undefined],
  [299, 0.99, 0.95, 299],
  [473, 0.99, 0.95, 472],
  [597, 0.995, 0.95, undefined],
  [598, 0.995, 0.95, 598],
  [812, 0.99, 0.95, 809],
  [812, 0.995, 0.95, 812],
  [2995, 0.999, 0.95, 2995],
  [4467, 0.99, 0.95, 4434],
  [4467, 0.995, 0.95, 4453],
  [4467, 0.995, 0.99, 4456],
  [100_000, 0.995, 0.95, 99_537],
  [1_000_000, 0.995, 0.95, 995_117],
  [1_000_000, 0.99, 0.5, 990_001],
  [0, 0.5, 0.95, undefined],
])('of %i values, the share %f with confidence %f has the rank that scipy gives', (size, share, confidence, rank) => {
  expect(toleranceRank(size, share, confidence)).toBe(rank);
});

// scipy 1.17.1: beta.ppf(confidence, events + 1, trials - events).
it.each([
  [0, 100, 0.95, 0.029513049607039925],
  [0, 3000, 0.95, 0.0009980790119965865],
  [3, 25_138, 0.95, 0.00030841448952770534],
  [4, 27_766, 0.95, 0.00032963587053804415],
  [10, 3567, 0.95, 0.004750677242657487],
  [1, 20, 0.99, 0.2887903679930198],
])(
  '%i events in %i trials allow, with confidence %f, the rate that scipy gives',
  (events, trials, confidence, rate) => {
    expect(Math.abs(rateAtMost(events, trials, confidence) / rate - 1)).toBeLessThan(1e-9);
  },
);

it('allows any rate where everything happened, or nothing was tried', () => {
  expect(rateAtMost(5, 5, 0.95)).toBe(1);
  expect(rateAtMost(0, 0, 0.95)).toBe(1);
});

it('says what little the longest of a few runs covers', () => {
  expect(shareBelowLargest(20, 0.95)).toBeCloseTo(0.861, 3);
  expect(shareBelowLargest(598, 0.95)).toBeCloseTo(0.995, 3);
});
