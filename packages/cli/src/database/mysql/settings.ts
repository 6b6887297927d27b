import { userInfo } from 'node:os';
import { SourceError } from '@tardy/core/sources';

/** How TLS is used, as the client of MySQL has it. */
export type MysqlSslMode = 'DISABLED' | 'PREFERRED' | 'REQUIRED' | 'VERIFY_CA' | 'VERIFY_IDENTITY';

const SSL_MODES: readonly MysqlSslMode[] = ['DISABLED', 'PREFERRED', 'REQUIRED', 'VERIFY_CA', 'VERIFY_IDENTITY'];

/** Where and as whom to connect. */
export type MysqlSettings = {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  /** The path of a socket, in place of host and port. */
  readonly socket: string | undefined;
  readonly sslMode: MysqlSslMode;
  /** The path of a file with authorities, in PEM. */
  readonly sslCa: string | undefined;
};

/**
 * Reads the settings of a connection from its URL; parameters are called as the flags of the client: `ssl-mode`, `ssl-ca`, `socket`.
 *
 * @throws {SourceError} `refused` without a database, and for an SSL mode that does not exist.
 */
export function mysqlSettings(address: string): MysqlSettings {
  const url = new URL(address);
  const given = (name: string): string | undefined => url.searchParams.get(name) ?? undefined;
  const database = decodeURIComponent(url.pathname.slice(1));
  if (database === '')
    throw new SourceError('refused', 'The URL names no database: mysql://user@host.example/database.');
  const mode = (given('ssl-mode') ?? 'PREFERRED').toUpperCase();
  const sslMode = SSL_MODES.find((one) => one === mode);
  if (sslMode === undefined) throw new SourceError('refused', `ssl-mode is not one of ${SSL_MODES.join(', ')}.`);
  return {
    host: decodeURIComponent(url.hostname).replace(/^\[(.*)\]$/, '$1') || 'localhost',
    port: url.port === '' ? 3306 : Number(url.port),
    user: decodeURIComponent(url.username) || userInfo().username,
    database,
    socket: given('socket'),
    sslMode,
    sslCa: given('ssl-ca'),
  };
}
