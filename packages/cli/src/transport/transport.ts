import { setMaxListeners } from 'node:events';
import { SourceError, type SourceFetch, type SourceRequest, type SourceResponse } from '@tardy/core/sources';
import { createScrubber } from '../scrub.js';
import { parseBaseUrl, resolveUrl, showUrl } from './url.js';
import { attempt } from './attempt.js';
import type { Call, CallContext } from './call.js';
import { estimateOffset, gapBetween, narrowBounds, type ClockEstimate, type OffsetBounds } from './clock-estimate.js';
import type { Failure } from './failure.js';
import { createPool } from './pool.js';
import { RequestGuard } from './request-guard.js';
import { backoffMs, MAX_TRIES } from './retry-timing.js';
import { identifyCredentials } from './secrets.js';
import { outOfTime } from './send-hop.js';
import { fillSettings, type TransportOptions } from './settings.js';

/** What a transport has done so far. */
export type TransportStats = {
  /** Responses that adapters received. */
  readonly pages: number;
  /** Requests sent, including retries and redirects. */
  readonly requests: number;
  readonly retries: number;
  /** "Not modified" responses for which a stored body was used. */
  readonly unchanged: number;
  /** Of all bodies, as transferred. */
  readonly bytes: number;
};

/** The connection to one source. */
export type Transport = {
  /** Single requests. They share the deadline of the latest listing, or have their own, which starts with the first request. */
  readonly fetch: SourceFetch;
  /** Requests of one listing: limited in number, never the same twice, with a deadline that starts with the first request. */
  readonly listing: () => SourceFetch;
  /** Single requests with a deadline of their own, for a long-lived transport (a server). */
  readonly lookup: () => SourceFetch;
  /** What to add to the local clock to get the source's; `undefined` until a response has shown it. */
  readonly clock: () => (ClockEstimate & { readonly jumpMs: number }) | undefined;
  readonly stats: () => TransportStats;
  /** Aborts pending requests, and closes the connections unless they are shared. */
  readonly close: () => Promise<void>;
};

/** Requests that share a deadline and a limit. */
type Session = { readonly remainingMs: () => number; readonly guard: RequestGuard };

/**
 * Makes the connection to a source; nothing is opened before the first request.
 *
 * @throws {SourceError} `refused` for a URL or a credential that cannot be used.
 */
