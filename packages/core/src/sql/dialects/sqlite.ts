import type { SqlText } from '../sql-text.js';
import { AS_IT_IS, EPOCH_INSTANTS, listOf, plainLiteral, quotedWith, variadic } from './common.js';
import type { SqlDialect } from './dialect.js';

/** SQLite 3.38 and later, which has no type for instants: `text` is what its own functions and most frameworks write. */
export const SQLITE: SqlDialect = {
  name: 'sqlite',
  identifier: quotedWith('"'),
  literal: plainLiteral,
  asText: (value) => `cast(${value} as text)`,
  isOneOf: (text, values) => `${text} collate binary in ${listOf(values, plainLiteral)}`,
  // Of LIKE, case-sensitivity depends on a setting; GLOB is case-sensitive, and `[` opens a set of characters.
  matches: (text, glob) => `${text} glob ${plainLiteral(glob.replaceAll('[', '[[]'))}`,
  // A text that begins with `$` is a path, any other a key.
  jsonText: (json, key) => `(${json} ->> ${plainLiteral(key.startsWith('$') ? `$."${key}"` : key)})`,
  integer: String,
  toInteger: (number) => `cast(round(${number}) as integer)`,
  noText: 'cast(null as text)',
  noInteger: 'cast(null as integer)',
  least: variadic('min'),
  greatest: variadic('max'),
  skipsNulls: false,
  instants: { ...EPOCH_INSTANTS, text },
  ...AS_IT_IS,
  barrier: 'limit -1',
};

/** Seconds and fraction apart, since the functions of SQLite round to the millisecond. */
function text(column: SqlText): SqlText {
  const fraction = `case substr(${column}, 20, 1) when '.' then cast(cast('0.' || substr(${column}, 21) as real) * 1000 + 0.0001 as integer) else 0 end`;
  return `(cast(strftime('%s', substr(${column}, 1, 19) || ltrim(substr(${column}, 20), '.0123456789')) as integer) * 1000 + ${fraction})`;
}
