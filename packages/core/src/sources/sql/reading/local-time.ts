import { parseInstant } from '../../../instant.js';
import type { Instant } from '../../../run.js';

const HOUR_MS = 3_600_000;

/** Whether the text names a time zone: `UTC`, `Z`, a fixed offset, or an IANA name that this machine knows. */
export function isZone(text: string): boolean {
  if (offsetMs(text) !== undefined) return true;
  try {
    formatOf(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * Makes the reader of times without a zone (`2026-11-28 09:00:00`), which are in `zone`; it gives `undefined` for what is no such time.
 *
 * A time that a clock shows twice, because it was set back, is the earlier one of the two: the run then looks older, never younger.
 */
export function localTimeReader(zone: string): (text: string) => Instant | undefined {
  const fixed = offsetMs(zone);
  if (fixed !== undefined) return (text) => shift(asIfUtc(text), fixed);
  const format = formatOf(zone);
  const offsets = new Map<number, number>();
  return (text) => {
    const local = asIfUtc(text);
    if (local === undefined) return undefined;
    // Offsets change at most once in an hour, at its beginning or its middle: each half hour is looked up once.
    const slot = Math.floor(local / (HOUR_MS / 2));
    const known = offsets.get(slot);
    if (known !== undefined) return local - known;
    const offset = largestOffset(format, local);
    offsets.set(slot, offset);
    return local - offset;
  };
}

/** The largest of the offsets that are in force around a local time and show it, since that makes it the earliest. */
function largestOffset(format: Intl.DateTimeFormat, local: number): number {
  const near = [-26, 26].map((hours) => offsetAt(format, local + hours * HOUR_MS));
  const fitting = near.filter((offset) => offsetAt(format, local - offset) === offset);
  return Math.max(...(fitting.length === 0 ? near : fitting));
}

function offsetAt(format: Intl.DateTimeFormat, at: Instant): number {
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000;
}

function formatOf(zone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
}

function asIfUtc(text: string): Instant | undefined {
  return parseInstant(`${text}Z`);
}

function shift(local: Instant | undefined, offset: number): Instant | undefined {
  return local === undefined ? undefined : local - offset;
}

/** Milliseconds east of UTC; `undefined` unless the zone is a fixed one. */
function offsetMs(zone: string): number | undefined {
  if (/^(?:UTC|Z|GMT)$/i.test(zone)) return 0;
  const [, sign, hours, minutes] = /^([+-])([01]\d|2[0-3]):([0-5]\d)$/.exec(zone) ?? [];
  if (sign === undefined) return undefined;
  return (sign === '-' ? -1 : 1) * (Number(hours) * HOUR_MS + Number(minutes) * 60_000);
}
