import { parseInstant, type PolicyDocument } from '@tardy/core';
import { readAnswer, ShapeError, type KnownRows, type RunPage } from './answer.js';
import type { Fetcher } from './environment.js';
import type { Page } from './page.js';
import type { ServerClock } from './server-clock.js';

const TIMEOUT_MS = 10_000;

/** Thrown for an answer with a status that is not a success. */
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

type Answer = { readonly tag: string | undefined; readonly page: RunPage; readonly known: KnownRows };

/** Reads one run API: each request within the page's budget, revalidated with its `ETag`, and each answer a sample of its clock. */
export class ApiClient {
  requests = 0;
  unchanged = 0;
  lastStatus: number | undefined;
  readonly #base: string;
  readonly #fetcher: Fetcher;
  readonly #page: Page;
  readonly #clock: ServerClock;
  #known = new Map<string, Answer>();
  #used = new Map<string, Answer>();

  constructor(base: string, fetcher: Fetcher, page: Page, clock: ServerClock) {
    this.#base = base;
    this.#fetcher = fetcher;
    this.#page = page;
    this.#clock = clock;
  }

  /** A page of runs; the very object of the last time when nothing has changed. */
  async runs(path: string, signal: AbortSignal): Promise<RunPage> {
    const known = this.#known.get(path);
    const { response, took } = await this.#get(path, signal, known?.tag);
    if (known !== undefined && response.status === 304) {
      this.unchanged++;
      took(undefined);
      this.#used.set(path, known);
      return known.page;
    }
    const answer = readAnswer(await response.text(), known?.known);
    took(answer.page.now);
    this.#used.set(path, { ...answer, tag: response.headers.get('etag') ?? undefined });
    return answer.page;
  }

  /** The policy that the server judges by; `undefined` where it publishes none. */
  async policy(signal: AbortSignal): Promise<(PolicyDocument & { readonly digest?: string }) | undefined> {
    try {
      const { response } = await this.#get('/policy', signal, undefined);
      return (await response.json()) as PolicyDocument & { readonly digest?: string };
    } catch (error) {
      if (error instanceof HttpError && error.status === 404) return undefined;
      throw error instanceof SyntaxError ? new ShapeError('The policy is not JSON.') : error;
    }
  }

  /** Forgets the answers that were not asked for since the last time. */
  turn(): void {
    this.#known = this.#used;
    this.#used = new Map();
  }

  async #get(path: string, outer: AbortSignal, tag: string | undefined) {
    const { monotonic, setTimer, clearTimer } = this.#page.environment;
    await this.#page.spend();
    outer.throwIfAborted();
    const inner = new AbortController();
    const abort = () => inner.abort(outer.reason);
    outer.addEventListener('abort', abort);
    const timer = setTimer(() => inner.abort(new Error('No answer in time.')), TIMEOUT_MS);
    const sentAt = monotonic();
    this.requests++;
    try {
      const response = await this.#fetcher(this.#base + path, {
        headers: { accept: 'application/json', ...(tag === undefined ? {} : { 'if-none-match': tag }) },
        credentials: 'same-origin',
        signal: inner.signal,
      });
      const receivedAt = monotonic();
      this.lastStatus = response.status;
      if (!response.ok && response.status !== 304)
        throw new HttpError(response.status, retryAfterMs(response, this.#clock));
      const took = (now: number | undefined) => {
        const date = now ?? Date.parse(response.headers.get('date') ?? '');
        // A `Date` header is cut to the second, so the instant lies half a second further on, give or take as much.
        const doubt = now === undefined ? 500 : 0;
        if (!Number.isNaN(date)) this.#clock.sample(date + doubt, doubt, sentAt, receivedAt);
      };
      return { response, took };
    } finally {
      clearTimer(timer);
      outer.removeEventListener('abort', abort);
    }
  }
}

function retryAfterMs(response: Response, clock: ServerClock): number | undefined {
  const text = response.headers.get('retry-after');
  if (text === null) return undefined;
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : (parseInstant(text) ?? Date.parse(text)) - clock.now();
  return ms >= 0 ? ms : undefined;
}
