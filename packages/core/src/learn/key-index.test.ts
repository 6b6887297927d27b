import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { KeyIndex } from './key-index.js';

it('finds every key that was added, and no other, also beyond its first capacity', () => {
  const index = new KeyIndex();
  const keys = Array.from({ length: 5000 }, (_, number) => `run ${number * 7}`);
  expect(keys.map((key, number) => index.findOrAdd(key, number))).toEqual(keys.map(() => undefined));
  expect(keys.map((key) => index.findOrAdd(key, 9_999_999))).toEqual(keys.map((_, number) => number));
});

it('does as a map does', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 3 })), (keys) => {
      const index = new KeyIndex();
      const map = new Map<string, number>();
      const expected = keys.map((key, number) => {
        const known = map.get(key);
        if (known === undefined) map.set(key, number);
        return known;
      });
      expect(keys.map((key, number) => index.findOrAdd(key, number))).toEqual(expected);
    }),
  );
});
