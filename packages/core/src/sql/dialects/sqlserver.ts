import type { SqlText } from '../sql-text.js';
import { EPOCH_INSTANTS, ESCAPE, likePattern, listOf, plainLiteral, quotedKey } from './common.js';
import type { SqlDialect } from './dialect.js';

/** SQL Server 2019 and later, Azure SQL. `timestamptz` is `datetimeoffset`, or `datetime2` in UTC; labels are an `nvarchar` of JSON. */
export const SQLSERVER: SqlDialect = {
  name: 'sqlserver',
  identifier: (name) => `[${name.replaceAll(']', ']]')}]`,
  literal,
  // The collation compares code points, and with `_SC` one character is a code point.
  asText: (value) => `cast(${value} as nvarchar(4000)) collate Latin1_General_100_CS_AS_KS_WS_SC`,
  // Compared as bytes: spaces at the end count.
  isOneOf: (text, values) =>
    `cast(cast(${text} as nvarchar(4000)) as varbinary(8000)) in ${listOf(values, (value) => `cast(${literal(value)} as varbinary(8000))`)}`,
  matches: (text, glob) => `${text} like ${literal(likePattern(glob, /[!%_[]/g))} escape '${ESCAPE}'`,
  jsonText: (json, key) => `json_value(${json}, ${literal(`$.${quotedKey(key)}`)})`,
  integer: (value) => `cast(${value} as bigint)`,
  toInteger: (number) => `cast(round(${number}, 0) as bigint)`,
  noText: 'cast(null as nvarchar(4000))',
  noInteger: 'cast(null as bigint)',
  least: (values) => ofValues('min', values),
  greatest: (values) => ofValues('max', values),
  skipsNulls: true,
  instants: { ...EPOCH_INSTANTS, timestamptz: milliseconds, 'timestamptz(3)': milliseconds },
  // A condition is not a value.
  boolean: (condition) => `case when ${condition} then 1 else 0 end`,
  isTrue: (value) => `(${value} = 1)`,
  barrier: '',
};

function literal(text: string): SqlText {
  return `N${plainLiteral(text)}`;
}

function ofValues(aggregate: string, values: readonly SqlText[]): SqlText {
  return `(select ${aggregate}(tardy_value) from (values ${values.map((value) => `(${value})`).join(', ')}) tardy_values (tardy_value))`;
}

/** Boundaries of milliseconds crossed since 1970, by UTC. */
function milliseconds(column: SqlText): SqlText {
  return `datediff_big(millisecond, '1970-01-01', ${column})`;
}
