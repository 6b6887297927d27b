/** One for all elements of a page: those with the same fetcher share their requests. */
const fetcher = (url: string, init: RequestInit): Promise<Response> => fetch(url, init);

/**
 * Makes an element poll instead of listening to server-sent events. A browser opens six connections to a host for all of its tabs, and each
 * stream would hold one of them: the seventh tab would wait forever.
 */
export function pollOnly(element: Element): void {
  Object.assign(element, { fetcher });
}
