import { formatInstant, type Instant } from '@tardy/core';
import { browserEnvironment, type Environment } from './store/environment.js';
import { Page, replacePage } from './store/page.js';

/** The instant at which the clocks of tests start. */
export const T0: Instant = Date.UTC(2026, 10, 23, 12, 0, 0);

type Timer = { readonly at: number; readonly callback: () => void };

/** A page whose time passes when a test says so, while its requests go over real HTTP. */
export class TestEnvironment implements Environment {
  time = 1000;
  visible = true;
  /** The error of the local clock. */
  localErrorMs = 0;
  random = () => 0.5;
  openEvents: Environment['openEvents'] = undefined;
  /** Responds in place of the network. */
  intercept: Environment['fetcher'] | undefined;
  readonly page: Page;
  readonly #timers = new Set<Timer>();
  readonly #watchers = new Set<() => void>();
  #pending = 0;

  constructor() {
    this.page = new Page(this);
    replacePage(this.page);
  }

  readonly wallClock = () => this.serverNow() + this.localErrorMs;
  readonly monotonic = () => this.time;
  readonly isVisible = () => this.visible;
  readonly resolve = browserEnvironment.resolve;
  readonly origin = browserEnvironment.origin;

  serverNow(): Instant {
    return T0 + this.time - 1000;
  }

  readonly setTimer = (callback: () => void, ms: number): Timer => {
    const timer = { at: this.time + ms, callback };
    this.#timers.add(timer);
    return timer;
  };

  readonly clearTimer = (timer: unknown): void => {
    this.#timers.delete(timer as Timer);
  };

  readonly fetcher = async (url: string, init: RequestInit): Promise<Response> => {
    if (this.intercept !== undefined) return this.intercept(url, init);
    this.#pending++;
    const headers = { ...(init.headers as Record<string, string>), 'x-test-now': formatInstant(this.serverNow()) };
    try {
      const response = await fetch(url, { ...init, headers });
      // Read to its end here, so that using it takes no further time.
      const body = await response.arrayBuffer();
      const { status } = response;
      return new Response(status === 304 || status === 204 ? null : body, { status, headers: response.headers });
    } finally {
      this.#pending--;
    }
  };

  readonly watchVisibility = (callback: () => void) => {
    this.#watchers.add(callback);
    return () => this.#watchers.delete(callback);
  };

  show(visible: boolean): void {
    this.visible = visible;
    for (const watcher of [...this.#watchers]) watcher();
  }

  /** How many timers are waiting. */
  get timers(): number {
    return this.#timers.size;
  }

  /** Lets time pass, timer by timer; then waits for the requests that it caused. */
  async advance(ms: number): Promise<void> {
    const until = this.time + ms;
    for (;;) {
      await this.idle();
      const due = [...this.#timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.#timers.delete(due);
      this.time = Math.max(this.time, due.at);
      due.callback();
    }
    this.time = until;
    await this.idle();
  }

  /** Waits until no request is pending and the effects of the last response have run: idle for a few turns. */
  async idle(): Promise<void> {
    for (let quiet = 0; quiet < 4; quiet++) {
      await new Promise((resolve) => setTimeout(resolve, 3));
      if (this.#pending > 0) quiet = -1;
    }
  }
}
