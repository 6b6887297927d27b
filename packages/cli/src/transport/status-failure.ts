import { failure, type Failure } from './failure.js';
import type { HeaderReader } from './received-headers.js';
import { isRateLimit, isRetryable, statedWaitMs } from './retry-timing.js';
import { quoteForeign } from './secrets.js';

/** A response with a status that the adapter does not handle. */
export type RefusedResponse = {
  readonly status: number;
  readonly headers: HeaderReader;
  /** The start of its body; empty if it could not be read. */
  readonly text: string;
  /** The request for messages. */
  readonly where: string;
  /** Whether the source has credentials. */
  readonly authorized: boolean;
  /** The local clock, epoch milliseconds. */
  readonly nowMs: number;
};

/** GitHub's secondary limits come without headers, and its documentation says to wait a minute. */
const SECONDARY_LIMIT_WAIT_MS = 60_000;

/** Fields of an error body that explain it, most likely first: `detail` of problem+json, `message` of most others. */
const EXPLAINING = ['detail', 'message', 'error_description', 'error', 'title', 'reason'];

/** Says what a refusal means and how to fix it. */
export function statusFailure(response: RefusedResponse): Failure {
  const { status, headers, nowMs } = response;
  const detail = explanationIn(response.text);
  const said = `${response.where} responded with ${status}${detail === undefined ? '' : ` (${detail})`}.`;
  const stated = statedWaitMs(headers, nowMs);

  if (isRateLimit(status, headers)) {
    return failure('rate_limited', `${said} Rate limited.`, stated ?? 'backoff', status);
  }
  if (status === 403 && detail !== undefined && /rate limit/i.test(detail)) {
    return failure('rate_limited', `${said} Rate limited.`, stated ?? SECONDARY_LIMIT_WAIT_MS, status);
  }
  switch (status) {
    case 401:
      return failure(
        'auth',
        `${said} ${fixForAccess(response, 'Check that the credential is valid and has not expired.')}`,
        'never',
        401,
      );
    case 403:
      return failure(
        'forbidden',
        `${said} ${fixForAccess(response, 'The credential does not grant access to this.')}`,
        'never',
        403,
      );
    case 404:
      return failure(
        'not_found',
        `${said} Check the URL${response.authorized ? ', and whether the credential grants access' : ''}.`,
        'never',
        404,
      );
    default:
      return failure('http', said, isRetryable(status) ? (stated ?? 'backoff') : 'never', status);
  }
}

function fixForAccess({ authorized }: RefusedResponse, otherwise: string): string {
  return authorized ? otherwise : 'Configure a credential for this source.';
}

/** The explanation in an error body, for a message; `undefined` for web pages. */
function explanationIn(text: string): string | undefined {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return undefined;
  }
  const found =
    explain(body) ?? (isRecord(body) && Array.isArray(body['errors']) ? explain(body['errors'][0]) : undefined);
  const quoted = found === undefined ? '' : quoteForeign(found);
  return quoted === '' ? undefined : quoted;
}

function explain(body: unknown): string | undefined {
  if (!isRecord(body)) return undefined;
  for (const name of EXPLAINING) {
    const value = body[name];
    if (typeof value === 'string' && value !== '') return value;
    if (isRecord(value) && typeof value['message'] === 'string') return value['message'];
  }
  return undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
