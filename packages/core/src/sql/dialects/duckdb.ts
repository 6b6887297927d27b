import {
  AS_IT_IS,
  EPOCH_INSTANTS,
  ESCAPE,
  likePattern,
  listOf,
  plainLiteral,
  quotedKey,
  quotedWith,
  variadic,
} from './common.js';
import type { SqlDialect } from './dialect.js';

/** DuckDB 1.0 and later. `timestamptz` is `timestamptz`, or `timestamp` in UTC. */
export const DUCKDB: SqlDialect = {
  name: 'duckdb',
  identifier: quotedWith('"'),
  literal: plainLiteral,
  asText: (value) => `cast(${value} as varchar) collate "C"`,
  isOneOf: (text, values) => `${text} in ${listOf(values, plainLiteral)}`,
  matches: (text, glob) => `${text} like ${plainLiteral(likePattern(glob))} escape '${ESCAPE}'`,
  jsonText: (json, key) => `(${json} ->> ${plainLiteral(`$.${quotedKey(key)}`)})`,
  integer: (value) => `cast(${value} as bigint)`,
  toInteger: (number) => `cast(round(${number}) as bigint)`,
  noText: 'cast(null as varchar)',
  noInteger: 'cast(null as bigint)',
  least: variadic('least'),
  greatest: variadic('greatest'),
  skipsNulls: true,
  instants: {
    ...EPOCH_INSTANTS,
    // `epoch_ms` alone rounds towards 1970.
    timestamptz: (column) => `case when isfinite(${column}) then epoch_ms(date_trunc('milliseconds', ${column})) end`,
    'timestamptz(3)': (column) => `case when isfinite(${column}) then epoch_ms(${column}) end`,
  },
  ...AS_IT_IS,
  barrier: '',
};
