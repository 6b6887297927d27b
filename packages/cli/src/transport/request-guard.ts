import { createHash } from 'node:crypto';
import { SourceError, type SourceRequest } from '@tardy/core/sources';
import { showAddress } from './address.js';

/** What a guard watches over. */
export type GuardOptions = {
  readonly maxRequests: number;
  /** Whether the same request twice is a mistake. */
  readonly refuseRepeats: boolean;
};

/** Longer keys are kept as a digest: a listing of queries by POST would hold all of them otherwise. */
const LONGEST_KEY = 256;

/** Bounds the requests that belong together, and notices when they go in circles. */
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
   * @throws {SourceError} `limit` for one too many; `truncated` for one that was made before, unless it says
   * `cache-control: no-cache`, HTTP's own words for "I know, ask again".
   */
  admit(request: SourceRequest, url: URL): void {
    const { maxRequests, refuseRepeats } = this.#options;
    if (++this.#count > maxRequests) {
      throw new SourceError(
        'limit',
        `More than ${maxRequests} requests to ${url.origin} for one reading. Narrow what is asked for.`,
      );
    }
    if (!refuseRepeats || asksAnew(request)) return;
    const key = keyOf(request, url);
    if (this.#seen.has(key)) {
      throw new SourceError(
        'truncated',
        `Page loop: ${showAddress(url)} came up twice in one listing, so its pages lead back to one that was read.`,
      );
    }
    this.#seen.add(key);
  }
}

function asksAnew({ headers }: SourceRequest): boolean {
  return Object.entries(headers ?? {}).some(
    ([name, value]) => name.toLowerCase() === 'cache-control' && /\bno-cache\b/i.test(value),
  );
}

function keyOf(request: SourceRequest, url: URL): string {
  // Headers count: some APIs page by one.
  const key = JSON.stringify([request.method ?? 'GET', url.href, request.headers, request.body]);
  return key.length <= LONGEST_KEY ? key : createHash('sha256').update(key).digest('base64');
}
