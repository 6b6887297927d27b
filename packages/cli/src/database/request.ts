import { SourceError, type SourceRequest, type SqlBody } from '@tardy/core/sources';

/** The statement that a request sends. */
export function readBody({ body }: SourceRequest): SqlBody {
  const { sql, values } = (body ?? {}) as Partial<SqlBody>;
  if (typeof sql === 'string' && Array.isArray(values)) return { sql, values };
  throw new SourceError('refused', 'A database takes statements only.');
}

/** The address of a database for messages: no user, no parameters. */
export function showAddress(address: string, ofFile: boolean): string {
  if (ofFile) return address;
  const { protocol, host, pathname } = new URL(address);
  return `${protocol}//${host}${pathname}`;
}
