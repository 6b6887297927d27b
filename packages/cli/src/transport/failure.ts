import { SourceError, type SourceErrorCode } from '@tardy/core/sources';

/** Whether to retry: never, after a backoff, or after the number of milliseconds that the server requested. */
export type RetryAdvice = 'never' | 'backoff' | number;

/** A failed attempt. A value rather than a throw, because the retry loop decides whether it becomes an error. */
export type Failure = { readonly kind: 'failure'; readonly error: SourceError; readonly retry: RetryAdvice };

/** Makes a failure; `message` says what failed, where, and how to fix it. */
export function failure(
  code: SourceErrorCode,
  message: string,
  retry: RetryAdvice = 'never',
  status?: number,
): Failure {
  return { kind: 'failure', error: new SourceError(code, message, status === undefined ? {} : { status }), retry };
}
