import { failure, type Failure } from './failure.js';
import type { HeaderReader } from './received-headers.js';
import { isRateLimit, isRetryable, statedWaitMs } from './retry-timing.js';
import { quoteForeign } from './secrets.js';

/** An answer whose status is not accepted. */
export type RefusedAnswer = {
  readonly status: number;
  readonly headers: HeaderReader;
  /** The start of its body; empty when it could not be read. */
  readonly text: string;
  /** The request as messages show it. */
  readonly where: string;
  /** Whether the source has credentials, and whether a redirect took them off this request. */
  readonly credentials: 'none' | 'sent' | 'dropped';
  /** The local clock, epoch milliseconds. */
  readonly nowMs: number;
};

/** GitHub's secondary limits come without headers, and its documentation asks to wait a minute. */
const SECONDARY_LIMIT_WAIT_MS = 60_000;

/** Members of an error body that explain, by likelihood: `detail` of problem+json, `message` of most others. */
const EXPLAINING = ['detail', 'message', 'error_description', 'error', 'title', 'reason'];

/** Says what a refusal means and what mends it. */
export function statusFailure(answer: RefusedAnswer): Failure {
  const { status, headers, nowMs } = answer;
  const detail = explanationIn(answer.text);
  const said = `${answer.where} answered ${status}${detail === undefined ? '' : ` (${detail})`}.`;
  const stated = statedWaitMs(headers, nowMs);

  if (isRateLimit(status, headers)) {
    return failure('rate_limited', `${said} It is asked too often.`, stated ?? 'backoff', status);
  }
  if (status === 403 && detail !== undefined && /rate limit/i.test(detail)) {
    return failure('rate_limited', `${said} It is asked too often.`, stated ?? SECONDARY_LIMIT_WAIT_MS, status);
  }
  switch (status) {
    case 401:
      return failure(
        'auth',
        `${said} ${mendAccess(answer, 'Check that the credential is right and not expired.')}`,
        'never',
        401,
      );
    case 403:
      return failure('forbidden', `${said} ${mendAccess(answer, 'The credential may not read this.')}`, 'never', 403);
    case 404:
      return failure(
        'not_found',
        `${said} Check the address${answer.credentials === 'sent' ? ', and whether the credential may see it' : ''}.`,
        'never',
        404,
      );
    default:
      return failure('http', said, isRetryable(status) ? (stated ?? 'backoff') : 'never', status);
  }
}

function mendAccess({ credentials }: RefusedAnswer, otherwise: string): string {
  if (credentials === 'none') return 'Give this source a credential.';
  if (credentials === 'sent') return otherwise;
  return 'A redirect led there from another origin, so no credential was sent: configure that address if it is the source.';
}

/** What the body says went wrong, fit for a message. Web pages explain nothing. */
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
