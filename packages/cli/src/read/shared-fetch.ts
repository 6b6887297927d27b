import { SourceError, type SourceFetch, type SourceRequest, type SourceResponse } from '@tardy/core/sources';

/** How many requests one source may still get. */
export class RequestBudget {
  /** Requests sent so far. */
  used = 0;
  readonly limit: number;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** Counts every request that goes through `fetch`, and refuses those beyond the limit with a `SourceError` `limit`. */
  bound(fetch: SourceFetch): SourceFetch {
    return async (request) => {
      if (this.used >= this.limit) {
        throw new SourceError(
          'limit',
          `The second look has sent the ${this.limit} requests that it may send to this source. Raise --max-requests to look at all.`,
        );
      }
      this.used++;
      return fetch(request);
    };
  }
}

/**
 * Sends identical requests once: 200 runs behind one limit then cost the requests of their group, not of each run. A request with
 * `cache-control: no-cache` is sent again, and its response serves the later ones.
 */
export function sharedFetch(fetch: SourceFetch): SourceFetch {
  const responses = new Map<string, Promise<SourceResponse>>();
  return (request) => {
    const key = keyOf(request);
    const known = responses.get(key);
    if (known !== undefined && !asksAgain(request)) return known;
    const response = fetch(request);
    responses.set(key, response);
    return response;
  };
}

function keyOf({ method = 'GET', url, headers, body, accept }: SourceRequest): string {
  const kept = Object.entries(headers ?? {}).filter(([name]) => name.toLowerCase() !== 'cache-control');
  return JSON.stringify([method, url, kept, body, accept]);
}

function asksAgain({ headers }: SourceRequest): boolean {
  return Object.entries(headers ?? {}).some(
    ([name, value]) => name.toLowerCase() === 'cache-control' && value.includes('no-cache'),
  );
}
