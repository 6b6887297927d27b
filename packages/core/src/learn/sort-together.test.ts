import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { sortTogether } from './sort-together.js';

it('sorts as the built-in sort does, and keeps the order of equal keys', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -5, max: 20 }), { maxLength: 40 }), (numbers) => {
      const keys = Float64Array.from(numbers);
      const values = Float64Array.from(numbers.keys());
      sortTogether(keys, values);
      const expected = [...numbers.entries()].sort(([, one], [, other]) => one - other);
      expect([...keys]).toEqual(expected.map(([, key]) => key));
      expect([...values]).toEqual(expected.map(([index]) => index));
    }),
  );
});
