import { readFile } from 'node:fs/promises';
import { rootCertificates } from 'node:tls';
import type { Connection, ConnectionOptions, SslOptions } from 'mysql2/promise';
import { SourceError } from '@tardy/core/sources';
import type { Database, DatabaseOptions, DatabaseRow, Driver } from '../database.js';
import { loadOptional } from '../optional-package.js';
import { mysqlFailure } from './failure.js';
import { mysqlSettings, type MysqlSettings } from './settings.js';

type Connect = (options: ConnectionOptions) => Promise<Connection>;

/**
 * Reads MySQL and MariaDB.
 *
 * @throws {UsageError} if its package is not installed.
 */
export async function mysqlDriver(): Promise<Driver> {
  const { createConnection } = await loadOptional(
    'mysql2',
    'Reading MySQL and MariaDB',
    async () => import('mysql2/promise'),
  );
  return { open: (options) => open(options, createConnection), failure: mysqlFailure };
}

async function open(options: DatabaseOptions, create: Connect): Promise<Database> {
  const settings = mysqlSettings(options.url);
  const connection = await connect(settings, options, create);
  // Without a listener, a connection that breaks while nothing is asked would end the process.
  connection.on('error', () => {});
  // A backslash is only a letter in a literal; times come in UTC; a table that is being changed does not hold up the check.
  await connection.query(
    "set session time_zone = '+00:00', sql_mode = concat(@@sql_mode, ',NO_BACKSLASH_ESCAPES'), lock_wait_timeout = 5, innodb_lock_wait_timeout = 5",
  );
  const isMariadb = (await rowsOf(connection, 'select version() as version'))[0];
  const limit = /mariadb/i.test(String(isMariadb?.['version'])) ? limitOfMariadb : limitOfMysql;
  return {
    query: (sql, values, timeoutMs) => readOnly(connection, limit(timeoutMs), sql, values),
    clock: async (timeoutMs) => {
      const [row] = await readOnly(connection, limit(timeoutMs), 'select unix_timestamp(now(6)) as now', []);
      return Number(row?.['now']) * 1000;
    },
    close: () => connection.end(),
  };
}

const limitOfMysql = (ms: number): string => `set session max_execution_time = ${Math.max(1, Math.floor(ms))}`;
const limitOfMariadb = (ms: number): string => `set session max_statement_time = ${Math.max(0.001, ms / 1000)}`;

async function readOnly(
  connection: Connection,
  limit: string,
  sql: string,
  values: readonly string[],
): Promise<readonly DatabaseRow[]> {
  await connection.query(limit);
  await connection.query('start transaction read only');
  try {
    return await rowsOf(connection, sql, values);
  } finally {
    await connection.query('rollback').catch(() => {});
  }
}

/** Prepared by the server, which takes one statement only. */
async function rowsOf(connection: Connection, sql: string, values: readonly string[] = []): Promise<DatabaseRow[]> {
  const [rows] = await connection.execute(sql, [...values]);
  return rows as DatabaseRow[];
}

async function connect(settings: MysqlSettings, options: DatabaseOptions, create: Connect): Promise<Connection> {
  const { host, port, user, database, socket, sslMode } = settings;
  const base: ConnectionOptions = {
    ...(socket === undefined ? { host, port } : { socketPath: socket }),
    user,
    database,
    password: passwordOf(options) ?? '',
    charset: 'utf8mb4',
    connectTimeout: Math.max(1, Math.floor(options.timeoutMs)),
    connectAttributes: { program_name: 'tardy' },
    // As text: a number that JavaScript cannot hold keeps its digits.
    supportBigNumbers: true,
    bigNumberStrings: true,
    dateStrings: true,
    timezone: 'Z',
    // One of the two types for times is in the zone of the session, and the other has none.
    typeCast: (field, next) => {
      const value: unknown = next();
      return field.type === 'TIMESTAMP' && typeof value === 'string' ? `${value}+00` : value;
    },
  };
  if (sslMode === 'DISABLED' || socket !== undefined) return create(base);
  const ssl = await tlsOf(settings, options.ca);
  try {
    return await create({ ...base, ssl });
  } catch (error) {
    if (sslMode !== 'PREFERRED' || !(error instanceof Error) || !/secure connection/i.test(error.message)) throw error;
    return create(base);
  }
}

async function tlsOf({ sslMode, sslCa }: MysqlSettings, ca: string | undefined): Promise<SslOptions> {
  if (sslMode === 'PREFERRED' || sslMode === 'REQUIRED') return { rejectUnauthorized: false };
  const named = sslCa === undefined ? undefined : await readFile(sslCa, 'utf8').catch(() => undefined);
  if (sslCa !== undefined && named === undefined) {
    throw new SourceError('refused', `The file of ssl-ca, ${sslCa}, cannot be read.`);
  }
  const authorities = [...(named === undefined ? rootCertificates : [named]), ...(ca === undefined ? [] : [ca])];
  return { rejectUnauthorized: true, verifyIdentity: sslMode === 'VERIFY_IDENTITY', ca: authorities };
}

/** A config that was found rather than named says where to connect to, so it gets no password from the environment. */
function passwordOf({ password, confinedTo, environment }: DatabaseOptions): string | undefined {
  return password ?? (confinedTo === undefined ? environment['MYSQL_PWD'] : undefined);
}
