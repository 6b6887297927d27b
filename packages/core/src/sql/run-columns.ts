import type { InstantColumns, SqlDialect } from './dialects/dialect.js';
import { isStorable, type SqlColumn, type SqlText } from './sql-text.js';

/**
 * Where a table of runs stores the data for verdicts. Omit a column that the table does not have: then no run has that field.
 *
 * Values are those of the run API; a table with other values is mapped with an expression
 * (`{ sql: "case r.state when 'processing' then 'running' … end" }`), and so is one that has times without a zone
 * (`{ sql: "r.started_at at time zone 'UTC'" }`).
 */
export type RunColumns = {
  /** The alias of the table in your queries. */
  readonly table: string;
  /** What all instants are. */
  readonly instants: InstantColumns;
  /** Never null: a row without a status is in no list. */
  readonly status: SqlColumn;
  readonly outcome?: SqlColumn | undefined;
  readonly source?: SqlColumn | undefined;
  readonly type?: SqlColumn | undefined;
  /** The id of the workspace, which is what rules match. */
  readonly workspace?: SqlColumn | undefined;
  /** The id of the tenant. */
  readonly tenant?: SqlColumn | undefined;
  /** A JSON object of texts (`jsonb` in PostgreSQL). */
  readonly labels?: SqlColumn | undefined;
  readonly hold?: SqlColumn | undefined;
  readonly holdSince?: SqlColumn | undefined;
  /** The instant at which the hold ends by itself: `until` of what the run waits for. */
  readonly waitsUntil?: SqlColumn | undefined;
  readonly queuedAt?: SqlColumn | undefined;
  readonly notBefore?: SqlColumn | undefined;
  readonly startedAt?: SqlColumn | undefined;
  readonly phaseAt?: SqlColumn | undefined;
  readonly heartbeatAt?: SqlColumn | undefined;
  /** In seconds, a number. */
  readonly heartbeatInterval?: SqlColumn | undefined;
  readonly endedAt?: SqlColumn | undefined;
  readonly deadlineAt?: SqlColumn | undefined;
  /** The kind of the flag; null where the run has none. */
  readonly flag?: SqlColumn | undefined;
  readonly flagSince?: SqlColumn | undefined;
  /** The instant of the reconciliation; null where the run has none. */
  readonly reconciledAt?: SqlColumn | undefined;
};

/** The columns of a run that hold an instant. */
export const INSTANT_COLUMNS = [
  'holdSince',
  'waitsUntil',
  'queuedAt',
  'notBefore',
  'startedAt',
  'phaseAt',
  'heartbeatAt',
  'endedAt',
  'deadlineAt',
  'flagSince',
  'reconciledAt',
] as const satisfies readonly (keyof RunColumns)[];

/** A column of a run that may be mapped. */
export type ColumnName = Exclude<keyof RunColumns, 'table' | 'instants'>;

/**
 * How a column is named in a query; `undefined` for one that the table does not have.
 *
 * @throws {RangeError} for a name that no column can have.
 */
export function columnText(columns: RunColumns, name: ColumnName, dialect: SqlDialect): SqlText | undefined {
  const column = columns[name];
  if (column === undefined) return undefined;
  if (typeof column !== 'string') return `(${column.sql})`;
  return `${nameText(columns.table, dialect)}.${nameText(column, dialect)}`;
}

/**
 * A name as an identifier.
 *
 * @throws {RangeError} for a name that no column can have.
 */
export function nameText(name: string, dialect: SqlDialect): SqlText {
  if (name === '' || !isStorable(name)) throw new RangeError(`${JSON.stringify(name)} cannot be the name of a column.`);
  return dialect.identifier(name);
}
