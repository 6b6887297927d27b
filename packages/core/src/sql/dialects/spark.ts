import {
  AS_IT_IS,
  backslashLiteral,
  EPOCH_INSTANTS,
  ESCAPE,
  likePattern,
  listOf,
  quotedWith,
  variadic,
} from './common.js';
import type { SqlDialect } from './dialect.js';

/** Spark SQL 3.4 and later, and with it Databricks. `timestamptz` is `timestamp`; labels are a `string` of JSON. */
export const SPARK: SqlDialect = {
  name: 'spark',
  identifier: quotedWith('`'),
  literal: backslashLiteral,
  asText: (value) => `cast(${value} as string)`,
  isOneOf: (text, values) => `${text} in ${listOf(values, backslashLiteral)}`,
  matches: (text, glob) => `${text} like ${backslashLiteral(likePattern(glob))} escape '${ESCAPE}'`,
  jsonText: (json, key) => `from_json(${json}, 'map<string,string>')[${backslashLiteral(key)}]`,
  integer: (value) => (value < 0 ? `(${value}L)` : `${value}L`),
  toInteger: (number) => `cast(round(${number}) as bigint)`,
  noText: 'cast(null as string)',
  noInteger: 'cast(null as bigint)',
  least: variadic('least'),
  greatest: variadic('greatest'),
  skipsNulls: false,
  instants: {
    ...EPOCH_INSTANTS,
    timestamptz: (column) => `unix_millis(${column})`,
    'timestamptz(3)': (column) => `unix_millis(${column})`,
  },
  ...AS_IT_IS,
  barrier: '',
};
