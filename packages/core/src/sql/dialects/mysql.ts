import type { SqlText } from '../sql-text.js';
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

/**
 * MySQL 8 and MariaDB 10.5 and later. `timestamptz` is `datetime` in UTC, or `timestamp` in a session whose time zone is UTC.
 *
 * Texts are compared as bytes, since the usual collations ignore case, accents and spaces at the end.
 */
export const MYSQL: SqlDialect = {
  name: 'mysql',
  identifier: quotedWith('`'),
  literal,
  asText: (value) => `convert(${value} using utf8mb4)`,
  isOneOf: (text, values) => `cast(${text} as binary) in ${listOf(values, literal)}`,
  matches: (text, glob) =>
    `convert(${text} using utf8mb4) collate utf8mb4_bin like ${literal(likePattern(glob))} escape '${ESCAPE}'`,
  jsonText: (json, key) => `json_unquote(json_extract(${json}, ${literal(`$.${quotedKey(key)}`)}))`,
  integer: String,
  toInteger: (number) => `cast(round(${number}) as signed)`,
  noText: 'cast(null as char)',
  noInteger: 'cast(null as signed)',
  least: variadic('least'),
  greatest: variadic('greatest'),
  skipsNulls: false,
  instants: {
    ...EPOCH_INSTANTS,
    timestamptz: (column) => `cast(floor(timestampdiff(microsecond, '1970-01-01', ${column}) / 1000) as signed)`,
    'timestamptz(3)': (column) => `(timestampdiff(microsecond, '1970-01-01', ${column}) div 1000)`,
  },
  ...AS_IT_IS,
  barrier: 'limit 18446744073709551615',
};

/** A backslash only escapes under some settings, so that it is never written. */
function literal(text: string): SqlText {
  const parts = text.split('\\').map(plainLiteral);
  return parts.length === 1 ? String(parts[0]) : `concat(${parts.join(', char(92 using utf8mb4), ')})`;
}
