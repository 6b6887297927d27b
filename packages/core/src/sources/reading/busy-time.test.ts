import { describe, expect, it } from 'vitest';
import { lastStretch } from './busy-time.js';

describe('lastStretch', () => {
  it.each([
    ['nothing worked', [], undefined],
    ['one part works', [{ from: 5, to: Infinity }], 5],
    [
      'parts follow each other without a pause',
      [
        { from: 0, to: 50 },
        { from: 55, to: 70 },
      ],
      0,
    ],
    [
      'a pause is as long as allowed',
      [
        { from: 0, to: 50 },
        { from: 60, to: 70 },
      ],
      0,
    ],
    [
      'a pause is longer',
      [
        { from: 0, to: 50 },
        { from: 61, to: 70 },
      ],
      61,
    ],
    [
      'a long part spans the pause of others',
      [
        { from: 0, to: 100 },
        { from: 0, to: 10 },
        { from: 90, to: 95 },
      ],
      0,
    ],
    [
      'parts come in any order',
      [
        { from: 200, to: 210 },
        { from: 0, to: 50 },
      ],
      200,
    ],
  ])('where %s', (_, busy, begin) => {
    expect(lastStretch(busy, 10)).toBe(begin);
  });
});
