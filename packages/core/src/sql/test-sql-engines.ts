import { DuckDBInstance } from '@duckdb/node-api';
import { DatabaseSync } from '@photostructure/sqlite';
import type { Instant } from '../run.js';
import type { InstantColumns, SqlDialectName } from './dialects/dialect.js';
import { sqlDialect } from './dialects/index.js';
import type { SqlText } from './sql-text.js';
import { openProgram, programEngines } from './test-sql-programs.js';
import { testDatabases, type TestDatabase } from './test-sql-databases.js';

/** How an engine stores a kind of instants. */
type StoredInstants = {
  readonly kind: InstantColumns;
  readonly type: string;
  /** The literal of an instant; `micros` is what is below its millisecond. */
  readonly literal: (at: Instant, micros: string) => SqlText;
  /** The first and the last instant that the type has, where it is not every one of RFC 3339. */
  readonly span?: readonly [Instant, Instant] | undefined;
};

/** A database that the tests compile for. */
export type TestEngine = {
  readonly name: string;
  readonly dialect: SqlDialectName;
  readonly instants: readonly StoredInstants[];
  readonly types: Readonly<Record<'text' | 'json' | 'number' | 'integer', string>>;
  /** How many policies a property compares; an engine that takes seconds for a query gets few, with more rows each. */
  readonly policies: number;
  /** Statements that make a table of these rows, which may exist. */
  readonly fill: (
    table: string,
    columns: Readonly<Record<string, string>>,
    rows: readonly (readonly SqlText[])[],
  ) => SqlText[];
  readonly open: () => Promise<Pick<TestDatabase, 'query' | 'close'>>;
};

const EPOCH_MS: StoredInstants = { kind: 'epoch_ms', type: 'bigint', literal: (at) => String(at) };
const EPOCH_S: StoredInstants = { kind: 'epoch_s', type: 'bigint', literal: (at) => String(at / 1000) };

/** `2026-11-23 09:00:00.123456`, as databases write an instant in UTC. */
function plain(at: Instant, micros: string): string {
  return `${new Date(at).toISOString().replace('T', ' ').replace('Z', '')}${micros}`;
}

function withTable(prefix: string) {
  return (table: string, columns: Readonly<Record<string, string>>, rows: readonly (readonly SqlText[])[]) => [
    `drop table if exists ${table}`,
    `create ${prefix} ${table} (${Object.entries(columns)
      .map(([name, type]) => `${name} ${type}`)
      .join(', ')})`,
    `insert into ${table} values ${rows.map((row) => `(${row.join(', ')})`).join(', ')}`,
  ];
}

/** Complete years of the calendar, for types that do not have all. */
function years(first: number, last: number): readonly [Instant, Instant] {
  return [Date.UTC(first, 0, 1), Date.UTC(last + 1, 0, 1) - 1];
}

const POSTGRESQL: readonly TestEngine[] = testDatabases().map(({ name, open }) => ({
  name,
  dialect: 'postgresql',
  instants: [
    {
      kind: 'timestamptz',
      type: 'timestamptz',
      literal: (at, micros) => `'${plain(at, micros)}Z'`,
      span: years(1, 9999),
    },
    { kind: 'timestamptz(3)', type: 'timestamptz(3)', literal: (at) => `'${plain(at, '')}Z'`, span: years(1, 9999) },
    EPOCH_MS,
    EPOCH_S,
  ],
  types: { text: 'text', json: 'jsonb', number: 'double precision', integer: 'integer' },
  policies: 15,
  fill: withTable('temporary table'),
  open,
}));

const DUCKDB: TestEngine = {
  name: 'DuckDB',
  dialect: 'duckdb',
  instants: [
    {
      kind: 'timestamptz',
      type: 'timestamptz',
      literal: (at, micros) => `'${plain(at, micros)}Z'`,
      span: years(1, 9999),
    },
    { kind: 'timestamptz(3)', type: 'timestamp_ms', literal: (at) => `'${plain(at, '')}'`, span: years(1, 9999) },
    EPOCH_MS,
    EPOCH_S,
  ],
  types: { text: 'varchar', json: 'varchar', number: 'double', integer: 'integer' },
  policies: 10,
  fill: withTable('temporary table'),
  open: async () => {
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    return {
      query: async (sql) => (await connection.runAndReadAll(sql)).getRowObjectsJS(),
      close: async () => {
        connection.closeSync();
        instance.closeSync();
      },
    };
  },
};

const SQLITE: TestEngine = {
  name: 'SQLite',
  dialect: 'sqlite',
  instants: [
    EPOCH_MS,
    EPOCH_S,
    // What the common frameworks write: with a space or a T, with a zone or without.
    {
      kind: 'text',
      type: 'text',
      literal: (at, micros) => {
        const two = new Date(at + 7_200_000).toISOString();
        const forms = [
          plain(at, micros),
          `${new Date(at).toISOString().replace('Z', '')}${micros}Z`,
          `${two.replace('Z', '')}${micros}+02:00`,
          at % 1000 === 0 ? plain(at, '').slice(0, 19) : plain(at, ''),
        ];
        return `'${forms[Number(micros) % forms.length]}'`;
      },
      span: years(1, 9998),
    },
  ],
  types: { text: 'text collate nocase', json: 'text', number: 'real', integer: 'integer' },
  policies: 40,
  fill: withTable('temporary table'),
  open: async () => {
    const database = new DatabaseSync(':memory:');
    return {
      query: async (sql) => database.prepare(sql).all() as Readonly<Record<string, unknown>>[],
      close: async () => database.close(),
    };
  },
};

