import { SourceError, type SourceErrorCode } from '@tardy/core/sources';

/** Whether to try again: not at all, after a while of our choice, or after this many milliseconds that the server asked for. */
export type RetryAdvice = 'never' | 'backoff' | number;

/** A try that came to nothing. A value, not a throw: whether it becomes an error is decided by whoever retries. */
export type Failure = { readonly kind: 'failure'; readonly error: SourceError; readonly retry: RetryAdvice };

/** Makes a failure; `message` says what, where and the mend. */
export function failure(
  code: SourceErrorCode,
  message: string,
  retry: RetryAdvice = 'never',
  status?: number,
): Failure {
  return { kind: 'failure', error: new SourceError(code, message, status === undefined ? {} : { status }), retry };
}
