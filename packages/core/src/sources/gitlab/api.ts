import {
  isObject,
  listField,
  queryText,
  textField,
  withoutQuery,
  withSlash,
  type JsonObject,
} from '../reading/body.js';
import { readPages } from '../reading/read-pages.js';
import { serverClock } from '../reading/wire-time.js';
import { SourceError, type SourceFetch, type SourceRequest, type SourceResponse } from '../source.js';
import type { Instant } from '../../run.js';

/** The most rows that a page of a list has. */
export const GITLAB_PAGE = 100;

/** The URL of a GitLab server, with a slash at its end. */
export function gitlabAddress(server: string | undefined): string {
  return withSlash(server ?? 'https://gitlab.com');
}

/** A page of a list: its rows, whether another follows, and how many rows there are if GitLab says so. */
export type GitlabPage = {
  readonly rows: readonly unknown[];
  readonly more: boolean;
  readonly total: number | undefined;
};

/**
 * Reads a page of a list. GitLab sends the page and the total in headers; it leaves the total out of lists of more than 10,000, and a
 * proxy may drop them all.
 *
 * @throws {SourceError} `shape` if the body is not a list.
 */
export function gitlabPage(response: SourceResponse, size = GITLAB_PAGE): GitlabPage {
  const { body, headers, url } = response;
  if (!Array.isArray(body)) throw noGitlab(url);
  const next = headers.get('x-next-page');
  const total = headers.get('x-total');
  return {
    rows: body as readonly unknown[],
    more: next === null ? body.length >= size : next !== '',
    total: total !== null && /^\d{1,12}$/.test(total) ? Number(total) : undefined,
  };
}

/**
 * Reads a list that is not filtered: if it is empty, only GitLab's own headers tell it from something else that responds there.
 *
 * @throws {SourceError} `shape` if it may be something else.
 */
export function gitlabFirstPage(response: SourceResponse, size = GITLAB_PAGE): GitlabPage {
  const page = gitlabPage(response, size);
  if (page.rows.length > 0 || page.total !== undefined || response.headers.get('x-next-page') !== null) return page;
  throw noGitlab(response.url);
}

/** All rows of a list, and the clock of the server. */
export type GitlabRows = { readonly rows: readonly JsonObject[]; readonly clock: Instant | undefined };

/** A credential that may read pipelines may lack the right to read what is inside; the token of a job does. */
const REFUSED = [401, 403, 404];

/**
 * All rows of a list, every page of it; `undefined` if it may not be read.
 *
 * @throws {SourceError} `shape` if the list or one of its rows has another type.
 */
export async function gitlabRows(
  url: string,
  fetch: SourceFetch,
  filter: Parameters<typeof queryText>[0] = [],
): Promise<GitlabRows | undefined> {
  const request = (page: number): SourceRequest => ({
    url: `${url}?${queryText([...filter, ['per_page', GITLAB_PAGE], ['page', page > 1 ? page : undefined]])}`,
    accept: REFUSED,
  });
  const rows: JsonObject[] = [];
  let clock: Instant | undefined;
  let read = 0;
  let arrived = 0;
  const pages = readPages(request(1), fetch, (response) => {
    if (response.status >= 400) return { page: undefined, next: undefined };
    clock = serverClock(response);
    const page = gitlabPage(response);
    arrived += page.rows.length;
    if (!page.more && arrived < (page.total ?? 0)) {
      throw new SourceError('truncated', `${withoutQuery(url)} counts ${page.total} rows and sent ${arrived}.`);
    }
    return { page, next: page.more ? request(++read + 1) : undefined };
  });
  for await (const page of pages) {
    if (page === undefined) return undefined;
    if (!page.rows.every(isObject)) throw noGitlab(url);
    rows.push(...page.rows);
  }
  return { rows, clock };
}

/**
 * What a GraphQL query found under these names; `undefined` if the credential or the version of the server does not allow it.
 *
 * @throws {SourceError} `shape` if the response is not one of GraphQL.
 */
export async function gitlabGraphql(
  address: string,
  query: string,
  variables: JsonObject,
  fetch: SourceFetch,
): Promise<JsonObject | undefined> {
  const url = `${address}api/graphql`;
  const response = await fetch({ url, method: 'POST', body: { query, variables }, accept: [400, ...REFUSED] });
  if (response.status >= 400) return undefined;
  const { body } = response;
  const errors = isObject(body) ? (listField(body, 'errors', 'GitLab') ?? []) : [];
  if (errors.length > 0 && errors.every(isRefusal)) return undefined;
  if (errors.length > 0) throw new SourceError('shape', `${url} sent an error with a successful status.`);
  if (isObject(body) && isObject(body['data'])) return body['data'];
  throw new SourceError('shape', `${url} sent no response of GraphQL. Is this the URL of a GitLab server?`);
}

/** Whether GraphQL says that the server does not know what was asked for, or does not let the credential see it. */
function isRefusal(error: unknown): boolean {
  const message = textField(error, 'message', 'GitLab') ?? '';
  return REFUSALS.some((refusal) => message.includes(refusal));
}

/** In the words of the library that GitLab uses (graphql-ruby), and of GitLab. */
const REFUSALS = [
  "doesn't exist on type",
  "doesn't accept argument",
  'Variable $',
  "isn't a defined input type",
  'has an invalid value',
  "don't have permission",
  'does not exist or',
];

function noGitlab(url: string): SourceError {
  return new SourceError('shape', `${withoutQuery(url)} sent no list of GitLab. Is this the URL of a GitLab server?`);
}
