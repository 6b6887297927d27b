import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { MINUTE } from '../test-runs.js';
import { histogram } from './histogram.js';

it('counts every run in the bar that its time falls into', () => {
  const time = fc.integer({ min: 0, max: 40 * 86_400_000 });
  fc.assert(
    fc.property(fc.array(time, { minLength: 1, maxLength: 50 }), fc.array(time, { maxLength: 5 }), (ended, cut) => {
      const bars = histogram(ended, cut);
      expect(bars.length).toBeLessThanOrEqual(10);
      const counted = (times: readonly number[]) =>
        bars.map(({ from, to }, index) => times.filter((one) => (index === 0 || one >= from) && one < to).length);
      expect(bars.map((bar) => bar.ended)).toEqual(counted(ended));
      expect(bars.map((bar) => bar.cut)).toEqual(counted(cut));
    }),
  );
});

it('has bars of one shape, and none without runs', () => {
  const bars = histogram([5 * MINUTE, 8 * MINUTE, 10 * MINUTE], [360 * MINUTE]);
  expect(bars.map(({ ended, cut }) => [ended, cut])).toEqual([
    [2, 0],
    [1, 0],
    [0, 0],
    [0, 0],
    [0, 0],
    [0, 0],
    [0, 1],
  ]);
  expect(histogram([], [])).toEqual([]);
});
