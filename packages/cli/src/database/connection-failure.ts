import { SourceError } from '@tardy/core/sources';
import type { DatabaseFailure } from './database.js';

/** What it means that the connection to a server could not be made or broke. */
export function connectionFailure(error: Error, where: string): DatabaseFailure | undefined {
  const code = codeOf(error);
  const network = (reason: string, retry = false): DatabaseFailure => ({
    error: new SourceError('network', `${where} failed: ${reason}`),
    retry,
  });
  if (code !== undefined && /^(?:CERT_|ERR_TLS_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH)/.test(code)) {
    return network(`its certificate is not trusted (${code}). Use sslrootcert or --ca if its authority is private.`);
  }
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return network('the host does not exist. Check the URL.');
    case 'ENOENT':
      return network('there is no server at this socket. Check the host.');
    case 'ECONNREFUSED':
      return network('connection refused. Check the host and the port.', true);
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return network('connecting took too long. Check the URL.', true);
    case 'ECONNRESET':
    case 'EPIPE':
      return network('the connection broke.', true);
    default:
      if (/does not support SSL/i.test(error.message))
        return network('the server has no TLS, and sslmode asks for it.');
      if (/timeout expired|timeout exceeded/i.test(error.message)) return network('connecting took too long.', true);
      if (isBroken(error.message)) return network('the connection broke.', true);
      if (/password must be a string|no password/i.test(error.message)) {
        return {
          error: new SourceError(
            'auth',
            `${where} asks for a password. Give it by reference: PGPASSWORD, ~/.pgpass, or \`password\` in a config.`,
          ),
        };
      }
      return undefined;
  }
}

function isBroken(message: string): boolean {
  const words = message.toLowerCase();
  const at = words.indexOf('connection');
  return words.includes('connection terminated') || (at >= 0 && words.includes('closed', at));
}

/** The code of the error, or of one that it wraps: several IP addresses of a host are tried and reported together. */
function codeOf(error: Error): string | undefined {
  const inner = error instanceof AggregateError ? (error.errors as readonly unknown[])[0] : undefined;
  for (const candidate of [error, inner, error.cause]) {
    if (candidate instanceof Error && 'code' in candidate && typeof candidate.code === 'string') return candidate.code;
  }
  return undefined;
}
