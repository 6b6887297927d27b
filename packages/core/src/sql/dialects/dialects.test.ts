import { describe, expect, it } from 'vitest';
import { SQL_DIALECTS, type SqlDialectName } from './dialect.js';
import { sqlDialect } from './index.js';

/** How each dialect writes a text, a name, a glob, a label and numbers that are as awkward as they can be. */
const WRITTEN: Readonly<Record<SqlDialectName, Readonly<Record<string, string>>>> = {
  postgresql: {
    literal: String.raw`E'it''s a \\ in "é"'`,
    identifier: '"a ""b"" `c` [d]"',
    oneOf: `x in ('a', 'it''s')`,
    glob: String.raw`x like E'a!%!_!!\\[%_' escape '!'`,
    label: `l ->> 'a"b'`,
    minus: '(-5)::bigint',
    rounded: 'round((x)::numeric)::bigint',
    least: 'least(x, y)',
    boolean: 'x = 1',
    text: '(x)::text collate "C"',
  },
  mysql: {
    literal: `concat('it''s a ', char(92 using utf8mb4), ' in "é"')`,
    identifier: '`a "b" ``c`` [d]`',
    oneOf: `cast(x as binary) in ('a', 'it''s')`,
    glob: `convert(x using utf8mb4) collate utf8mb4_bin like concat('a!%!_!!', char(92 using utf8mb4), '[%_') escape '!'`,
    label: `json_unquote(json_extract(l, concat('$."a', char(92 using utf8mb4), '"b"')))`,
    minus: '-5',
    rounded: 'cast(round(x) as signed)',
    least: 'least(x, y)',
    boolean: 'x = 1',
    text: 'convert(x using utf8mb4)',
  },
  sqlite: {
    literal: String.raw`'it''s a \ in "é"'`,
    identifier: '"a ""b"" `c` [d]"',
    oneOf: `x collate binary in ('a', 'it''s')`,
    glob: String.raw`x glob 'a%_!\[[]*?'`,
    label: `(l ->> 'a"b')`,
    minus: '-5',
    rounded: 'cast(round(x) as integer)',
    least: 'min(x, y)',
    boolean: 'x = 1',
    text: 'cast(x as text)',
  },
  duckdb: {
    literal: String.raw`'it''s a \ in "é"'`,
    identifier: '"a ""b"" `c` [d]"',
    oneOf: `x in ('a', 'it''s')`,
    glob: String.raw`x like 'a!%!_!!\[%_' escape '!'`,
    label: String.raw`(l ->> '$."a\"b"')`,
    minus: 'cast(-5 as bigint)',
    rounded: 'cast(round(x) as bigint)',
    least: 'least(x, y)',
    boolean: 'x = 1',
    text: 'cast(x as varchar) collate "C"',
  },
  clickhouse: {
    literal: String.raw`'it\'s a \\ in "é"'`,
    identifier: '`a "b" ``c`` [d]`',
    oneOf: String.raw`x in ('a', 'it\'s')`,
    glob: String.raw`x like 'a\\%\\_!\\\\[%_'`,
    label: `if(JSONType(assumeNotNull(l), 'a"b') = 'String', JSONExtractString(assumeNotNull(l), 'a"b'), null)`,
    minus: 'toInt64(-5)',
    rounded: 'toInt64(round(x))',
    least: 'least(x, y)',
    boolean: 'x = 1',
    text: 'toString(x)',
  },
  spark: {
    literal: String.raw`'it\'s a \\ in "é"'`,
    identifier: '`a "b" ``c`` [d]`',
    oneOf: String.raw`x in ('a', 'it\'s')`,
    glob: String.raw`x like 'a!%!_!!\\[%_' escape '!'`,
    label: `from_json(l, 'map<string,string>')['a"b']`,
    minus: '(-5L)',
    rounded: 'cast(round(x) as bigint)',
    least: 'least(x, y)',
    boolean: 'x = 1',
    text: 'cast(x as string)',
  },
  trino: {
    literal: String.raw`'it''s a \ in "é"'`,
    identifier: '"a ""b"" `c` [d]"',
    oneOf: `x in ('a', 'it''s')`,
    glob: String.raw`x like 'a!%!_!!\[%_' escape '!'`,
    label: String.raw`json_extract_scalar(l, '$["a\"b"]')`,
    minus: `bigint '-5'`,
    rounded: 'cast(round(x) as bigint)',
    least: 'least(x, y)',
    boolean: 'x = 1',
    text: 'cast(x as varchar)',
  },
  snowflake: {
    literal: String.raw`'it''s a \\ in "é"'`,
    identifier: '"a ""b"" `c` [d]"',
    oneOf: `x in ('a', 'it''s')`,
    glob: String.raw`x like 'a!%!_!!\\[%_' escape '!'`,
    label: `cast(get(l, 'a"b') as varchar)`,
    minus: '-5',
    rounded: 'cast(round(x) as bigint)',
    least: 'least(x, y)',
    boolean: 'x = 1',
    text: `collate(cast(x as varchar), '')`,
  },
  bigquery: {
    literal: String.raw`'it\'s a \\ in "é"'`,
    identifier: '`a "b" \\`c\\` [d]`',
    oneOf: String.raw`x in ('a', 'it\'s')`,
    glob: String.raw`x like 'a\\%\\_!\\\\[%_'`,
    label: String.raw`json_value(l, '$."a\\"b"')`,
    minus: '(-5)',
    rounded: 'cast(round(x) as int64)',
    least: 'least(x, y)',
    boolean: 'x = 1',
    text: 'cast(x as string)',
  },
  sqlserver: {
    literal: String.raw`N'it''s a \ in "é"'`,
    identifier: '[a "b" `c` [d]]]',
    oneOf: `cast(cast(x as nvarchar(4000)) as varbinary(8000)) in (cast(N'a' as varbinary(8000)), cast(N'it''s' as varbinary(8000)))`,
    glob: String.raw`x like N'a!%!_!!\![%_' escape '!'`,
    label: String.raw`json_value(l, N'$."a\"b"')`,
    minus: 'cast(-5 as bigint)',
    rounded: 'cast(round(x, 0) as bigint)',
    least: '(select min(tardy_value) from (values (x), (y)) tardy_values (tardy_value))',
    boolean: 'case when x = 1 then 1 else 0 end',
    text: 'cast(x as nvarchar(4000)) collate Latin1_General_100_CS_AS_KS_WS_SC',
  },
};

