import type { DurationMs } from '../duration.js';
import { FIRST_INSTANT, formatInstant, LAST_INSTANT } from '../instant.js';
import type { InstantColumns, SqlDialect } from './dialects/dialect.js';
import type { SqlText } from './sql-text.js';

/** Instants and durations in SQL. Sums, differences and comparisons are spelled alike for all kinds; null is never. */
export type SqlTime = {
  readonly read: (column: SqlText) => SqlText;
  /** Whether `read` gives null for some columns that are not. */
  readonly mayFail: boolean;
  /** An instant of the kind of the table. */
  readonly now: (at: SqlText) => SqlText;
  /** An instant that is given in epoch milliseconds, as a number or as an expression. */
  readonly at: (ms: SqlText | number) => SqlText;
  /** An instant in epoch milliseconds. */
  readonly milliseconds: (at: SqlText) => SqlText;
  /** The value of an instant that a table does not have. */
  readonly absent: SqlText;
  readonly first: SqlText;
  /** The first instant past the last. */
  readonly beyond: SqlText;
  /** Before every instant that can be computed, and after every one. */
  readonly always: SqlText;
  readonly never: SqlText;
  readonly duration: (ms: DurationMs) => SqlText;
  /** A number of seconds as a duration, to the millisecond. */
  readonly seconds: (number: SqlText) => SqlText;
};

/** Added to any instant, this is past the last one: effectively never, and a sum that cannot overflow. */
const NEVER_MS = LAST_INSTANT - FIRST_INSTANT;
const HOUR_MS = 3_600_000;
/** PostgreSQL counts from 4713 BC: this much can be subtracted from the year 0. */
const LONGEST_TOLERANCE_MS = 4000 * 365 * 24 * HOUR_MS;
/** More than the sum of the last instant and the longest duration. */
const OUT_OF_TIME_MS = 1_000_000_000_000_000;

/**
 * How to read these instants and calculate with them.
 *
 * @throws {RangeError} for a kind that the database does not have.
 */
export function sqlTime(kind: InstantColumns, dialect: SqlDialect): SqlTime {
  if (dialect.name === 'postgresql' && kind === 'timestamptz') return TIMESTAMPTZ;
  if (dialect.name === 'postgresql' && kind === 'timestamptz(3)') return { ...TIMESTAMPTZ, read: (column) => column };
  const read = dialect.instants[kind];
  if (read !== undefined) return epochMilliseconds(dialect, read, kind !== 'epoch_ms' && kind !== 'epoch_s');
  const kinds = Object.keys(dialect.instants).join(', ');
  throw new RangeError(`Instants of the kind ${kind} do not exist in ${dialect.name}. Use one of ${kinds}.`);
}

/** Rejects what a database cannot subtract from every instant. */
export function checkTolerance(ms: DurationMs): DurationMs {
  if (ms <= LONGEST_TOLERANCE_MS) return ms;
  throw new RangeError('A clock_tolerance of more than 4000 years cannot be compiled to SQL. Shorten it.');
}

const TIMESTAMPTZ: SqlTime = {
  read: (column) => `date_trunc('milliseconds', ${column})`,
  mayFail: false,
  now: (at) => `(${at})::timestamptz`,
  // An interval is computed with floating-point numbers: days and the rest of a day apart are exact.
  at: (ms) =>
    typeof ms === 'number' && ms >= 0
      ? `timestamptz '${formatInstant(ms)}'`
      : `(timestamptz '1970-01-01 00:00:00+00' + (${ms}) / 86400000 * interval '24 hours' + (${ms}) % 86400000 * interval '1 millisecond')`,
  milliseconds: (at) => `(extract(epoch from ${at}) * 1000)::bigint`,
  absent: 'null::timestamptz',
  first: `timestamptz '0001-01-01 00:00:00+00 BC'`,
  beyond: `timestamptz '10000-01-01 00:00:00+00'`,
  always: `timestamptz '-infinity'`,
  never: `timestamptz 'infinity'`,
  // Hours, not days: a day of the calendar may have 23 or 25 of them.
  duration: (ms) => (ms >= NEVER_MS ? 'null::interval' : `interval '${hoursAndSeconds(ms)}'`),
  seconds: (number) => `(round((${number})::numeric * 1000)::bigint * interval '1 millisecond')`,
};

function epochMilliseconds(dialect: SqlDialect, read: SqlTime['read'], mayFail: boolean): SqlTime {
  const { integer, noInteger, toInteger } = dialect;
  return {
    read,
    mayFail,
    now: (at) => (dialect.name === 'postgresql' ? `(${at})::bigint` : `(${at})`),
    at: (ms) => (typeof ms === 'number' ? integer(ms) : `(${ms})`),
    milliseconds: (at) => at,
    absent: noInteger,
    first: integer(FIRST_INSTANT),
    beyond: integer(LAST_INSTANT + 1),
    always: integer(-OUT_OF_TIME_MS),
    never: integer(OUT_OF_TIME_MS),
    duration: (ms) => (ms >= NEVER_MS ? noInteger : integer(ms)),
    seconds: (number) => toInteger(`(${number}) * 1000`),
  };
}

function hoursAndSeconds(ms: DurationMs): string {
  const hours = Math.floor(ms / HOUR_MS);
  const seconds = (ms - hours * HOUR_MS) / 1000;
  return hours === 0 ? `${seconds} seconds` : seconds === 0 ? `${hours} hours` : `${hours} hours ${seconds} seconds`;
}
