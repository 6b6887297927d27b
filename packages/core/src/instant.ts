import type { Instant } from './run.js';

/** The last instant that RFC 3339 can write, the end of the year 9999. */
export const LAST_INSTANT: Instant = 253_402_300_799_999;

/** The first instant that RFC 3339 can write, the beginning of the year 0. */
export const FIRST_INSTANT: Instant = -62_167_219_200_000;

const DAYS_BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

/**
 * Reads an RFC 3339 instant that names its offset, in epoch milliseconds; `undefined` for anything else.
 *
 * A time without an offset is an error of its source and is never guessed. Digits past the millisecond are cut. What lies
 * outside the years 0000 to 9999 in UTC is refused, since it could not be written again.
 * Written by hand since `Date.parse` takes half of the time of reading a page of runs, and accepts more than RFC 3339.
 */
export function parseInstant(text: string): Instant | undefined {
  const length = text.length;
  if (length < 20 || length > 40) return undefined;
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 2);
  const day = digits(text, 8, 2);
  const hour = digits(text, 11, 2);
  const minute = digits(text, 14, 2);
  const second = digits(text, 17, 2);
  const separator = text[10];
  if ((year | month | day | hour | minute | second) < 0) return undefined;
  if (text[4] !== '-' || text[7] !== '-' || text[13] !== ':' || text[16] !== ':') return undefined;
  if (separator !== 'T' && separator !== 't' && separator !== ' ') return undefined;
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month) || hour > 23 || minute > 59 || second > 60) {
    return undefined;
  }
  let end = 19;
  let fraction = 0;
  if (text[end] === '.') {
    let scale = 100;
    const first = ++end;
    for (let code = text.charCodeAt(end); code >= 48 && code <= 57; code = text.charCodeAt(++end)) {
      fraction += (code - 48) * scale;
      scale = scale === 1 ? 0 : scale / 10;
    }
    if (end === first) return undefined;
  }
  const offset = parseOffset(text, end);
  if (offset === undefined) return undefined;
  const minutes = (daysSinceEpoch(year, month, day) * 24 + hour) * 60 + minute - offset;
  const at = minutes * 60_000 + second * 1000 + fraction;
  return at >= FIRST_INSTANT && at <= LAST_INSTANT ? at : undefined;
}

/** The instant in UTC, RFC 3339; without a fraction when it falls on a second. Nothing past `LAST_INSTANT` can be written. */
export function formatInstant(at: Instant): string {
  const text = new Date(at).toISOString();
  return text.endsWith('.000Z') ? `${text.slice(0, -5)}Z` : text;
}

function parseOffset(text: string, at: number): number | undefined {
  const sign = text[at];
  if (sign === 'Z' || sign === 'z') return at + 1 === text.length ? 0 : undefined;
  if (sign !== '+' && sign !== '-') return undefined;
  if (text.length !== at + 6 || text[at + 3] !== ':') return undefined;
  const hours = digits(text, at + 1, 2);
  const minutes = digits(text, at + 4, 2);
  if (hours < 0 || minutes < 0 || hours > 23 || minutes > 59) return undefined;
  return sign === '-' ? -(hours * 60 + minutes) : hours * 60 + minutes;
}

function digits(text: string, from: number, count: number): number {
  let value = 0;
  for (let index = from; index < from + count; index++) {
    const digit = text.charCodeAt(index) - 48;
    if (!(digit >= 0 && digit <= 9)) return -1;
    value = value * 10 + digit;
  }
  return value;
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

function daysIn(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function daysSinceEpoch(year: number, month: number, day: number): number {
  const before = year - 1;
  const leapDays = Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400);
  const dayOfYear = (DAYS_BEFORE_MONTH[month - 1] ?? 0) + day - 1 + (month > 2 && isLeap(year) ? 1 : 0);
  return before * 365 + leapDays + dayOfYear - 719_162;
}
