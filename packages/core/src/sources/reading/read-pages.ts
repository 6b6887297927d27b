import { SourceError, type SourceFetch, type SourcePage, type SourceRequest, type SourceResponse } from '../source.js';

/** One page, and the request for the one after it; absent on the last. */
export type PageStep<Page = SourcePage> = { readonly page: Page; readonly next: SourceRequest | undefined };

/**
 * Reads a list page by page. The next page is already on its way while the caller works on this one.
 *
 * @throws {SourceError} when a `next` leads back to a page that was already asked for, after all that was read is yielded.
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
    const key = keyOf(next);
    const circular = asked.has(key);
    if (!circular) {
      asked.add(key);
      pending = start(next, fetch);
    }
    yield page;
    if (circular)
      throw new SourceError('shape', `The pages go in circles: after page ${asked.size} comes one that was read.`);
  }
}

function start(request: SourceRequest, fetch: SourceFetch): Promise<SourceResponse> {
  const pending = Promise.resolve(request).then(fetch);
  // A caller that stops early never awaits it; a failure is still thrown where it is awaited.
  pending.catch(() => {});
  return pending;
}

function keyOf({ url, body }: SourceRequest): string {
  return body === undefined ? url : `${url}\n${JSON.stringify(body)}`;
}
