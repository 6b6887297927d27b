import { browserEnvironment, type Environment, type Fetcher } from './environment.js';
import type { OpsStore } from './ops-store.js';

/** What a host may set for the page. No attribute of an element exceeds it. */
export type OpsLimits = {
  /** Requests per minute, over all stores. */
  budget: number;
  /** The least time between two polls of one store, in milliseconds. */
  floorMs: number;
};

const MINUTE_MS = 60_000;
/** What a person waits for may exceed the budget by so much: no loop of a host's page can ask for more. */
const URGENT_SHARE = 4;
/** How long what an API said about itself is remembered. */
const REMEMBER_MS = 10 * MINUTE_MS;
/** The longest delay a timer takes; anything beyond fires at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** What all stores of a page share: limits, the budget of requests, and one timer to whatever changes next. */
export class Page {
  readonly environment: Environment;
  readonly limits: OpsLimits = { budget: 30, floorMs: 2000 };
  readonly stores = new Map<string, OpsStore>();
  /** Whether the host wants to keep what is shown after the viewer was signed out. Unset by the next good response. */
  keepsSignedOut: boolean | undefined;
  /** The announcer of the page, made by the first element that announces. */
  announcer: unknown;
  readonly #sent: number[] = [];
  readonly #remembered = new Map<string, { readonly until: number; readonly value: Promise<unknown> }>();
  readonly #fetchers = new WeakMap<Fetcher, number>();
  readonly #wakes = new Map<() => void, number>();
  #fetcherCount = 0;
  #timer: unknown;

  constructor(environment: Environment) {
    this.environment = environment;
    try {
      environment.watchVisibility(() => this.#arm());
    } catch {
      // No document: a server that renders elements never wakes them.
    }
  }

  /** The same number for the same fetcher. */
  fetcherId(fetcher: Fetcher | undefined): number {
    if (fetcher === undefined) return 0;
    const id = this.#fetchers.get(fetcher) ?? ++this.#fetcherCount;
    this.#fetchers.set(fetcher, id);
    return id;
  }

  /** The same answer for all stores of the page: asked once, and again after ten minutes or a failure. */
  remember<T>(key: string, ask: () => Promise<T>): Promise<T> {
    const now = this.environment.monotonic();
    const known = this.#remembered.get(key);
    if (known !== undefined && known.until > now) return known.value as Promise<T>;
    const value = ask();
    this.#remembered.set(key, { until: now + REMEMBER_MS, value });
    value.catch(() => this.#remembered.delete(key));
    return value;
  }

  /** An API has none of this, such as events: nobody asks for ten minutes. */
  lacks(key: string): void {
    this.#remembered.set(key, { until: this.environment.monotonic() + REMEMBER_MS, value: Promise.resolve() });
  }

  /** Whether that was found a moment ago. */
  isLacking(key: string): boolean {
    return (this.#remembered.get(key)?.until ?? -Infinity) > this.environment.monotonic();
  }

  /** Asks again the next time. */
  forget(key: string): void {
    this.#remembered.delete(key);
  }

  /** How many stores are shown by an element. */
  get activeStores(): number {
    return [...this.stores.values()].filter(({ stats }) => stats.listeners > 0).length;
  }

  /** Forgets what no element shows any more: another viewer may come. */
  forgetUnused(): void {
    for (const store of this.stores.values()) if (store.stats.listeners === 0) store.abandoned?.();
  }

  /**
   * Waits until the budget allows one more request, and spends it; throws once `signal` is aborted. What is `urgent` comes first: a
   * person waits for it. `waits` is called with the time of a wait, in milliseconds.
   */
  async spend(signal: AbortSignal, urgent = false, waits?: (ms: number) => void): Promise<void> {
    const { monotonic, setTimer } = this.environment;
    for (;;) {
      signal.throwIfAborted();
      const now = monotonic();
      while ((this.#sent[0] ?? now) <= now - MINUTE_MS) this.#sent.shift();
      const most = this.limits.budget * (urgent ? URGENT_SHARE : 1);
      if (this.#sent.length < most) break;
      const wait = (this.#sent[this.#sent.length - most] ?? now) + MINUTE_MS - now;
      waits?.(wait);
      await new Promise<void>((resolve) => {
        setTimer(resolve, wait);
        signal.addEventListener('abort', () => resolve());
      });
    }
    this.#sent.push(monotonic());
  }

  /** How many requests were sent in the last minute. */
  get requestsPerMinute(): number {
    const now = this.environment.monotonic();
    return this.#sent.filter((at) => at > now - MINUTE_MS).length;
  }

  /** Calls back once `ms` from now (never for `Infinity`), in the same task as all others due by then, and not in a hidden tab. */
  wake(callback: () => void, ms: number): void {
    if (ms === Infinity) this.#wakes.delete(callback);
    else this.#wakes.set(callback, this.environment.monotonic() + ms);
    this.#arm();
  }

  #arm(): void {
    const { clearTimer, setTimer, monotonic, isVisible } = this.environment;
    clearTimer(this.#timer);
    if (this.#wakes.size === 0 || !isVisible()) return;
    const wait = Math.min(...this.#wakes.values()) - monotonic();
    this.#timer = setTimer(() => this.#fire(), Math.min(Math.max(Math.ceil(wait), 0), LONGEST_TIMER_MS));
  }

  #fire(): void {
    const now = this.environment.monotonic();
    for (const [callback, at] of [...this.#wakes]) {
      if (at > now) continue;
      this.#wakes.delete(callback);
      callback();
    }
    this.#arm();
  }
}

const KEY = Symbol.for('tardy.stores/1');

/** The page; also one if two bundles contain this file. */
export function currentPage(): Page {
  const holder = globalThis as unknown as { [KEY]?: Page };
  return (holder[KEY] ??= new Page(browserEnvironment));
}

/** Puts another page in place; for tests. */
export function replacePage(page: Page | undefined): void {
  const holder = globalThis as unknown as { [KEY]?: Page | undefined };
  holder[KEY] = page;
}

/** Forgets what was read for elements that have left the page. Call it when the viewer signs out without leaving the page. */
export function forgetOps(): void {
  currentPage().forgetUnused();
}

/** Sets limits for all elements of the page. */
export function configureOps(limits: Partial<OpsLimits>): void {
  Object.assign(currentPage().limits, limits);
}
