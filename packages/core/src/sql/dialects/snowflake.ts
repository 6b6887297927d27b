import { AS_IT_IS, EPOCH_INSTANTS, ESCAPE, likePattern, listOf, plainLiteral, quotedWith, variadic } from './common.js';
import type { SqlText } from '../sql-text.js';
import type { SqlDialect } from './dialect.js';

/** Snowflake. `timestamptz` is `timestamp_tz` or `timestamp_ltz`, or `timestamp_ntz` in UTC; labels are a `variant` or an `object`. */
export const SNOWFLAKE: SqlDialect = {
  name: 'snowflake',
  identifier: quotedWith('"'),
  literal,
  asText: (value) => `collate(cast(${value} as varchar), '')`,
  isOneOf: (text, values) => `${text} in ${listOf(values, literal)}`,
  matches: (text, glob) => `${text} like ${literal(likePattern(glob))} escape '${ESCAPE}'`,
  jsonText: (json, key) => `cast(get(${json}, ${literal(key)}) as varchar)`,
  integer: String,
  toInteger: (number) => `cast(round(${number}) as bigint)`,
  noText: 'cast(null as varchar)',
  noInteger: 'cast(null as bigint)',
  least: variadic('least'),
  greatest: variadic('greatest'),
  skipsNulls: false,
  instants: {
    ...EPOCH_INSTANTS,
    timestamptz: (column) => `date_part(epoch_millisecond, ${column})`,
    'timestamptz(3)': (column) => `date_part(epoch_millisecond, ${column})`,
  },
  ...AS_IT_IS,
  barrier: '',
};

function literal(text: string): SqlText {
  return plainLiteral(text.replaceAll('\\', '\\\\'));
}
