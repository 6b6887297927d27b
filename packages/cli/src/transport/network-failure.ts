import { failure, type Failure } from './failure.js';
import { GUARDED_CODE } from './guarded-hosts.js';
import { quoteForeign } from './secrets.js';

/** Codes with which Node rejects a certificate, besides those that start with CERT_ or ERR_TLS_. */
const CERTIFICATE_CODES = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'HOSTNAME_MISMATCH',
]);

/** Translates an error of undici or Node. `where` is the request for messages, `proxy` the one that it goes through. */
export function networkFailure(error: Error, where: string, proxy?: string): Failure {
  const code = codeOf(error);
  const check = proxy === undefined ? 'Check the URL and the proxy settings.' : `Check the URL and the proxy ${proxy}.`;
  if (code === 'UND_ERR_HEADERS_OVERFLOW' || code === 'HPE_HEADER_OVERFLOW') {
    return failure('limit', `${where} responded with headers larger than allowed.`);
  }
  if (code !== undefined && (CERTIFICATE_CODES.has(code) || /^(CERT_|ERR_TLS_)/.test(code))) {
    return failure(
      'network',
      `${where} presented an untrusted certificate (${code}). Use --ca if its authority is private.`,
    );
  }
  switch (code) {
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
    case 'EPROTO':
      return failure('network', `${where} failed: there is no TLS at this port. Is it meant to be http://?`);
    case GUARDED_CODE:
      return guardedFailure(where);
    case 'ENOTFOUND':
      return failure('network', `${where} failed: the host does not exist. ${check}`);
    case 'ECONNREFUSED':
      return failure(
        'network',
        `${where} failed: connection refused. ${proxy === undefined ? 'Check the host and the port.' : check}`,
        'backoff',
      );
    case 'UND_ERR_CONNECT_TIMEOUT':
      return failure('network', `${where} failed: connecting took too long. ${check}`, 'backoff');
    case 'UND_ERR_SOCKET':
    case 'ECONNRESET':
    case 'EPIPE':
    case 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH':
      return failure(
        'network',
        `${where} failed: the connection broke before the response was complete (${code}).`,
        'backoff',
      );
    default:
      if (/Proxy response/.test(error.message)) {
        return failure(
          'network',
          `${where} failed: the proxy ${proxy ?? ''} refused to connect (${quoteForeign(error.message)}). Check the proxy settings.`,
        );
      }
      return failure('network', `${where} failed: ${code ?? quoteForeign(error.message)}.`, 'backoff');
  }
}

/** The failure for a host that needs `--allow-host`. */
export function guardedFailure(where: string): Failure {
  return failure(
    'refused',
    `${where} was not sent: the host is link-local or serves the credentials of a cloud. If it is meant, use --allow-host.`,
  );
}

/** The code of the error or of one that it wraps: several IP addresses of a host are tried and reported together. */
function codeOf(error: Error): string | undefined {
  const inner = error instanceof AggregateError ? (error.errors as readonly unknown[])[0] : undefined;
  for (const candidate of [error, inner, error.cause]) {
    if (candidate instanceof Error && 'code' in candidate && typeof candidate.code === 'string') return candidate.code;
  }
  return undefined;
}
