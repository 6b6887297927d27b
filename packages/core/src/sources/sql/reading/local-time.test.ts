import { describe, expect, it } from 'vitest';
import { isZone, localTimeReader } from './local-time.js';

const utc = (text: string) => Date.parse(text);

describe('a time without a zone', () => {
  it.each([
    ['UTC', '2026-07-01 12:00:00', '2026-07-01T12:00:00Z'],
    ['+05:30', '2026-07-01 12:00:00', '2026-07-01T06:30:00Z'],
    ['-08:00', '2026-07-01T12:00:00.5', '2026-07-01T20:00:00.500Z'],
    ['Europe/Berlin', '2026-07-01 12:00:00.123456', '2026-07-01T10:00:00.123Z'],
    ['Europe/Berlin', '2026-01-01 12:00:00', '2026-01-01T11:00:00Z'],
    ['America/New_York', '2026-07-01 12:00:00', '2026-07-01T16:00:00Z'],
    ['Australia/Lord_Howe', '2026-01-01 12:00:00', '2026-01-01T01:00:00Z'],
  ])('in %s: %s', (zone, text, expected) => {
    expect(localTimeReader(zone)(text)).toBe(utc(expected));
  });

  it.each([
    ['that a clock shows twice is the earlier one', '2026-10-25 02:30:00', '2026-10-25T00:30:00Z'],
    ['just before that', '2026-10-25 01:59:59.999', '2026-10-24T23:59:59.999Z'],
    ['just after that', '2026-10-25 03:00:00', '2026-10-25T02:00:00Z'],
    ['that no clock shows is the earlier of the two that it may mean', '2026-03-29 02:30:00', '2026-03-29T00:30:00Z'],
    ['just before that', '2026-03-29 01:59:59', '2026-03-29T00:59:59Z'],
    ['just after that', '2026-03-29 03:00:00', '2026-03-29T01:00:00Z'],
  ])('%s: %s', (_, text, expected) => {
    expect(localTimeReader('Europe/Berlin')(text)).toBe(utc(expected));
  });

  it('is read alike in whatever order times come', () => {
    const read = localTimeReader('Europe/Berlin');
    const texts = ['2026-10-25 03:00:00', '2026-10-25 02:30:00', '2026-10-25 01:30:00', '2026-10-25 02:59:59'];
    const once = texts.map((text) => read(text));
    expect([...texts].reverse().map((text) => read(text))).toEqual([...once].reverse());
  });

  it.each(['yesterday', '2026-13-01 00:00:00', '2026-07-01', 'infinity'])('is not %s', (text) => {
    expect(localTimeReader('Europe/Berlin')(text)).toBeUndefined();
    expect(localTimeReader('UTC')(text)).toBeUndefined();
  });

  it.each([
    ['UTC', true],
    ['+01:00', true],
    ['Europe/Berlin', true],
    ['Berlin', false],
    ['+1', false],
    ['', false],
  ])('the zone "%s" exists: %s', (zone, exists) => {
    expect(isZone(zone)).toBe(exists);
  });
});
