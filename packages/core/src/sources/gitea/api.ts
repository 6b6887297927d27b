import { isObject, isText, objectsIn, withoutQuery, withSlash, type JsonObject } from '../reading/body.js';
import { DistinctRows } from '../reading/distinct-rows.js';
import { readPages } from '../reading/read-pages.js';
import { nameFor } from '../reading/vocabulary.js';
import { SourceError, type SourceFetch, type SourceRequest, type SourceResponse } from '../source.js';

/** What messages call the system. */
export const GITEA_API = "Gitea's API";

/** The most rows of a page, unless an administrator has changed `MAX_RESPONSE_ITEMS`. `per_page` is ignored. */
const GITEA_PAGE = 50;

/** Refusals of what only some tokens may see, and of what older servers do not have. */
export const HIDDEN: readonly number[] = [401, 403, 404, 405];

/** The URL of the API of a server. */
export function giteaApi(server: string): string {
  const url = withSlash(server);
  return url.endsWith('/api/v1/') ? url : `${url}api/v1/`;
}

/** The request for a page of a list. Forgejo takes a limit only together with a page. */
export function pageRequest(url: string, page: number, query = '', refused: readonly number[] = []): SourceRequest {
  return { url: `${url}?${query}page=${page}&limit=${GITEA_PAGE}`, accept: refused };
}

/** The rows of a page and how many there are in all. */
export type CountedPage = { readonly rows: readonly unknown[]; readonly total: number };

/**
 * The rows of a counted list.
 *
 * @throws {SourceError} `shape` if the list or its count is missing or of another type.
 */
export function countedPage({ body, url }: SourceResponse, name: string): CountedPage {
  const { [name]: rows, total_count: total } = isObject(body) ? body : {};
  if (Array.isArray(rows) && typeof total === 'number') return { rows: rows as readonly unknown[], total };
  throw new SourceError(
    'shape',
    `${withoutQuery(url)} sent no counted list of ${name}. Is this the URL of ${GITEA_API}?`,
  );
}

/**
 * All rows of a list, every page of it; `undefined` if the first response is a refusal. Forgejo sends the jobs of a run as a bare
 * list, which has one page.
 *
 * @param name of the field with the rows
 * @throws {SourceError} `truncated` if rows are missing.
 */
export async function allRows(
  url: string,
  name: string,
  fetch: SourceFetch,
  query = '',
): Promise<readonly JsonObject[] | undefined> {
  const rows = new DistinctRows((row) => row);
  // What begins while pages are read raises the count, and comes too late for them.
  let total = Infinity;
  let pages = 1;
  const all = readPages(pageRequest(url, 1, query, HIDDEN), fetch, (response) => {
    if (response.status >= 400) return { page: undefined, next: undefined };
    const page = Array.isArray(response.body)
      ? { rows: response.body as readonly unknown[], total: response.body.length }
      : countedPage(response, name);
    const added = rows.add(objectsIn(page.rows, name, GITEA_API));
    total = Math.min(total, page.total);
    const next = rows.size < total && added > 0 ? pageRequest(url, ++pages, query) : undefined;
    return { page, next };
  });
  for await (const page of all) if (page === undefined) return undefined;
  if (rows.size >= total) return rows.rows;
  throw new SourceError('truncated', `${withoutQuery(url)} counts ${total} ${name} and sent ${rows.size}.`);
}

/**
 * The names in a list.
 *
 * @throws {SourceError} `shape` for one that is no text: without it, a runner would seem to fit a job, or a job a runner.
 */
export function textsIn(list: readonly unknown[], name: string): readonly string[] {
  if (list.every(isText)) return list.map(nameFor);
  throw new SourceError('shape', `${name} of ${GITEA_API} holds something that is no text.`);
}

/** A fetch that sends each request once and gives its response to all who ask again. */
export function remembering(fetch: SourceFetch): SourceFetch {
  const sent = new Map<string, ReturnType<SourceFetch>>();
  return (request) => {
    const response = sent.get(request.url) ?? fetch(request);
    sent.set(request.url, response);
    return response;
  };
}
