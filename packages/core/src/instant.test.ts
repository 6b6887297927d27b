import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatInstant, LAST_INSTANT, parseInstant } from './instant.js';
import { anyInstant } from './test-arbitraries.js';

describe('parseInstant', () => {
  it.each([
    { what: 'UTC', text: '2026-11-23T09:00:00Z', utc: '2026-11-23T09:00:00.000Z' },
    { what: 'small letters', text: '2026-11-23t09:00:00z', utc: '2026-11-23T09:00:00.000Z' },
    { what: 'a space for the T', text: '2026-11-23 09:00:00Z', utc: '2026-11-23T09:00:00.000Z' },
    { what: 'an offset east', text: '2026-11-23T09:00:00+05:30', utc: '2026-11-23T03:30:00.000Z' },
    { what: 'an offset west into the next year', text: '2026-12-31T20:00:00-08:00', utc: '2027-01-01T04:00:00.000Z' },
    { what: 'an offset of nothing', text: '1970-01-01T00:00:00-00:00', utc: '1970-01-01T00:00:00.000Z' },
    { what: 'tenths', text: '2026-11-23T09:00:00.5Z', utc: '2026-11-23T09:00:00.500Z' },
    { what: 'nanoseconds, cut', text: '2026-11-23T09:00:00.123999999Z', utc: '2026-11-23T09:00:00.123Z' },
    { what: 'a leap day', text: '2024-02-29T00:00:00Z', utc: '2024-02-29T00:00:00.000Z' },
    { what: 'the leap day of a century', text: '2000-02-29T00:00:00Z', utc: '2000-02-29T00:00:00.000Z' },
    { what: 'a leap second, as the next second', text: '2016-12-31T23:59:60Z', utc: '2017-01-01T00:00:00.000Z' },
    { what: 'the first instant', text: '0000-01-01T00:00:00Z', utc: '0000-01-01T00:00:00.000Z' },
    { what: 'the last instant', text: '9999-12-31T23:59:59.999Z', utc: '9999-12-31T23:59:59.999Z' },
  ])('reads $what', ({ text, utc }) => {
    const at = parseInstant(text);
    expect(at === undefined ? undefined : new Date(at).toISOString()).toBe(utc);
  });

  it.each([
    { what: 'a time without an offset', text: '2026-11-23T09:00:00' },
    { what: 'a time without an offset but with a fraction', text: '2026-11-23T09:00:00.123' },
    { what: 'a date', text: '2026-11-23' },
    { what: 'no text', text: '' },
    { what: 'a time without seconds', text: '2026-11-23T09:00Z' },
    { what: 'an offset without a colon', text: '2026-11-23T09:00:00+0100' },
    { what: 'an offset of hours only', text: '2026-11-23T09:00:00+01' },
    { what: 'an offset past a day', text: '2026-11-23T09:00:00+24:00' },
    { what: 'an offset of 60 minutes', text: '2026-11-23T09:00:00+01:60' },
    { what: 'the name of a zone', text: '2026-11-23T09:00:00 UTC' },
    { what: 'something after the Z', text: '2026-11-23T09:00:00Z ' },
    { what: 'something after the offset', text: '2026-11-23T09:00:00+01:00Z' },
    { what: 'a point without digits', text: '2026-11-23T09:00:00.Z' },
    { what: 'a comma for the point', text: '2026-11-23T09:00:00,5Z' },
    { what: 'more digits than anyone measures', text: `2026-11-23T09:00:00.${'1'.repeat(30)}Z` },
    { what: 'month 0', text: '2026-00-23T09:00:00Z' },
    { what: 'month 13', text: '2026-13-23T09:00:00Z' },
    { what: 'day 0', text: '2026-11-00T09:00:00Z' },
    { what: '31 November', text: '2026-11-31T09:00:00Z' },
    { what: '29 February of a common year', text: '2026-02-29T09:00:00Z' },
    { what: '29 February of a common century', text: '2100-02-29T09:00:00Z' },
    { what: 'hour 24', text: '2026-11-23T24:00:00Z' },
    { what: 'minute 60', text: '2026-11-23T09:60:00Z' },
    { what: 'second 61', text: '2026-11-23T09:00:61Z' },
    { what: 'a zero character for the T', text: '2026-11-23\u{0}09:00:00Z' },
    { what: 'slashes', text: '2026/11/23T09:00:00Z' },
    { what: 'a point for the colon', text: '2026-11-23T09.00.00Z' },
    { what: 'a signed year', text: '+002026-11-23T09:00:00Z' },
    { what: 'digits of another script', text: '٢٠٢٦-11-23T09:00:00Z' },
    { what: 'seconds since 1970', text: '1795424400' },
    { what: 'a year past 9999 by its offset', text: '9999-12-31T23:59:59-00:01' },
    { what: 'a year before 0000 by its offset', text: '0000-01-01T00:00:00+00:01' },
  ])('refuses $what', ({ text }) => {
    expect(parseInstant(text)).toBeUndefined();
  });

  it('agrees with Date.parse on every time with an offset', () => {
    const two = (value: number) => String(value).padStart(2, '0');
    const offset = fc
      .tuple(fc.constantFrom('+', '-'), fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
      .map(([sign, hours, minutes]) => `${sign}${two(hours)}:${two(minutes)}`);
    const year = { min: Date.UTC(1, 0, 1), max: LAST_INSTANT - 2 * 86_400_000 };
    fc.assert(
      fc.property(fc.integer(year), fc.oneof(offset, fc.constant('Z')), fc.boolean(), (at, zone, withFraction) => {
        const text = new Date(at).toISOString().slice(0, withFraction ? 23 : 19) + zone;
        expect(parseInstant(text)).toBe(Date.parse(text));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('formatInstant', () => {
  it.each([
    { what: 'no fraction on a second', at: Date.UTC(2026, 10, 23, 9), text: '2026-11-23T09:00:00Z' },
    { what: 'milliseconds otherwise', at: Date.UTC(2026, 10, 23, 9, 0, 0, 40), text: '2026-11-23T09:00:00.040Z' },
  ])('writes $what', ({ at, text }) => {
    expect(formatInstant(at)).toBe(text);
  });

  it('writes what parseInstant reads back', () => {
    fc.assert(
      fc.property(anyInstant, (at) => {
        expect(parseInstant(formatInstant(at))).toBe(at);
      }),
      { numRuns: 2000 },
    );
  });
});
