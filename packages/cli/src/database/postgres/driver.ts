import { existsSync } from 'node:fs';
import pg from 'pg';
import type { Database, DatabaseOptions, DatabaseRow, Driver } from '../database.js';
import { postgresFailure } from './failure.js';
import { passwordFromFile } from './password-file.js';
import { postgresSettings, type PostgresSettings } from './settings.js';
import { tlsAttempts, type TlsAttempt } from './tls.js';

/** Reads PostgreSQL, and what speaks its protocol. */
export function postgresDriver(): Driver {
  return { open, failure: postgresFailure };
}

/** How long to wait for a lock: a table that is being changed must not hold up the check, nor the check the change. */
const LOCK_TIMEOUT_MS = 5_000;

async function open(options: DatabaseOptions): Promise<Database> {
  const settings = postgresSettings(options, (folder, port) => existsSync(`${folder}/.s.PGSQL.${port}`));
  const password = await passwordOf(options, settings);
  const client = await connect(settings, password, await tlsAttempts(settings, options.ca), options.timeoutMs);
  // Without a listener, a connection that breaks while nothing is asked would end the process.
  client.on('error', () => {});
  return {
    query: (sql, values, timeoutMs) => readOnly(client, sql, values, timeoutMs),
    clock: async (timeoutMs) => {
      const sql = 'select (extract(epoch from clock_timestamp()) * 1000)::bigint as now';
      const [row] = await readOnly(client, sql, [], timeoutMs);
      return Number(row?.['now']);
    },
    close: () => client.end(),
  };
}

async function connect(
  settings: PostgresSettings,
  password: string | undefined,
  attempts: readonly TlsAttempt[],
  timeoutMs: number,
): Promise<pg.Client> {
  const { host, port, user, database } = settings;
  for (const [index, ssl] of attempts.entries()) {
    const client = new pg.Client({
      host,
      port,
      user,
      database,
      ssl,
      // A function, so that the driver looks for a password nowhere else.
      password: () => {
        if (password === undefined) throw new Error('no password');
        return password;
      },
      application_name: 'tardy',
      connectionTimeoutMillis: Math.max(1, Math.floor(timeoutMs)),
      // Everything as text: a number that JavaScript cannot hold keeps its digits, and a time its offset.
      types: { getTypeParser: () => (value: unknown) => value },
    });
    try {
      await client.connect();
      return client;
    } catch (error) {
      await client.end().catch(() => {});
      if (index === attempts.length - 1 || !isAboutTls(error)) throw error;
    }
  }
  throw new Error('no attempt to connect');
}

/** Whether the server has no TLS, or takes nobody without it. */
function isAboutTls(error: unknown): boolean {
  return error instanceof Error && /SSL|pg_hba\.conf/.test(error.message);
}

/**
 * Runs one statement in a transaction that cannot write, and with row security off: PostgreSQL then refuses a query whose rows a policy would
 * hide, instead of leaving them out. All settings end with the transaction, for a pooler may give the connection to somebody else.
 */
async function readOnly(
  client: pg.Client,
  sql: string,
  values: readonly string[],
  timeoutMs: number,
): Promise<readonly DatabaseRow[]> {
  await client.query(`begin transaction read only;
set local statement_timeout = ${Math.max(1, Math.floor(timeoutMs))};
set local lock_timeout = ${LOCK_TIMEOUT_MS};
set local row_security = off;
set local time zone 'UTC';
set local datestyle = 'ISO, YMD';
set local standard_conforming_strings = on`);
  try {
    // The extended protocol takes one statement only, whatever a mapping contains.
    const { rows } = await client.query<DatabaseRow>({
      text: sql,
      values: [...values],
      queryMode: 'extended',
    } as pg.QueryConfig);
    return rows;
  } finally {
    await client.query('rollback').catch(() => {});
  }
}

/** A config that was found rather than named says where to connect to, so it gets the password of that very host only. */
async function passwordOf(
  { password, environment, confinedTo }: DatabaseOptions,
  settings: PostgresSettings,
): Promise<string | undefined> {
  if (password !== undefined) return password;
  if (confinedTo !== undefined && settings.host !== environment['PGHOST']) return undefined;
  return environment['PGPASSWORD'] ?? (await passwordFromFile(settings, environment));
}
