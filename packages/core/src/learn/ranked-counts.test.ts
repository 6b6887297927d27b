import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { RankedCounts } from './ranked-counts.js';

it('gives the k-th smallest of what was added, however it was added', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(40), { maxLength: 60 }), (ranks) => {
      const counts = new RankedCounts(41);
      const seen = ranks.map((rank, index) => {
        counts.add(rank);
        return Array.from({ length: index + 1 }, (_, position) => counts.at(position + 1));
      });
      expect(counts.size).toBe(ranks.length);
      expect(seen).toEqual(ranks.map((_, index) => ranks.slice(0, index + 1).sort((one, other) => one - other)));
    }),
  );
});

it('holds nothing at first', () => {
  expect(new RankedCounts(0).size).toBe(0);
});
