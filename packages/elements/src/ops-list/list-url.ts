import { FILTER_KEYS, filterFromSearch, filterToSearch, type RunFilter } from '@tardy/core';

/** Whether a slice is written to the page's URL, and whether as a history entry of its own. */
export type SyncUrl = 'none' | 'replace' | 'push';

/** The state of a list in the page's URL. */
export type Place = { readonly filter: RunFilter; readonly page: number };

const PAGE = 'page';
const KEYS = [...FILTER_KEYS, PAGE];

/** Reads the place from the page's URL, `undefined` if it has none; `prefix` separates the keys of several lists. */
export function placeFromUrl(prefix: string): Place | undefined {
  const own = new URLSearchParams();
  for (const [key, value] of new URLSearchParams(location.search)) {
    if (key.startsWith(prefix) && KEYS.includes(key.slice(prefix.length))) own.set(key.slice(prefix.length), value);
  }
  if (own.size === 0) return undefined;
  return { filter: filterFromSearch(own.toString()), page: Math.max(1, Math.floor(Number(own.get(PAGE))) || 1) };
}

/** Writes the place into the page's URL, and changes nothing else in it. */
export function placeToUrl(prefix: string, { filter, page }: Place, sync: SyncUrl): void {
  const url = new URL(location.href);
  for (const key of KEYS) url.searchParams.delete(prefix + key);
  for (const [key, value] of new URLSearchParams(filterToSearch(filter))) url.searchParams.set(prefix + key, value);
  if (page > 1) url.searchParams.set(prefix + PAGE, String(page));
  if (url.href === location.href) return;
  if (sync === 'push') history.pushState(history.state, '', url);
  else history.replaceState(history.state, '', url);
}
