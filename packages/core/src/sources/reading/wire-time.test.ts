import { expect, it } from 'vitest';
import { instantIn } from './wire-time.js';

it.each([
  ['2026-11-23T09:00:00Z', Date.parse('2026-11-23T09:00:00Z')],
  ['2026-11-23 10:00:00+01:00', Date.parse('2026-11-23T09:00:00Z')],
  ['0001-01-01T00:00:00Z', undefined],
  ['', undefined],
  [null, undefined],
  [undefined, undefined],
])('reads %j as an instant', (value, at) => {
  expect(instantIn(value)).toBe(at);
});

it.each(['2026-11-23', '2026-11-23T09:00:00', 'never', 1_795_863_149_000, true, [], {}])(
  'refuses %j: what cannot be read is never taken for none',
  (value) => {
    expect(() => instantIn(value)).toThrow(expect.objectContaining({ code: 'shape' }));
  },
);
