import { describe, expect, it } from 'vitest';
import { timeReader } from './sql-time.js';

const at = Date.parse('2026-11-28T15:00:00.123Z');

describe('a time of the database', () => {
  it.each([
    ['2026-11-28 15:00:00.123456+00'],
    ['2026-11-28 16:00:00.123+01'],
    ['2026-11-28 20:30:00.123+05:30'],
    ['2026-11-28 20:30:00.123+0530'],
    ['2026-11-28T15:00:00.123Z'],
    ['2026-11-28 15:00:00.123 +00:00'],
  ])('with an offset, %s, is an instant whatever the zone', (text) => {
    expect(timeReader({ instants: 'timestamp' })(text)).toBe(at);
    expect(timeReader({ instants: 'timestamp', zone: 'Asia/Tokyo' })(text)).toBe(at);
  });

  it('without an offset is in the zone that is named', () => {
    expect(timeReader({ instants: 'timestamp', zone: 'UTC' })('2026-11-28 15:00:00.123456')).toBe(at);
    expect(timeReader({ instants: 'timestamp', zone: 'Europe/Berlin' })('2026-11-28 16:00:00.123')).toBe(at);
  });

  it.each([
    ['epoch_s' as const, '1795878000.1239', 1_795_878_000_123],
    ['epoch_s' as const, 1_795_878_000, 1_795_878_000_000],
    ['epoch_ms' as const, '1795878000123', 1_795_878_000_123],
  ])('counted as %s', (instants, value, expected) => {
    expect(timeReader({ instants })(value)).toBe(expected);
  });

  it.each([null, undefined, ''])('that is %j is none', (value) => {
    for (const instants of ['timestamp', 'epoch_s', 'epoch_ms'] as const) {
      expect(timeReader({ instants })(value)).toBeUndefined();
    }
  });

  it('of zero seconds is none', () => {
    expect(timeReader({ instants: 'epoch_s' })('0')).toBeUndefined();
  });

  it.each<[Parameters<typeof timeReader>[0], unknown, string]>([
    [
      { instants: 'timestamp' },
      '2026-11-28 15:00:00',
      'has no time zone; name the one that it was written in: zone: UTC',
    ],
    [{ instants: 'timestamp' }, 'infinity', 'is no date with a time'],
    [{ instants: 'timestamp', zone: 'UTC' }, '2026-11-28', 'is no date with a time'],
    [{ instants: 'timestamp' }, '1795878000', 'say what it counts: instants: epoch_s or epoch_ms'],
    [{ instants: 'timestamp' }, 1_795_878_000, 'say what it counts: instants: epoch_s or epoch_ms'],
    [{ instants: 'epoch_s' }, '1795878000123', 'is it in milliseconds?'],
    [{ instants: 'epoch_ms' }, '1795878000', 'is it in seconds?'],
    [{ instants: 'epoch_s' }, 'soon', 'is no number (instants: epoch_s)'],
    [{ instants: 'epoch_s' }, -5, 'no likely time'],
  ])('as %j is not %j', (times, value, message) => {
    expect(() => timeReader(times)(value)).toThrow(RangeError);
    expect(() => timeReader(times)(value)).toThrow(message);
  });
});