describe.each(SQL_DIALECTS)('the dialect %s', (name) => {
  const dialect = sqlDialect(name);

  it('writes what means something to it so that it means nothing', () => {
    expect({
      literal: dialect.literal(String.raw`it's a \ in "é"`),
      identifier: dialect.identifier('a "b" `c` [d]'),
      oneOf: dialect.isOneOf('x', ['a', "it's"]),
      glob: dialect.matches('x', 'a%_!\\[*?'),
      label: dialect.jsonText('l', 'a"b'),
      minus: dialect.integer(-5),
      rounded: dialect.toInteger('x'),
      least: dialect.least(['x', 'y']),
      boolean: dialect.boolean('x = 1'),
      text: dialect.asText('x'),
    }).toEqual(WRITTEN[name]);
    expect([dialect.name, dialect.least(['x']).includes('x'), dialect.greatest(['x', 'y'])]).toEqual([
      name,
      true,
      dialect.least(['x', 'y']).replace('min', 'max').replace('least', 'greatest'),
    ]);
  });

  it('has instants in seconds and milliseconds', () => {
    expect(Object.keys(dialect.instants)).toEqual(expect.arrayContaining(['epoch_ms', 'epoch_s']));
    expect(dialect.instants.epoch_s?.('x')).toContain('* 1000');
  });
});
