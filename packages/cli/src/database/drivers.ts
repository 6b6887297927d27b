import type { Engine } from '@tardy/core/sources';
import type { Driver } from './database.js';

/** The driver of each engine, loaded when a source needs it. Throws a `UsageError` for a package that is not installed. */
export const DRIVERS: Readonly<Record<Engine, () => Promise<Driver>>> = {
  postgres: async () => (await import('./postgres/driver.js')).postgresDriver(),
  mysql: async () => (await import('./mysql/driver.js')).mysqlDriver(),
  sqlite: async () => (await import('./sqlite/driver.js')).sqliteDriver(),
  duckdb: async () => (await import('./duckdb/driver.js')).duckdbDriver(),
};
