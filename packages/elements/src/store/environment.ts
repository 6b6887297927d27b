/** Reads a URL the way `fetch` does. A host sets its own to add what its API needs (a token, another origin). */
export type Fetcher = (url: string, init: RequestInit) => Promise<Response>;

/** Everything the store touches outside itself. Replaced in tests. */
export type Environment = {
  /** This machine's clock, epoch milliseconds; used only until a server has sent its own time. */
  readonly wallClock: () => number;
  /** Milliseconds that never go back. */
  readonly monotonic: () => number;
  readonly setTimer: (callback: () => void, ms: number) => unknown;
  readonly clearTimer: (timer: unknown) => void;
  /** From 0 to 1, for jitter. */
  readonly random: () => number;
  readonly fetcher: Fetcher;
  readonly isVisible: () => boolean;
  /** Calls back when the tab is hidden or shown; returns a function to stop. */
  readonly watchVisibility: (callback: () => void) => () => void;
  /** Opens server-sent events; `undefined` where there are none. */
  readonly openEvents: ((url: string) => EventSource) | undefined;
  /** Makes a URL absolute; `undefined` for one that is not valid. */
  readonly resolve: (url: string) => URL | undefined;
  readonly origin: () => string;
};

/** The browser. Nothing is touched before a function is called, so that Node can import this. */
export const browserEnvironment: Environment = {
  wallClock: () => Date.now(),
  monotonic: () => performance.now(),
  setTimer: (callback, ms) => setTimeout(callback, ms),
  clearTimer: (timer) => clearTimeout(timer as number),
  random: () => Math.random(),
  fetcher: (url, init) => fetch(url, init),
  isVisible: () => document.visibilityState !== 'hidden',
  watchVisibility: (callback) => {
    document.addEventListener('visibilitychange', callback);
    // A page from the back/forward cache was frozen, whatever its visibility says.
    const show = (event: PageTransitionEvent) => {
      if (event.persisted) callback();
    };
    addEventListener('pageshow', show);
    addEventListener('online', callback);
    return () => {
      document.removeEventListener('visibilitychange', callback);
      removeEventListener('pageshow', show);
      removeEventListener('online', callback);
    };
  },
  openEvents: (url) => new EventSource(url, { withCredentials: true }),
  resolve: (url) => {
    try {
      return new URL(url, document.baseURI);
    } catch {
      return undefined;
    }
  },
  origin: () => location.origin,
};
