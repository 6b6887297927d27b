import { ApiFeed } from './api-feed.js';
import type { Fetcher } from './environment.js';
import type { OpsStore } from './ops-store.js';
import { currentPage, type Page } from './page.js';
import { RunStore, type StoreScope } from './run-store.js';

/** Which run API is read, and for whom. */
export type StoreOptions = StoreScope & {
  /** URL of the run API; of another origin only with a `fetcher`. */
  readonly src: string;
  readonly fetcher?: Fetcher | undefined;
};

/** Makes a store of a run API that is not shared, for a host that hands it to elements itself. */
export function createOpsStore(options: StoreOptions, page: Page = currentPage()): OpsStore {
  const { src, fetcher, tenant, workspace } = options;
  const scope = { tenant, workspace };
  const store = new RunStore(page, scope);
  const url = page.environment.resolve(src);
  if (url === undefined || (fetcher === undefined && url.origin !== page.environment.origin())) {
    const message = `No request was sent to ${src}: a URL of another origin needs a fetcher.`;
    store.fail({ kind: 'config', status: undefined, message, retryAt: undefined }, 'misconfigured');
  } else {
    store.feed = new ApiFeed(store, { base: baseOf(url), scope, fetcher });
  }
  return store;
}

/** The store that all elements of the page share for one API, scope and fetcher. Forgotten when the last of them leaves. */
export function sharedStore(options: StoreOptions, page: Page = currentPage()): OpsStore {
  const { src, fetcher, tenant, workspace } = options;
  const url = page.environment.resolve(src);
  const key = JSON.stringify([url && baseOf(url), tenant, workspace, page.fetcherId(fetcher)]);
  let store = page.stores.get(key);
  if (store === undefined) {
    store = createOpsStore(options, page);
    page.stores.set(key, store);
    store.abandoned = () => page.stores.delete(key);
  }
  return store;
}

function baseOf({ origin, pathname }: URL): string {
  return origin + pathname.replace(/\/$/, '');
}
