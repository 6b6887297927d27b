import { FILTER_KEYS, filterFromSearch, filterToSearch, type RunFilter } from '@tardy/core';

/** Whether a slice goes into the address of the page, and whether it is a step to come back from. */
export type SyncUrl = 'none' | 'replace' | 'push';

/** What the address says of a list: `undefined` where it says nothing. */
export type Place = { readonly filter: RunFilter; readonly page: number };

const PAGE = 'page';
const KEYS = [...FILTER_KEYS, PAGE];

/** Reads the place from the page's address; `prefix` tells one list's keys from another's. */
export function placeFromUrl(prefix: string): Place | undefined {
  const own = new URLSearchParams();
  for (const [key, value] of new URLSearchParams(location.search)) {
    if (key.startsWith(prefix) && KEYS.includes(key.slice(prefix.length))) own.set(key.slice(prefix.length), value);
  }
  if (own.size === 0) return undefined;
  return { filter: filterFromSearch(own.toString()), page: Math.max(1, Math.floor(Number(own.get(PAGE))) || 1) };
}

/** Writes the place into the page's address, and leaves alone what is not ours. */
export function placeToUrl(prefix: string, { filter, page }: Place, sync: SyncUrl): void {
  const url = new URL(location.href);
  for (const key of KEYS) url.searchParams.delete(prefix + key);
  for (const [key, value] of new URLSearchParams(filterToSearch(filter))) url.searchParams.set(prefix + key, value);
  if (page > 1) url.searchParams.set(prefix + PAGE, String(page));
  if (url.href === location.href) return;
  if (sync === 'push') history.pushState(history.state, '', url);
  else history.replaceState(history.state, '', url);
}
