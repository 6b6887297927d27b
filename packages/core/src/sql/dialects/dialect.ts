import type { SqlText } from '../sql-text.js';

/** The databases that a policy can be compiled for. `postgresql` covers PGlite, Citus and Aurora, `mysql` MariaDB. */
export const SQL_DIALECTS = [
  'postgresql',
  'mysql',
  'sqlite',
  'duckdb',
  'clickhouse',
  'spark',
  'trino',
  'snowflake',
  'bigquery',
  'sqlserver',
] as const;

/** The name of a dialect. */
export type SqlDialectName = (typeof SQL_DIALECTS)[number];

/**
 * How a table writes instants.
 *
 * - `timestamptz`: the type of the database for an instant, read as UTC where it has no zone. What lies below the millisecond is cut,
 *   as `parseInstant` and `Date` cut it. The page of each dialect names the type.
 * - `timestamptz(3)`: the same where there is nothing to cut.
 * - `epoch_ms`, `epoch_s`: whole milliseconds or seconds since 1970, an integer.
 * - `text`: as ISO 8601 has it, with a space or a `T`, UTC unless it names an offset (SQLite only).
 */
export type InstantColumns = 'timestamptz' | 'timestamptz(3)' | 'epoch_ms' | 'epoch_s' | 'text';

/** What differs between databases, as functions from text to text. Conditions may be null, which counts as false. */
export type SqlDialect = {
  readonly name: SqlDialectName;
  /** A name, exactly as given, whatever characters and case it has. */
  readonly identifier: (name: string) => SqlText;
  /** A text as a literal; nothing in it can end the literal. */
  readonly literal: (text: string) => SqlText;
  /** Any value as text that compares by its characters alone. */
  readonly asText: (value: SqlText) => SqlText;
  /** A condition: the text is one of these, byte by byte, whatever the collation of the column. */
  readonly isOneOf: (text: SqlText, values: readonly string[]) => SqlText;
  /** A condition: the text matches the glob as `matchesGlob` has it, case-sensitive whatever the collation of the column. */
  readonly matches: (text: SqlText, glob: string) => SqlText;
  /** A member of a JSON object as text; null where it is missing. */
  readonly jsonText: (json: SqlText, key: string) => SqlText;
  /** An integer of 64 bits. */
  readonly integer: (value: number) => SqlText;
  /** A number rounded to an integer of 64 bits. */
  readonly toInteger: (number: SqlText) => SqlText;
  /** A null that has a type. */
  readonly noText: SqlText;
  readonly noInteger: SqlText;
  /** The least or the greatest of several. What becomes of nulls says `skipsNulls`. */
  readonly least: (values: readonly SqlText[]) => SqlText;
  readonly greatest: (values: readonly SqlText[]) => SqlText;
  /** Whether `least` and `greatest` ignore nulls; otherwise they never get one. */
  readonly skipsNulls: boolean;
  /** A column as epoch milliseconds; null for what cannot be read. A kind that is missing does not exist in this database. */
  readonly instants: Partial<Readonly<Record<InstantColumns, (column: SqlText) => SqlText>>>;
  /** A condition as a value that a derived table can have, and such a value as a condition. */
  readonly boolean: (condition: SqlText) => SqlText;
  readonly isTrue: (value: SqlText) => SqlText;
  /** What ends a derived table so that it is computed once and not copied into wherever its columns are used. */
  readonly barrier: SqlText;
};
