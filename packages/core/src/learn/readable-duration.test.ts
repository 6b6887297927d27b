import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatDuration, parseDuration } from '../duration.js';
import { readableDuration } from './readable-duration.js';

it.each([
  ['1m3s', '1m5s'],
  ['2m', '2m'],
  ['5m7s', '5m30s'],
  ['14m42s', '15m'],
  ['30m4s', '31m'],
  ['1h31m20s', '1h35m'],
  ['5h24m', '5h30m'],
  ['1d1h1m', '1d2h'],
  ['3d1m', '3d6h'],
  ['20d1h', '21d'],
])('%s is written as %s', (exact, readable) => {
  expect(formatDuration(readableDuration(parseDuration(exact) ?? NaN))).toBe(readable);
});

it('is never shorter, and hardly longer', () => {
  fc.assert(
    fc.property(fc.integer({ min: 60_000, max: 90 * 86_400_000 }), (ms) => {
      const readable = readableDuration(ms);
      expect(readable).toBeGreaterThanOrEqual(ms);
      expect(readable).toBeLessThan(ms * 1.26);
      expect(readableDuration(readable)).toBe(readable);
    }),
  );
});
