import type { SourceRequest } from '../source.js';

/**
 * The same request, to be sent again: without this, a listing refuses a request that it has already sent, and a second look
 * gives the response that it already has.
 */
export function askAgain(request: SourceRequest): SourceRequest {
  return { ...request, headers: { ...request.headers, 'cache-control': 'no-cache' } };
}
