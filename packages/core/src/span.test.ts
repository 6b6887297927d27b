import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatSpan, remainingSpanChangesIn, spanChangesIn } from './span.js';
import { DAY, HOUR, MINUTE, SECOND } from './test-runs.js';

const units = { s: 's', min: 'min', h: 'h', d: 'd' };

describe('formatSpan', () => {
  it.each([
    { what: 'nothing', ms: 0, text: '0 s' },
    { what: 'less than nothing', ms: -5 * SECOND, text: '0 s' },
    { what: 'seconds', ms: 35_400, text: '35 s' },
    { what: 'a millisecond short of a minute', ms: MINUTE - 1, text: '59 s' },
    { what: 'a minute', ms: MINUTE, text: '1 min' },
    { what: 'minutes, without seconds', ms: 42 * MINUTE + 59 * SECOND, text: '42 min' },
    { what: 'a millisecond short of an hour', ms: HOUR - 1, text: '59 min' },
    { what: 'whole hours', ms: 3 * HOUR, text: '3 h' },
    { what: 'hours and minutes', ms: 3 * HOUR + 12 * MINUTE, text: '3 h 12 min' },
    { what: 'a millisecond short of a day', ms: DAY - 1, text: '23 h 59 min' },
    { what: 'whole days', ms: 2 * DAY + 59 * MINUTE, text: '2 d' },
    { what: 'days and hours', ms: 2 * DAY + 3 * HOUR, text: '2 d 3 h' },
  ])('says $what as $text', ({ ms, text }) => {
    expect(formatSpan(ms, units)).toBe(text);
  });
});

describe('spanChangesIn', () => {
  it('is when the words will next differ, and not before', () => {
    fc.assert(
      fc.property(fc.oneof(fc.integer({ min: -MINUTE, max: 2 * HOUR }), fc.nat({ max: 3 * DAY })), (ms) => {
        const wait = spanChangesIn(ms);
        expect(wait).toBeGreaterThan(0);
        expect(formatSpan(ms + wait - 1, units)).toBe(formatSpan(ms, units));
        expect(formatSpan(ms + wait, units)).not.toBe(formatSpan(ms, units));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('remainingSpanChangesIn', () => {
  it('is when the words will next differ, and not before', () => {
    fc.assert(
      fc.property(fc.oneof(fc.integer({ min: 1000, max: 2 * HOUR }), fc.integer({ min: 1000, max: 3 * DAY })), (ms) => {
        const wait = remainingSpanChangesIn(ms);
        expect(wait).toBeGreaterThan(0);
        expect(formatSpan(ms - wait + 1, units)).toBe(formatSpan(ms, units));
        expect(formatSpan(ms - wait, units)).not.toBe(formatSpan(ms, units));
      }),
      { numRuns: 2000 },
    );
  });
});