export function createTransport(options: TransportOptions): Transport {
  const settings = fillSettings(options);
  const base = parseBaseUrl(options.baseUrl);
  const pool = options.pool ?? createPool();
  const scrub = createScrubber(Object.values(settings.credentials));
  const { debug } = options;
  const stats = { pages: 0, requests: 0, retries: 0, unchanged: 0, bytes: 0 };
  const stopping = new AbortController();
  // Each pending request listens, and there may be many.
  setMaxListeners(0, stopping.signal);
  const stopWith = (): void => stopping.abort(options.signal?.reason);
  let bounds: OffsetBounds | undefined;
  let jumpMs = 0;

  const context: Omit<CallContext, 'dispatcher'> = {
    proxyFor: pool.proxyFor,
    settings,
    origin: base.origin,
    identity: identifyCredentials(settings.credentials),
    signal: stopping.signal,
    onSent: () => void stats.requests++,
    onBytes: (bytes) => void (stats.bytes += bytes),
    onUnchanged: () => void stats.unchanged++,
    onClock: (sample) => {
      jumpMs = Math.max(jumpMs, bounds === undefined ? 0 : gapBetween(bounds, sample));
      bounds = narrowBounds(bounds, sample);
    },
    debug: debug === undefined ? undefined : (line) => debug(scrub(line)),
  };
  if (options.signal?.aborted === true) stopWith();
  else options.signal?.addEventListener('abort', stopWith, { once: true });

  const createSession = (refuseRepeats: boolean): Session => {
    let deadline: number | undefined;
    return {
      guard: new RequestGuard({ maxRequests: settings.limits.requests, refuseRepeats }),
      remainingMs: () => (deadline ??= settings.monotonic() + settings.timeoutMs) - settings.monotonic(),
    };
  };
  const fetchIn = (session: Session): SourceFetch => {
    return async (request) => {
      try {
        return await send(request, session);
      } catch (error) {
        throw error instanceof SourceError ? scrubbed(error, scrub) : error;
      }
    };
  };

  // undici's retry interceptor has neither deadline nor jitter and resumes bodies by range: a loop is simpler and exact.
  const send = async (request: SourceRequest, session: Session): Promise<SourceResponse> => {
    const call = prepare(request, session);
    const where = `${call.method} ${showUrl(call.url)}`;
    const full: CallContext = { ...context, dispatcher: await pool.dispatcher() };
    for (let tried = 1; ; tried++) {
      stopping.signal.throwIfAborted();
      if (call.remainingMs() <= 0) throw outOfTime(where, settings.timeoutMs).error;
      const result = await attempt(call, full);
      if (result.kind === 'response') {
        stats.pages++;
        return withDate(result.response, settings.now() + (bounds === undefined ? 0 : estimateOffset(bounds).offsetMs));
      }
      if (result.retry === 'never') throw result.error;
      const waitMs = pause(result, tried);
      if (tried === MAX_TRIES || waitMs >= call.remainingMs()) throw givenUp(result, waitMs, tried, call.remainingMs());
      context.debug?.(`retry ${tried} of ${MAX_TRIES - 1} in ${waitMs} ms`);
      stats.retries++;
      await settings.sleep(waitMs, stopping.signal).catch((error: unknown) => {
        stopping.signal.throwIfAborted();
        throw error;
      });
    }
  };

  const prepare = (request: SourceRequest, session: Session): Call => {
    const url = resolveUrl(base, request.url);
    session.guard.admit(request, url);
    const named = Object.entries(request.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]);
    return {
      url,
      method: request.method ?? 'GET',
      headers: Object.fromEntries(named) as Record<string, string>,
      body: request.body === undefined ? undefined : JSON.stringify(request.body),
      accept: request.accept ?? [],
      remainingMs: session.remainingMs,
    };
  };

  /** Waits as long as the server asks and a little longer, so that many clients do not retry at the same instant. */
  const pause = ({ retry }: Failure, tried: number): number => {
    const own = backoffMs(tried, settings.random());
    return typeof retry === 'number' ? retry + own : own;
  };

  const givenUp = ({ error, retry }: Failure, waitMs: number, tried: number, remainingMs: number): SourceError => {
    const { status } = error;
    if (typeof retry === 'number' && (error.code === 'rate_limited' || waitMs >= remainingMs)) {
      const at = new Date(settings.now() + retry).toISOString();
      const message = `${error.message} Retry after ${Math.ceil(retry / 1000)} s (at ${at}), or raise --timeout.`;
      return new SourceError('rate_limited', message, status === undefined ? {} : { status });
    }
    if (tried === 1) return error;
    return new SourceError(error.code, `${error.message} (${tried} attempts)`, status === undefined ? {} : { status });
  };

  let plain = createSession(false);
  const fetch: SourceFetch = async (request) => fetchIn(plain)(request);
  return {
    fetch,
    listing: () => {
      const session = createSession(true);
      // Requests after a listing (a second look at a run) share its deadline and are counted separately.
      plain = { ...createSession(false), remainingMs: session.remainingMs };
      return fetchIn(session);
    },
    lookup: () => fetchIn(createSession(false)),
    clock: () => (bounds === undefined ? undefined : { ...estimateOffset(bounds), jumpMs }),
    stats: () => ({ ...stats }),
    close: async () => {
      options.signal?.removeEventListener('abort', stopWith);
      stopping.abort();
      if (options.pool === undefined) await pool.close();
    },
  };
}

/**
 * The response with a readable `Date`: ours, if a proxy dropped that of the source or damaged it. Without one an adapter cannot tell how long
 * what it sees has lasted, and would flag nothing.
 */
function withDate(response: SourceResponse, nowMs: number): SourceResponse {
  const { headers } = response;
  if (!Number.isNaN(Date.parse(headers.get('date') ?? ''))) return response;
  const date = new Date(nowMs).toUTCString();
  return { ...response, headers: { get: (name) => (name.toLowerCase() === 'date' ? date : headers.get(name)) } };
}

/** The error without credentials. Rebuilt only if it contained some, to keep the stack otherwise. */
function scrubbed(error: SourceError, scrub: (text: string) => string): SourceError {
  const message = scrub(error.message);
  if (message === error.message) return error;
  return new SourceError(error.code, message, error.status === undefined ? {} : { status: error.status });
}
