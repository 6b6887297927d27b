import { SourceError, type SourceFetch, type SourcePage, type SourceRequest, type SourceResponse } from '../source.js';

/**
 * One page, and the request for the one after it; absent on the last. An error if the page names a next one that cannot be requested:
 * it is thrown after the page has been yielded.
 */
export type PageStep<Page = SourcePage> = {
  readonly page: Page;
  readonly next: SourceRequest | SourceError | undefined;
};

/**
 * Reads a list page by page. The next page is requested while the caller works on this one.
 *
 * @throws {SourceError} if a `next` leads back to a page that was already requested; everything read so far is yielded first.
 */
export async function* readPages<Page = SourcePage>(
  first: SourceRequest,
  fetch: SourceFetch,
  read: (response: SourceResponse) => PageStep<Page>,
): AsyncGenerator<Page, void> {
  const asked = new Set([keyOf(first)]);
  let pending = start(first, fetch);
  for (;;) {
    const { page, next } = read(await pending);
    if (next === undefined) {
      yield page;
      return;
    }
    if (next instanceof SourceError) {
      yield page;
      throw next;
    }
    const key = keyOf(next);
    const circular = asked.has(key);
    if (!circular) {
      asked.add(key);
      pending = start(next, fetch);
    }
    yield page;
    if (circular)
      throw new SourceError(
        'shape',
        `Pagination loops: page ${asked.size} links back to a page that was already read.`,
      );
  }
}

function start(request: SourceRequest, fetch: SourceFetch): Promise<SourceResponse> {
  const pending = Promise.resolve(request).then(fetch);
  // A caller that stops early never awaits this promise. Whoever awaits it still sees the failure.
  pending.catch(() => {});
  return pending;
}

function keyOf({ url, body }: SourceRequest): string {
  return body === undefined ? url : `${url}\n${JSON.stringify(body)}`;
}
