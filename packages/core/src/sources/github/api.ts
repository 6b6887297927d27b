import { withSlash } from '../reading/body.js';
import { SourceError, type SourceFetch } from '../source.js';

/** Sent with every request to GitHub. */
export const GITHUB_HEADERS = {
  accept: 'application/vnd.github+json',
  'x-github-api-version': '2022-11-28',
} as const;

/** What stands in messages for whom we ask. */
export const GITHUB_API = "GitHub's API";

/** The most that a page of a list of GitHub holds. */
export const GITHUB_PAGE = 100;

/** The address of the REST API of a GitHub server: below `/api/v3` on an Enterprise server, on a host of its own elsewhere. */
export function githubApi(server: string | undefined): string {
  if (server === undefined) return 'https://api.github.com/';
  const url = new URL(withSlash(server));
  if (url.hostname === 'github.com') return 'https://api.github.com/';
  const ownHost = url.hostname.startsWith('api.') || url.pathname.endsWith('/api/v3/');
  return ownHost ? url.href : `${url.href}api/v3/`;
}

/**
 * A fetch that asks no more once the requests that GitHub allows in an hour are used up, those under way included: who goes on
 * regardless may be shut out.
 *
 * @throws {SourceError} `rate_limited` in place of a further request.
 */
export function heedingLimit(fetch: SourceFetch): SourceFetch {
  let left = Infinity;
  let underWay = 0;
  let reset: string | null = null;
  return async (request) => {
    if (left <= underWay) {
      const when = reset === null || !/^\d{1,10}$/.test(reset) ? '' : ` before ${timeOf(Number(reset))}`;
      throw new SourceError('rate_limited', `GitHub allows no more requests${when}.`);
    }
    underWay++;
    const response = await fetch(request).finally(() => underWay--);
    const remaining = response.headers.get('x-ratelimit-remaining');
    if (remaining !== null && /^\d{1,10}$/.test(remaining)) left = Math.min(left, Number(remaining));
    reset = response.headers.get('x-ratelimit-reset') ?? reset;
    return response;
  };
}

function timeOf(epochSeconds: number): string {
  return new Date(epochSeconds * 1000).toISOString().replace('.000Z', 'Z');
}
