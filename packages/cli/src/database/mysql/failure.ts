import { SourceError } from '@tardy/core/sources';
import { connectionFailure } from '../connection-failure.js';
import type { DatabaseFailure } from '../database.js';

/** What an error of MySQL or MariaDB means, by the names that their documentation gives the codes. */
export function mysqlFailure(error: unknown, where: string): DatabaseFailure | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (!code.startsWith('ER_')) {
    if (code === 'PROTOCOL_CONNECTION_LOST') {
      return { error: new SourceError('network', `${where} failed: the connection broke.`), retry: true };
    }
    return connectionFailure(error, where);
  }
  const said = `${where}: ${error.message.replace(/\.?$/, '.')}`;
  const of = (kind: ConstructorParameters<typeof SourceError>[0], fix: string): DatabaseFailure => ({
    error: new SourceError(kind, `${said} ${fix}`),
  });
  switch (code) {
    case 'ER_ACCESS_DENIED_ERROR':
    case 'ER_ACCESS_DENIED_NO_PASSWORD_ERROR':
    case 'ER_HOST_NOT_PRIVILEGED':
      return of('auth', 'Check the user, the password and the hosts that it may come from.');
    case 'ER_DBACCESS_DENIED_ERROR':
    case 'ER_TABLEACCESS_DENIED_ERROR':
    case 'ER_COLUMNACCESS_DENIED_ERROR':
      return of('forbidden', 'Grant it to the user of Tardy: grant select on … to ….');
    case 'ER_BAD_DB_ERROR':
      return of('not_found', 'Check the name of the database.');
    case 'ER_STATEMENT_TIMEOUT':
    case 'ER_QUERY_TIMEOUT':
    case 'ER_QUERY_INTERRUPTED':
      return of('timeout', 'Raise --timeout, or add an index for active runs.');
    case 'ER_LOCK_WAIT_TIMEOUT':
      return of('timeout', 'Another session holds a lock on a table of this source.');
    case 'ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION':
      return of('refused', 'Tardy only reads: this expression would write.');
    case 'ER_CON_COUNT_ERROR':
    case 'ER_TOO_MANY_USER_CONNECTIONS':
    case 'ER_LOCK_DEADLOCK':
    case 'ER_SERVER_SHUTDOWN':
      return { ...of('network', ''), retry: true };
    default:
      return of('shape', 'Check the mapping of this source.');
  }
}
