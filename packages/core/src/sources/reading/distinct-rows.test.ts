import { expect, it } from 'vitest';
import { DistinctRows } from './distinct-rows.js';

it('counts a row that comes again once, and keeps what came last', () => {
  const seen = new DistinctRows<{ id?: unknown; at: number }>(({ id }) => id);
  expect(
    seen.add([
      { id: 1, at: 1 },
      { id: '1', at: 2 },
    ]),
  ).toBe(2);
  expect(seen.add([{ id: 1, at: 3 }])).toBe(0);
  expect([seen.size, seen.rows]).toEqual([
    2,
    [
      { id: 1, at: 3 },
      { id: '1', at: 2 },
    ],
  ]);
});

it('counts rows without a key each', () => {
  const seen = new DistinctRows<{ id?: unknown }>(({ id }) => id);
  expect(seen.add([{}, {}, { id: null }])).toBe(3);
  expect(seen.add([{}])).toBe(1);
});
