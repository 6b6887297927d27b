import { hasNumber, isObject, withoutQuery, withSlash, type JsonObject } from '../reading/body.js';
import { DistinctRows } from '../reading/distinct-rows.js';
import { nextLink } from '../reading/link-header.js';
import { readPages } from '../reading/read-pages.js';
import { SourceError, type SourceFetch, type SourceResponse } from '../source.js';

/** Sent with every request to GitHub. */
export const GITHUB_HEADERS = {
  accept: 'application/vnd.github+json',
  'x-github-api-version': '2022-11-28',
} as const;

/** What messages call the system. */
export const GITHUB_API = "GitHub's API";

/** The most rows that a page of a list has. */
export const GITHUB_PAGE = 100;

/** The URL of the REST API of a GitHub server: below `/api/v3` on an Enterprise server, on a host of its own elsewhere. */
export function githubApi(server: string | undefined): string {
  if (server === undefined) return 'https://api.github.com/';
  const url = new URL(withSlash(server));
  if (url.hostname === 'github.com') return 'https://api.github.com/';
  const ownHost = url.hostname.startsWith('api.') || url.pathname.endsWith('/api/v3/');
  return ownHost ? url.href : `${url.href}api/v3/`;
}

/**
 * All rows of a counted list, every page of it; `undefined` if the first response has a status of those `refused`.
 *
 * @param name of the field with the rows.
 * @throws {SourceError} `shape` if the list or its count has another type, `truncated` if rows are missing.
 */
export async function githubRows(
  url: string,
  name: string,
  fetch: SourceFetch,
  refused: readonly number[] = [],
): Promise<readonly JsonObject[] | undefined> {
  const first = { url: `${url}?per_page=${GITHUB_PAGE}`, headers: GITHUB_HEADERS, accept: refused };
  const rows = new DistinctRows((row) => row);
  // What begins while pages are read raises the count, and comes too late for them.
  let total = Infinity;
  const pages = readPages(first, fetch, (response) => {
    if (response.status >= 400) return { page: undefined, next: undefined };
    const link = nextLink(response.headers.get('link'));
    const next = link === undefined ? undefined : { url: new URL(link, url).href, headers: GITHUB_HEADERS };
    return { page: pageOf(response, name), next };
  });
  for await (const page of pages) {
    if (page === undefined) return undefined;
    rows.add(page.rows);
    total = Math.min(total, page.total);
  }
  if (rows.size >= total) return rows.rows;
  throw new SourceError('truncated', `${withoutQuery(url)} counts ${total} ${name} and sent ${rows.size}.`);
}

function pageOf({ body, url }: SourceResponse, name: string) {
  const { [name]: rows, total_count: total } = isObject(body) ? body : {};
  if (Array.isArray(rows) && rows.every(isObject) && hasNumber(total)) return { rows, total };
  throw new SourceError(
    'shape',
    `${withoutQuery(url)} sent no counted list of ${name}. Is this the URL of ${GITHUB_API}?`,
  );
}

/**
 * A fetch that stops when the requests that GitHub allows in an hour are used up, those under way included: a client that continues
 * may be blocked.
 *
 * @throws {SourceError} `rate_limited` in place of a further request.
 */
export function withinRateLimit(fetch: SourceFetch): SourceFetch {
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
