import { BIGQUERY } from './bigquery.js';
import { CLICKHOUSE } from './clickhouse.js';
import type { SqlDialect, SqlDialectName } from './dialect.js';
import { DUCKDB } from './duckdb.js';
import { MYSQL } from './mysql.js';
import { POSTGRESQL } from './postgresql.js';
import { SNOWFLAKE } from './snowflake.js';
import { SPARK } from './spark.js';
import { SQLITE } from './sqlite.js';
import { SQLSERVER } from './sqlserver.js';
import { TRINO } from './trino.js';

const DIALECTS: Readonly<Record<SqlDialectName, SqlDialect>> = {
  postgresql: POSTGRESQL,
  mysql: MYSQL,
  sqlite: SQLITE,
  duckdb: DUCKDB,
  clickhouse: CLICKHOUSE,
  spark: SPARK,
  trino: TRINO,
  snowflake: SNOWFLAKE,
  bigquery: BIGQUERY,
  sqlserver: SQLSERVER,
};

/** How to write SQL for a database. */
export function sqlDialect(name: SqlDialectName): SqlDialect {
  return DIALECTS[name];
}
