import { POSTGRESQL } from './dialects/postgresql.js';
import { nameText } from './run-columns.js';
import { isStorable, type SqlText } from './sql-text.js';

/** A name as an identifier of PostgreSQL: exactly this column, whatever characters and case it has. */
export function identifier(name: string): SqlText {
  return nameText(name, POSTGRESQL);
}

/** A text as a literal of PostgreSQL; nothing in it can end the literal, under either setting of `standard_conforming_strings`. */
export function textLiteral(text: string): SqlText {
  if (!isStorable(text)) throw new RangeError(`${JSON.stringify(text)} cannot be written in SQL.`);
  return POSTGRESQL.literal(text);
}
