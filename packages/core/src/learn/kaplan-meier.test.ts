import { describe, expect, it } from 'vitest';
import { survivalCurve, survivalQuantile } from './kaplan-meier.js';

// scipy 1.17.1: ecdf(CensoredData(uncensored=ENDED, right=CANCELLED)).sf
const ENDED = [90, 45, 60, 60, 300, 75, 120, 88, 1231, 95];
const CANCELLED = [60, 61, 2000, 30, 100];
const SURVIVAL = [
  [45, 0.9285714285714286],
  [60, 0.7857142857142857],
  [75, 0.6984126984126984],
  [88, 0.611111111111111],
  [90, 0.5238095238095237],
  [95, 0.43650793650793646],
  [120, 0.32738095238095233],
  [300, 0.2182539682539682],
  [1231, 0.1091269841269841],
] as const;

const curve = survivalCurve([
  ...CANCELLED.map((time) => ({ time, ended: false })),
  ...ENDED.map((time) => ({ time, ended: true })),
]);

it('gives the steps that scipy gives', () => {
  expect(curve.map(({ time }) => time)).toEqual(SURVIVAL.map(([time]) => time));
  for (const [index, [, share]] of SURVIVAL.entries()) expect(curve[index]?.share).toBeCloseTo(share, 12);
  expect.assertions(1 + SURVIVAL.length);
});

describe('a quantile', () => {
  it('is the first time after which no more than the rest is active', () => {
    expect(survivalQuantile(curve, 0.5)).toBe(95);
    expect(survivalQuantile(curve, 0.85)).toBe(1231);
  });

  it('is unknown where the curve does not fall that far', () => {
    expect(survivalQuantile(curve, 0.95)).toBeUndefined();
    expect(survivalQuantile(survivalCurve([]), 0.5)).toBeUndefined();
  });

  it('is reached by exactly the share', () => {
    const four = survivalCurve([1, 2, 3, 4].map((time) => ({ time, ended: true })));
    expect(survivalQuantile(four, 0.75)).toBe(3);
    expect(survivalQuantile(four, 1)).toBe(4);
  });
});
