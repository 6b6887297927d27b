import { SourceError } from '@tardy/core/sources';
import type { DatabaseFailure } from '../database.js';
import { connectionFailure } from '../connection-failure.js';

/** An error that the server sent. */
type ServerError = Error & { readonly code: string };

/** What an error of PostgreSQL means; the codes are those of its documentation, appendix A. */
export function postgresFailure(error: unknown, where: string): DatabaseFailure | undefined {
  if (!(error instanceof Error)) return undefined;
  if (!isOfServer(error)) return connectionFailure(error, where);
  const said = `${where}: ${error.message.replace(/\.?$/, '.')}`;
  const of = (code: ConstructorParameters<typeof SourceError>[0], fix = '') => ({
    error: new SourceError(code, fix === '' ? said : `${said} ${fix}`),
  });
  switch (error.code) {
    case '28P01':
    case '28000':
      return of('auth', 'Check the user, the password and pg_hba.conf.');
    case '3D000':
      return of('not_found', 'Check the name of the database.');
    case '42501':
      return /row-level security|row security/i.test(error.message)
        ? of(
            'forbidden',
            'Row security hides rows from this role, so that a stuck run may be invisible. Use a role that sees all rows (alter role … bypassrls), or a view of the owner of the table.',
          )
        : of('forbidden', 'Grant it to the role of Tardy: grant select on … to ….');
    case '42P01':
    case '42703':
    case '42883':
    case '42601':
      return of('shape', 'Check the mapping of this source.');
    case '22P02':
    case '22003':
    case '22007':
    case '22008':
      return { ...of('shape'), noSuchValue: true };
    case '25006':
      return of('refused', 'Tardy only reads: this expression would write.');
    case '57014':
      return of('timeout', 'Raise --timeout, or add an index for active runs.');
    case '55P03':
      return of('timeout', 'Another session holds a lock on a table of this source.');
    case '40001':
    case '40P01':
    case '53300':
    case '57P01':
    case '57P02':
    case '57P03':
      return { ...of('network'), retry: true };
    default:
      return of('shape');
  }
}

function isOfServer(error: Error): error is ServerError {
  return 'code' in error && typeof error.code === 'string' && /^[0-9A-Z]{5}$/.test(error.code) && 'severity' in error;
}
