import { withoutQuery, withSlash } from '../reading/body.js';
import { SourceError, type SourceResponse } from '../source.js';

/** The most that a page of a list of GitLab holds. */
export const GITLAB_PAGE = 100;

/** The address of a GitLab server, with a slash at its end. */
export function gitlabAddress(server: string | undefined): string {
  return withSlash(server ?? 'https://gitlab.com');
}

/** A page of a list: its rows, whether another follows, and how many rows there are where GitLab says so. */
export type GitlabPage = {
  readonly rows: readonly unknown[];
  readonly more: boolean;
  readonly total: number | undefined;
};

/**
 * Reads a page of a list. GitLab tells in headers where it stands; it leaves the total out of lists of more than 10,000, and a proxy may
 * drop them all.
 *
 * @throws {SourceError} `shape` when the body is no list.
 */
export function gitlabPage(response: SourceResponse, size = GITLAB_PAGE): GitlabPage {
  const { body, headers, url } = response;
  if (!Array.isArray(body)) {
    throw noGitlab(url);
  }
  const next = headers.get('x-next-page');
  const total = headers.get('x-total');
  return {
    rows: body as readonly unknown[],
    more: next === null ? body.length >= size : next !== '',
    total: total !== null && /^\d{1,12}$/.test(total) ? Number(total) : undefined,
  };
}

/**
 * Reads a list that is not filtered: when that is empty, only GitLab's own headers tell it from something else that answers there.
 *
 * @throws {SourceError} `shape` when it may be something else.
 */
export function gitlabFirstPage(response: SourceResponse, size = GITLAB_PAGE): GitlabPage {
  const page = gitlabPage(response, size);
  if (page.rows.length > 0 || page.total !== undefined || response.headers.get('x-next-page') !== null) return page;
  throw noGitlab(response.url);
}

function noGitlab(url: string): SourceError {
  return new SourceError('shape', `${withoutQuery(url)} sent no list of GitLab's. Is this the URL of a GitLab server?`);
}
