import { createHash } from 'node:crypto';
import { SourceError, type SourceRequest } from '@tardy/core/sources';
import { showUrl } from './url.js';

/** The limits of a guard. */
export type GuardOptions = {
  readonly maxRequests: number;
  /** Whether to refuse the same request twice. */
  readonly refuseRepeats: boolean;
};

/** Longer keys are stored as a digest: a listing by POST would otherwise keep every query. */
const LONGEST_KEY = 256;

/** Limits the number of requests of one listing and detects loops. */
export class RequestGuard {
  readonly #options: GuardOptions;
  readonly #seen = new Set<string>();
  #count = 0;

  constructor(options: GuardOptions) {
    this.#options = options;
  }

  /**
   * Called before each request.
   *
   * @throws {SourceError} `limit` for one too many; `truncated` for a repeated one, unless it has `cache-control: no-cache`.
   */
  admit(request: SourceRequest, url: URL): void {
    const { maxRequests, refuseRepeats } = this.#options;
    if (++this.#count > maxRequests) {
      throw new SourceError(
        'limit',
        `More than ${maxRequests} requests to ${url.origin} for one listing. Narrow the query.`,
      );
    }
    if (!refuseRepeats || bypassesCache(request)) return;
    const key = keyOf(request, url);
    if (this.#seen.has(key)) {
      throw new SourceError(
        'truncated',
        `Page loop: ${showUrl(url)} was requested twice in one listing, so its pages lead back to an earlier one.`,
      );
    }
    this.#seen.add(key);
  }
}

function bypassesCache({ headers }: SourceRequest): boolean {
  return Object.entries(headers ?? {}).some(
    ([name, value]) => name.toLowerCase() === 'cache-control' && /\bno-cache\b/i.test(value),
  );
}

function keyOf(request: SourceRequest, url: URL): string {
  // Headers count: some APIs paginate by one.
  const key = JSON.stringify([request.method ?? 'GET', url.href, request.headers, request.body]);
  return key.length <= LONGEST_KEY ? key : createHash('sha256').update(key).digest('base64');
}
