import { failure, type Failure } from './failure.js';
import { quoteForeign } from './secrets.js';

/** Codes with which Node refuses a certificate, apart from those that start with CERT_ or ERR_TLS_. */
const CERTIFICATE_CODES = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'HOSTNAME_MISMATCH',
]);

/** What undici or Node report when no whole answer came, in our words. `where` is the request as messages show it. */
export function networkFailure(error: Error, where: string): Failure {
  const code = codeOf(error);
  if (code === 'UND_ERR_HEADERS_OVERFLOW' || code === 'HPE_HEADER_OVERFLOW') {
    return failure('limit', `${where} answered with headers larger than allowed.`);
  }
  if (code !== undefined && (CERTIFICATE_CODES.has(code) || /^(CERT_|ERR_TLS_)/.test(code))) {
    return failure(
      'network',
      `${where} showed a certificate that cannot be trusted (${code}). Use --ca if its authority is a private one.`,
    );
  }
  switch (code) {
    case 'ENOTFOUND':
      return failure('network', `${where} could not be asked: there is no such host. Check the address, or the proxy.`);
    case 'ECONNREFUSED':
      return failure('network', `${where} could not be asked: connection refused. Check address and port.`, 'backoff');
    case 'UND_ERR_CONNECT_TIMEOUT':
      return failure(
        'network',
        `${where} could not be asked: no connection in time. Check address and proxy.`,
        'backoff',
      );
    case 'UND_ERR_SOCKET':
    case 'ECONNRESET':
    case 'EPIPE':
    case 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH':
      return failure('network', `${where}: the connection broke before the answer was complete (${code}).`, 'backoff');
    default:
      if (/Proxy response/.test(error.message)) {
        return failure(
          'network',
          `${where}: the proxy refused to connect (${quoteForeign(error.message)}). Check the proxy settings.`,
        );
      }
      return failure('network', `${where} could not be read: ${code ?? quoteForeign(error.message)}.`, 'backoff');
  }
}

/** The code of the error, or of what it wraps: several addresses of a host are tried, and reported together. */
function codeOf(error: Error): string | undefined {
  const inner = error instanceof AggregateError ? (error.errors as readonly unknown[])[0] : undefined;
  for (const candidate of [error, inner, error.cause]) {
    if (candidate instanceof Error && 'code' in candidate && typeof candidate.code === 'string') return candidate.code;
  }
  return undefined;
}
