import { askAgain } from './ask-again.js';
import { readPages } from './read-pages.js';
import type { SourceFetch, SourceRequest, SourceResponse } from '../source.js';

/** One response of a counted list: its rows, the id of each, and the total. */
export type CountedRows = {
  readonly rows: readonly unknown[];
  readonly idOf: (row: unknown) => string | undefined;
  readonly total: number;
};

/** A list whose responses state the total, paginated by page number or offset. */
export type CountedList = {
  /** The request for the page after so many pages and rows. */
  readonly request: (pages: number, rows: number) => SourceRequest;
  readonly read: (response: SourceResponse) => CountedRows;
  /** How many rows are wanted. */
  readonly limit: number;
  /** The name of the system in messages. */
  readonly system: string;
};

/** Rows as they arrive, and why they are incomplete. */
export type RowPage = {
  readonly rows: readonly unknown[];
  readonly total: number;
  readonly incomplete: string | undefined;
};

/**
 * Reads a list that is paginated by number or offset, and notices missed rows.
 *
 * A run that leaves such a list while it is read moves another one to a page that was already read. If fewer rows arrived than the
 * system counted, the list is read a second time; if rows are still missing, it is reported as incomplete.
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
  const next = () => (again ? askAgain(request(pages, arrived)) : request(pages, arrived));
  return readPages<RowPage>(next(), fetch, (response) => {
    const { rows, idOf, total } = read(response);
    pages++;
    arrived += rows.length;
    announced = Math.max(announced, total);
    for (const row of rows) seen.add(idOf(row) ?? `unnamed ${seen.size}`);
    // A server may send fewer rows than requested, so a short page need not be the last one. An empty page is.
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