const datetime = (type: string, span: readonly [Instant, Instant]): StoredInstants[] => [
  { kind: 'timestamptz', type: `${type}(6)`, literal: (at, micros) => `'${plain(at, micros)}'`, span },
  { kind: 'timestamptz(3)', type: `${type}(3)`, literal: (at) => `'${plain(at, '')}'`, span },
];

/** For engines that take seconds for each query; there are more rows of each policy then. */
const FEW = Number(process.env['TARDY_SQL_POLICIES'] ?? 6);

/** Engines that are a program: what the type of each is called, and how a table is made. */
const PROGRAMS = {
  mysql: {
    instants: [EPOCH_MS, EPOCH_S, ...datetime('datetime', years(1000, 9999))],
    types: { text: 'varchar(100)', json: 'json', number: 'double', integer: 'integer' },
    policies: 40,
    fill: withTable('temporary table'),
  },
  clickhouse: {
    instants: [
      { ...EPOCH_MS, type: 'Nullable(Int64)' },
      { ...EPOCH_S, type: 'Nullable(Int64)' },
      {
        kind: 'timestamptz',
        type: `Nullable(DateTime64(6, 'UTC'))`,
        literal: (at, micros) => `'${plain(at, micros)}'`,
        span: years(1900, 2298),
      },
      {
        kind: 'timestamptz(3)',
        type: `Nullable(DateTime64(3, 'UTC'))`,
        literal: (at) => `'${plain(at, '')}'`,
        span: years(1900, 2298),
      },
    ],
    types: { text: 'Nullable(String)', json: 'String', number: 'Nullable(Float64)', integer: 'Int32' },
    policies: FEW,
    fill: (table, columns, rows) => [
      `drop table if exists ${table}`,
      `create table ${table} (${Object.entries(columns)
        .map(([name, type]) => `${name} ${type}`)
        .join(', ')}) engine = Memory`,
      `insert into ${table} values ${rows.map((row) => `(${row.join(', ')})`).join(', ')}`,
    ],
  },
  spark: {
    instants: [
      EPOCH_MS,
      EPOCH_S,
      {
        kind: 'timestamptz',
        type: 'timestamp',
        literal: (at, micros) => `'${plain(at, micros)} UTC'`,
        span: years(1, 9999),
      },
    ],
    types: { text: 'string', json: 'string', number: 'double', integer: 'int' },
    policies: FEW,
    // In a file: Spark takes minutes to plan over rows that it knows.
    fill: (table, columns, rows) => [
      `drop table if exists ${table}`,
      `create table ${table} using parquet as ${castRows(columns, rows)}`,
    ],
  },
  trino: {
    instants: [
      EPOCH_MS,
      EPOCH_S,
      {
        kind: 'timestamptz',
        type: 'timestamp(6) with time zone',
        literal: (at, micros) => `'${plain(at, micros)} UTC'`,
        span: years(1, 9999),
      },
    ],
    types: { text: 'varchar', json: 'varchar', number: 'double', integer: 'integer' },
    policies: FEW,
    fill: (table, columns, rows) => [
      `drop table if exists ${table}`,
      `create table ${table} as ${castRows(columns, rows)}`,
    ],
  },
} satisfies Partial<Record<SqlDialectName, Omit<TestEngine, 'name' | 'dialect' | 'open'>>>;

/** Rows without a table whose columns have types. */
function castRows(columns: Readonly<Record<string, string>>, rows: readonly (readonly SqlText[])[]): SqlText {
  const names = Object.keys(columns).map((_, index) => `c${index}`);
  const casts = Object.entries(columns).map(([name, type], index) => `cast(c${index} as ${type}) as ${name}`);
  return `select ${casts.join(', ')} from (values ${rows.map((row) => `(${row.join(', ')})`).join(', ')}) as given (${names.join(', ')})`;
}

/** Every database that can be tested here: those that come with npm, a PostgreSQL server, and the programs of `TARDY_SQL_ENGINES`. */
export function testEngines(): readonly TestEngine[] {
  const programs = programEngines().map(({ name, dialect, command }) => {
    if (!(dialect in PROGRAMS)) throw new Error(`The tests do not know the types of ${dialect}.`);
    return { ...PROGRAMS[dialect as keyof typeof PROGRAMS], name, dialect, open: () => openProgram(command) };
  });
  return programs.length > 0 ? programs : [...POSTGRESQL, DUCKDB, SQLITE];
}

/** A text or a number as a literal of the engine. */
export function valueText({ dialect }: TestEngine, value: string | number | undefined): SqlText {
  if (value === undefined) return 'null';
  return typeof value === 'number' ? String(value) : sqlDialect(dialect).literal(value);
}
