import { userInfo } from 'node:os';
import { SourceError } from '@tardy/core/sources';
import type { DatabaseOptions } from '../database.js';

/** How TLS is used, as libpq has it. */
export type SslMode = 'disable' | 'allow' | 'prefer' | 'require' | 'verify-ca' | 'verify-full';

const SSL_MODES: readonly SslMode[] = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'];

/** Where and as whom to connect, from the URL and the variables that `psql` reads. The URL wins. */
export type PostgresSettings = {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  readonly sslMode: SslMode;
  /** Paths of files in PEM; `undefined` for those in the home folder, if they are there. */
  readonly sslRootCert: string | undefined;
  readonly sslCert: string | undefined;
  readonly sslKey: string | undefined;
};

/** Folders in which servers keep their sockets: what `psql` uses if no host is named. */
const SOCKET_FOLDERS: readonly string[] = ['/var/run/postgresql', '/tmp'];

/**
 * Reads the settings of a connection.
 *
 * @param hasSocket whether a server has its socket in a folder.
 * @throws {SourceError} `refused` for a port or an SSL mode that does not exist.
 */
export function postgresSettings(
  { url: address, environment }: Pick<DatabaseOptions, 'url' | 'environment'>,
  hasSocket: (folder: string, port: number) => boolean,
): PostgresSettings {
  const url = new URL(address);
  const given = (name: string, variable: string): string | undefined =>
    filled(url.searchParams.get(name)) ?? filled(environment[variable]);
  const port = Number(filled(url.port) ?? given('port', 'PGPORT') ?? 5432);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new SourceError('refused', 'The port of the database is not a number from 1 to 65535.');
  }
  const user = filled(decodeURIComponent(url.username)) ?? given('user', 'PGUSER') ?? userInfo().username;
  const host =
    filled(decodeURIComponent(url.hostname).replace(/^\[(.*)\]$/, '$1')) ??
    given('host', 'PGHOST') ??
    SOCKET_FOLDERS.find((folder) => hasSocket(folder, port)) ??
    'localhost';
  return {
    host,
    port,
    user,
    database: filled(decodeURIComponent(url.pathname.slice(1))) ?? given('dbname', 'PGDATABASE') ?? user,
    sslMode: sslModeOf(given('sslmode', 'PGSSLMODE') ?? 'prefer'),
    sslRootCert: given('sslrootcert', 'PGSSLROOTCERT'),
    sslCert: given('sslcert', 'PGSSLCERT'),
    sslKey: given('sslkey', 'PGSSLKEY'),
  };
}

function sslModeOf(text: string): SslMode {
  const mode = SSL_MODES.find((one) => one === text);
  if (mode !== undefined) return mode;
  throw new SourceError('refused', `sslmode is not one of ${SSL_MODES.join(', ')}.`);
}

function filled(text: string | null | undefined): string | undefined {
  return text === null || text === undefined || text === '' ? undefined : text;
}
