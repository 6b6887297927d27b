import { readPages } from './read-pages.js';
import type { SourceFetch, SourceRequest, SourceResponse } from '../source.js';

/** What one answer of a counted list holds: its rows with what names each, and how many there are in all. */
export type CountedRows = {
  readonly rows: readonly unknown[];
  readonly idOf: (row: unknown) => string | undefined;
  readonly total: number;
};

/** A list whose answers say how many rows there are, read from a page number or an offset on. */
export type CountedList = {
  /** The request for a page, by how many pages and rows were read before it. */
  readonly request: (pages: number, rows: number) => SourceRequest;
  readonly read: (response: SourceResponse) => CountedRows;
  /** How many rows are wanted. */
  readonly limit: number;
  /** Who counts, for messages. */
  readonly system: string;
};

/** Rows as they arrive, and what makes them less than the whole. */
export type RowPage = {
  readonly rows: readonly unknown[];
  readonly total: number;
  readonly incomplete: string | undefined;
};

/**
 * Reads a list that is paged by number or offset, and notices when rows were missed.
 *
 * A run that leaves such a list while it is read pulls another over a page's edge, unseen. When fewer rows came than were counted
 * the list is read a second time, and only if that lacks rows as well the answer counts as incomplete.
 */
export async function* readCounted(list: CountedList, fetch: SourceFetch): AsyncGenerator<RowPage, void> {
  const seen = new Set<string>();
  const first = readOnce(list, fetch, seen, false);
  let lacking: string | undefined;
  for await (const page of first) {
    lacking = page.incomplete;
    yield { ...page, incomplete: undefined };
  }
  if (lacking !== undefined) yield* readOnce(list, fetch, seen, true);
}

function readOnce(
  { request, read, limit, system }: CountedList,
  fetch: SourceFetch,
  seen: Set<string>,
  again: boolean,
): AsyncGenerator<RowPage, void> {
  let pages = 0;
  let arrived = 0;
  let announced = 0;
  const next = () => (again ? askedAnew(request(pages, arrived)) : request(pages, arrived));
  return readPages<RowPage>(next(), fetch, (response) => {
    const { rows, idOf, total } = read(response);
    pages++;
    arrived += rows.length;
    announced = Math.max(announced, total);
    for (const row of rows) seen.add(idOf(row) ?? `unnamed ${seen.size}`);
    // A server may send fewer rows than it was asked for, so a short page is not the last one; an empty one is.
    if (arrived < Math.min(limit, total) && rows.length > 0)
      return { page: { rows, total, incomplete: undefined }, next: next() };
    const wanted = Math.min(limit, announced);
    const incomplete =
      seen.size < wanted
        ? `${system} counts ${announced} runs and sent ${seen.size}: the list changed while it was read.`
        : undefined;
    return {
      page: { rows: rows.slice(0, rows.length - Math.max(0, arrived - limit)), total, incomplete },
      next: undefined,
    };
  });
}

/** Transports refuse the same request twice in a list unless it says that it knows. */
function askedAnew(request: SourceRequest): SourceRequest {
  return { ...request, headers: { ...request.headers, 'cache-control': 'no-cache' } };
}
