import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { KeyIndex, type Key } from './key-index.js';

/** An index of rows that have these keys. */
function indexOf(keys: readonly Key[]): KeyIndex {
  return new KeyIndex((row, key) => JSON.stringify(keys[row]) === JSON.stringify(key));
}

it('finds every key that was added, and no other, also beyond its first capacity', () => {
  const keys = Array.from({ length: 5000 }, (_, number) => ({
    group: number % 3,
    attempt: 1 + (number % 2),
    id: `run ${Math.floor(number / 6)}`,
  }));
  const index = indexOf(keys);
  expect(keys.map((key, number) => index.findOrAdd(key, number))).toEqual(keys.map(() => undefined));
  expect(keys.map((key) => index.findOrAdd(key, 9_999_999))).toEqual(keys.map((_, number) => number));
});

const key = fc.record({
  group: fc.nat(2),
  attempt: fc.integer({ min: 1, max: 3 }),
  id: fc.string({ unit: 'binary', maxLength: 2 }),
});

it('does as a map does', () => {
  fc.assert(
    fc.property(fc.array(key), (keys) => {
      const index = indexOf(keys);
      const map = new Map<string, number>();
      const expected = keys.map((key, number) => {
        const text = JSON.stringify(key);
        const known = map.get(text);
        if (known === undefined) map.set(text, number);
        return known;
      });
      expect(keys.map((key, number) => index.findOrAdd(key, number))).toEqual(expected);
    }),
  );
});
