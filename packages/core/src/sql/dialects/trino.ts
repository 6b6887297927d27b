import type { SqlText } from '../sql-text.js';
import { AS_IT_IS, EPOCH_INSTANTS, ESCAPE, likePattern, listOf, plainLiteral, quotedWith, variadic } from './common.js';
import type { SqlDialect } from './dialect.js';

/** Trino, and with it Athena. `timestamptz` is `timestamp with time zone`; labels are `json`, or a `varchar` of JSON. */
export const TRINO: SqlDialect = {
  name: 'trino',
  identifier: quotedWith('"'),
  literal: plainLiteral,
  asText: (value) => `cast(${value} as varchar)`,
  isOneOf: (text, values) => `${text} in ${listOf(values, plainLiteral)}`,
  matches: (text, glob) => `${text} like ${plainLiteral(likePattern(glob))} escape '${ESCAPE}'`,
  jsonText: (json, key) => `json_extract_scalar(${json}, ${plainLiteral(`$["${key.replace(/["\\]/g, '\\$&')}"]`)})`,
  integer: (value) => `bigint '${value}'`,
  toInteger: (number) => `cast(round(${number}) as bigint)`,
  noText: 'cast(null as varchar)',
  noInteger: 'cast(null as bigint)',
  least: variadic('least'),
  greatest: variadic('greatest'),
  skipsNulls: false,
  instants: { ...EPOCH_INSTANTS, timestamptz: milliseconds, 'timestamptz(3)': milliseconds },
  ...AS_IT_IS,
  barrier: '',
};

function milliseconds(column: SqlText): SqlText {
  return `date_diff('millisecond', timestamp '1970-01-01 00:00:00 UTC', date_trunc('millisecond', ${column}))`;
}
