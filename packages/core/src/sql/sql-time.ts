import type { DurationMs } from '../duration.js';
import { FIRST_INSTANT, LAST_INSTANT } from '../instant.js';
import type { SqlText } from './sql-text.js';

/**
 * How a table writes instants: `timestamptz` (microseconds, cut to the millisecond as `parseInstant` and `Date` cut them), `timestamptz(3)`
 * where there is nothing to cut, or `epoch_ms`, a bigint.
 */
export type InstantColumns = 'timestamptz' | 'timestamptz(3)' | 'epoch_ms';

/** Instants and durations in SQL. Sums, differences and comparisons are spelled alike for all kinds; null is never. */
export type SqlTime = {
  readonly read: (column: SqlText) => SqlText;
  readonly now: (text: SqlText) => SqlText;
  /** The value of an instant that a table does not have. */
  readonly absent: SqlText;
  readonly first: SqlText;
  /** The first instant past the last. */
  readonly beyond: SqlText;
  readonly duration: (ms: DurationMs) => SqlText;
  /** A number of seconds as a duration, to the millisecond. */
  readonly seconds: (number: SqlText) => SqlText;
};

/** Added to any instant, this is past the last one: effectively never, and a sum that cannot overflow. */
const NEVER_MS = LAST_INSTANT - FIRST_INSTANT;
const HOUR_MS = 3_600_000;
/** PostgreSQL counts from 4713 BC: this much can be subtracted from the year 0. */
const LONGEST_TOLERANCE_MS = 4000 * 365 * 24 * HOUR_MS;

/** How to read these instants and calculate with them. */
export function sqlTime(kind: InstantColumns): SqlTime {
  return kind === 'epoch_ms' ? EPOCH_MS : kind === 'timestamptz' ? TIMESTAMPTZ : { ...TIMESTAMPTZ, read: as };
}

/** Rejects what a database cannot subtract from every instant. */
export function checkTolerance(ms: DurationMs): DurationMs {
  if (ms <= LONGEST_TOLERANCE_MS) return ms;
  throw new RangeError('A clock_tolerance of more than 4000 years cannot be compiled to SQL. Shorten it.');
}

const TIMESTAMPTZ: SqlTime = {
  read: (column) => `date_trunc('milliseconds', ${column})`,
  now: (text) => `(${text})::timestamptz`,
  absent: 'null::timestamptz',
  first: `timestamptz '0001-01-01 00:00:00+00 BC'`,
  beyond: `timestamptz '10000-01-01 00:00:00+00'`,
  // Hours, not days: a day of the calendar may have 23 or 25 of them.
  duration: (ms) => (ms >= NEVER_MS ? 'null::interval' : `interval '${hoursAndSeconds(ms)}'`),
  seconds: (number) => `(round((${number})::numeric * 1000)::bigint * interval '1 millisecond')`,
};

const EPOCH_MS: SqlTime = {
  read: as,
  now: (text) => `(${text})::bigint`,
  absent: 'null::bigint',
  first: `(${FIRST_INSTANT})::bigint`,
  beyond: `${LAST_INSTANT + 1}::bigint`,
  duration: (ms) => (ms >= NEVER_MS ? 'null::bigint' : `${ms}::bigint`),
  seconds: (number) => `round((${number})::numeric * 1000)::bigint`,
};

function as(column: SqlText): SqlText {
  return column;
}

function hoursAndSeconds(ms: DurationMs): string {
  const hours = Math.floor(ms / HOUR_MS);
  const seconds = (ms - hours * HOUR_MS) / 1000;
  return hours === 0 ? `${seconds} seconds` : seconds === 0 ? `${hours} hours` : `${hours} hours ${seconds} seconds`;
}
