import type { SqlText } from '../sql-text.js';
import { AS_IT_IS, ESCAPE, EPOCH_INSTANTS, likePattern, listOf, quotedWith, variadic } from './common.js';
import type { SqlDialect } from './dialect.js';

/** PostgreSQL 12 and later, PGlite, Citus, Aurora. Instants that are `timestamptz` stay such: see `sql-time.ts`. */
export const POSTGRESQL: SqlDialect = {
  name: 'postgresql',
  identifier: quotedWith('"'),
  literal,
  asText: (value) => `(${value})::text collate "C"`,
  isOneOf: (text, values) => `${text} in ${listOf(values, literal)}`,
  matches: (text, glob) => `${text} like ${literal(likePattern(glob))} escape '${ESCAPE}'`,
  jsonText: (json, key) => `${json} ->> ${literal(key)}`,
  integer: (value) => (value < 0 ? `(${value})::bigint` : `${value}::bigint`),
  toInteger: (number) => `round((${number})::numeric)::bigint`,
  noText: 'null::text',
  noInteger: 'null::bigint',
  least: variadic('least'),
  greatest: variadic('greatest'),
  skipsNulls: true,
  instants: EPOCH_INSTANTS,
  ...AS_IT_IS,
  barrier: 'offset 0',
};

/** The same under either setting of `standard_conforming_strings`. */
function literal(text: string): SqlText {
  const quoted = `'${text.replaceAll("'", "''")}'`;
  return text.includes('\\') ? `E${quoted.replaceAll('\\', '\\\\')}` : quoted;
}
