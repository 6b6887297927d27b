import { parseInstant, type Instant, type PolicyDocument } from '@tardy/core';
import { readPage, ShapeError, type KnownRows, type RunPage } from './run-page.js';
import type { Fetcher } from './environment.js';
import type { Page } from './page.js';
import type { ServerClock } from './server-clock.js';

/** How long the head of a response may take, and then its body. */
const TIMEOUT_MS = 10_000;
const BODY_TIMEOUT_MS = 20_000;

/** Thrown for a response with a status that is not a success. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly status: number;
  /** From `Retry-After`. */
  readonly retryAfterMs: number | undefined;

  constructor(status: number, retryAfterMs: number | undefined) {
    super(`HTTP ${status}`);
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}

/** The policy of an API. */
export type PublishedPolicy = PolicyDocument & { readonly digest?: string };

/** A response that was read to its end. */
type Reply = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Takes the response as a sample of the server's clock: by the `now` of its body, or else by its `Date` header. */
  readonly took: (now: Instant | undefined) => void;
};

type KnownPage = { readonly tag: string | undefined; readonly page: RunPage; readonly known: KnownRows };

/** Reads one run API: each request within the page's budget, revalidated with its `ETag`; each response is a sample of its clock. */
export class ApiClient {
  requests = 0;
  unchanged = 0;
  lastStatus: number | undefined;
  readonly #base: string;
  readonly #fetcher: Fetcher;
  readonly #page: Page;
  readonly #clock: ServerClock;
  #known = new Map<string, KnownPage>();
  #used = new Map<string, KnownPage>();
  #waitingSince: number | undefined;
  /** A person waits for what is read. */
  isUrgent = false;
  readonly #waits: (ms: number) => void;

  constructor(base: string, fetcher: Fetcher, page: Page, clock: ServerClock, waits: (ms: number) => void) {
    this.#waits = waits;
    this.#base = base;
    this.#fetcher = fetcher;
    this.#page = page;
    this.#clock = clock;
  }

  /** Monotonic instant at which the request was sent that has no response yet. */
  get waitingSince(): number | undefined {
    return this.#waitingSince;
  }

  /** A page of runs; the very object of the last time when nothing has changed. */
  async runs(path: string, signal: AbortSignal): Promise<RunPage> {
    const known = this.#known.get(path);
    const { status, headers, text, took } = await this.#get(path, signal, known?.tag);
    if (known !== undefined && status === 304) {
      this.unchanged++;
      took(undefined);
      this.#used.set(path, known);
      return known.page;
    }
    const read = readPage(text, known?.known);
    took(read.page.now);
    this.#used.set(path, { ...read, tag: headers.get('etag') ?? undefined });
    return read.page;
  }

  /** The policy that the server judges by; `undefined` where it publishes none. */
  async policy(signal: AbortSignal): Promise<PublishedPolicy | undefined> {
    try {
      const { text } = await this.#get('/policy', signal, undefined);
      return JSON.parse(text) as PublishedPolicy;
    } catch (error) {
      if (error instanceof HttpError && error.status === 404) return undefined;
      throw error instanceof SyntaxError ? new ShapeError('The policy is not JSON.') : error;
    }
  }

  /** Forgets the responses that were not asked for since the last time. */
  turn(): void {
    this.#known = this.#used;
    this.#used = new Map();
  }

  /** Sends a request, and reads its response to the end, each within its time. */
  async #get(path: string, outer: AbortSignal, tag: string | undefined): Promise<Reply> {
    const { monotonic, setTimer, clearTimer } = this.#page.environment;
    await this.#page.spend(outer, this.isUrgent, this.#waits);
    const inner = new AbortController();
    const abort = () => inner.abort(outer.reason);
    outer.addEventListener('abort', abort);
    const limit = (ms: number) => setTimer(() => inner.abort(new Error('No response in time.')), ms);
    let timer = limit(TIMEOUT_MS);
    this.requests++;
    const sentAt = (this.#waitingSince = monotonic());
    const reply = this.#send(path, inner.signal, tag, () => {
      clearTimer(timer);
      timer = limit(BODY_TIMEOUT_MS);
    });
    try {
      // A fetcher of the host may ignore the signal.
      return await Promise.race([reply, aborted(inner.signal)]);
    } finally {
      // A request that replaced this one may be waiting by now.
      if (this.#waitingSince === sentAt) this.#waitingSince = undefined;
      clearTimer(timer);
      outer.removeEventListener('abort', abort);
      // The body of an error is not read: this ends its connection.
      inner.abort();
    }
  }

  async #send(path: string, signal: AbortSignal, tag: string | undefined, headArrived: () => void): Promise<Reply> {
    const { monotonic } = this.#page.environment;
    const sentAt = monotonic();
    const response = await this.#fetcher(this.#base + path, {
      headers: { accept: 'application/json', ...(tag === undefined ? {} : { 'if-none-match': tag }) },
      credentials: 'same-origin',
      signal,
    });
    const receivedAt = monotonic();
    signal.throwIfAborted();
    const { ok, status, headers } = response;
    this.lastStatus = status;
    if (!ok && status !== 304) throw new HttpError(status, retryAfterMs(response, this.#clock));
    const took = (now: number | undefined) => {
      const date = now ?? Date.parse(headers.get('date') ?? '');
      // A `Date` header is cut to the second, so the instant lies half a second later, give or take as much.
      const doubt = now === undefined ? 500 : 0;
      if (!Number.isNaN(date)) this.#clock.sample(date + doubt, doubt, sentAt, receivedAt);
    };
    if (status === 304) return { status, headers, text: '', took };
    headArrived();
    return { status, headers, text: await response.text(), took };
  }
}

/** Rejects once a signal is aborted. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error));
  });
}

function retryAfterMs(response: Response, clock: ServerClock): number | undefined {
  const text = response.headers.get('retry-after');
  if (text === null) return undefined;
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : (parseInstant(text) ?? Date.parse(text)) - clock.now();
  return ms >= 0 ? ms : undefined;
}
