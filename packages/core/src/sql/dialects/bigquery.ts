import type { SqlText } from '../sql-text.js';
import { AS_IT_IS, EPOCH_INSTANTS, likePattern, listOf, quotedKey, variadic } from './common.js';
import type { SqlDialect } from './dialect.js';

/** BigQuery. `timestamptz` is `timestamp`; labels are `json`, or a `string` of JSON. */
export const BIGQUERY: SqlDialect = {
  name: 'bigquery',
  identifier: (name) => `\`${name.replace(/[`\\]/g, '\\$&')}\``,
  literal,
  asText: (value) => `cast(${value} as string)`,
  isOneOf: (text, values) => `${text} in ${listOf(values, literal)}`,
  // There is no ESCAPE: the backslash escapes in the pattern.
  matches: (text, glob) => `${text} like ${literal(likePattern(glob, /[\\%_]/g, '\\'))}`,
  jsonText: (json, key) => `json_value(${json}, ${literal(`$.${quotedKey(key)}`)})`,
  integer: (value) => (value < 0 ? `(${value})` : String(value)),
  toInteger: (number) => `cast(round(${number}) as int64)`,
  noText: 'cast(null as string)',
  noInteger: 'cast(null as int64)',
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

/** Controls are escaped: a line cannot end within quotes. */
function literal(text: string): SqlText {
  const escaped = text
    .replace(/['\\]/g, '\\$&')
    .replace(/\p{Cc}/gu, (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return `'${escaped}'`;
}
