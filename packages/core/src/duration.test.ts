import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration } from './duration.js';
import { DAY, HOUR, MINUTE, SECOND } from './test-runs.js';

describe('parseDuration', () => {
  it.each([
    { what: 'seconds', text: '90s', ms: 90 * SECOND },
    { what: 'minutes', text: '15m', ms: 15 * MINUTE },
    { what: 'hours', text: '2h', ms: 2 * HOUR },
    { what: 'days and hours', text: '1d12h', ms: 36 * HOUR },
    { what: 'milliseconds, which are no minutes', text: '250ms', ms: 250 },
    { what: 'every unit', text: '1d2h3m4s5ms', ms: DAY + 2 * HOUR + 3 * MINUTE + 4 * SECOND + 5 },
    { what: 'a fraction', text: '1.5h', ms: 90 * MINUTE },
    { what: 'nothing at all', text: '0s', ms: 0 },
    { what: 'never', text: 'never', ms: Infinity },
    { what: 'minutes in ISO 8601', text: 'PT15M', ms: 15 * MINUTE },
    { what: 'days and hours in ISO 8601', text: 'P1DT12H', ms: 36 * HOUR },
    { what: 'weeks in ISO 8601', text: 'P2W', ms: 14 * DAY },
    { what: 'a fraction in ISO 8601', text: 'PT0.5S', ms: 500 },
    { what: 'as never what no calendar reaches', text: '999999999999d', ms: Infinity },
  ])('reads $what', ({ text, ms }) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each([
    { what: 'no text', text: '' },
    { what: 'a number without a unit', text: '90' },
    { what: 'a unit without a number', text: 'm' },
    { what: 'a negative length', text: '-5m' },
    { what: 'a space', text: '1d 12h' },
    { what: 'units in the wrong order', text: '12h1d' },
    { what: 'a unit twice', text: '1h1h' },
    { what: 'capitals', text: '5M' },
    { what: 'words', text: '5 minutes' },
    { what: 'a fraction of a millisecond', text: '0.5ms' },
    { what: 'a comma', text: '1,5h' },
    { what: 'months, whose length is unknown', text: 'P1M' },
    { what: 'years, whose length is unknown', text: 'P1Y' },
    { what: 'ISO 8601 without any length', text: 'P' },
    { what: 'ISO 8601 without any time', text: 'PT' },
    { what: 'ISO 8601 that ends at its T', text: 'P1DT' },
    { what: 'Never with a capital', text: 'Never' },
  ])('refuses $what', ({ text }) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});

describe('formatDuration', () => {
  it.each([
    { what: 'seconds that fill a minute', ms: 90 * SECOND, text: '1m30s' },
    { what: 'only the units that it needs', ms: DAY + 5 * MINUTE, text: '1d5m' },
    { what: 'milliseconds', ms: 1, text: '1ms' },
    { what: 'nothing', ms: 0, text: '0s' },
    { what: 'less than half a millisecond as nothing', ms: 0.4, text: '0s' },
    { what: 'a negative length as nothing', ms: -5, text: '0s' },
    { what: 'never', ms: Infinity, text: 'never' },
  ])('writes $what', ({ ms, text }) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it('writes what parseDuration reads back', () => {
    fc.assert(
      fc.property(fc.oneof(fc.nat(), fc.nat({ max: 8_640_000_000_000_000 })), (ms) => {
        expect(parseDuration(formatDuration(ms))).toBe(ms);
      }),
      { numRuns: 2000 },
    );
  });
});
