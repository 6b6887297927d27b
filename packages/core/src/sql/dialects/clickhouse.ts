import type { SqlText } from '../sql-text.js';
import { AS_IT_IS, backslashLiteral, likePattern, listOf, quotedWith, variadic } from './common.js';
import type { SqlDialect } from './dialect.js';

/** ClickHouse 24 and later. `timestamptz` is `DateTime64` or `DateTime`; labels are a `String` of JSON. */
export const CLICKHOUSE: SqlDialect = {
  name: 'clickhouse',
  identifier: (name) => quotedWith('`')(name.replaceAll('\\', '\\\\')),
  literal: backslashLiteral,
  asText: (value) => `toString(${value})`,
  isOneOf: (text, values) => `${text} in ${listOf(values, backslashLiteral)}`,
  // There is no ESCAPE: the backslash escapes in the pattern.
  matches: (text, glob) => `${text} like ${backslashLiteral(likePattern(glob, /[\\%_]/g, '\\'))}`,
  jsonText: (json, key) =>
    `if(JSONType(assumeNotNull(${json}), ${backslashLiteral(key)}) = 'String', JSONExtractString(assumeNotNull(${json}), ${backslashLiteral(key)}), null)`,
  integer: (value) => `toInt64(${value})`,
  toInteger: (number) => `toInt64(round(${number}))`,
  noText: 'cast(null as Nullable(String))',
  noInteger: 'cast(null as Nullable(Int64))',
  least: variadic('least'),
  greatest: variadic('greatest'),
  skipsNulls: false,
  instants: {
    epoch_ms: (column) => `toInt64(${column})`,
    epoch_s: (column) => `(toInt64(${column}) * 1000)`,
    timestamptz: cut,
    'timestamptz(3)': (column) => `toUnixTimestamp64Milli(toDateTime64(${column}, 3))`,
  },
  ...AS_IT_IS,
  barrier: '',
};

/** Milliseconds, the rest cut towards the past; `toUnixTimestamp64Milli` cuts towards 1970. */
function cut(column: SqlText): SqlText {
  const micros = `toUnixTimestamp64Micro(toDateTime64(${column}, 6))`;
  return `intDiv(${micros} - positiveModulo(${micros}, 1000), 1000)`;
}
