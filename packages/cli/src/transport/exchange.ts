import type { Dispatcher } from 'undici';
import type { ReceivedHeaders } from './received-headers.js';

/** One request on the wire and its limits, without redirects and retries. */
export type ExchangeRequest = {
  readonly url: URL;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** Largest body to read for a response with this status, in bytes as transferred. */
  readonly maxBytes: (status: number) => number;
  /** For this request, counted from when it is sent; waiting for a free connection does not count. */
  readonly timeoutMs: number;
  /** Time left for the source, in milliseconds. */
  readonly remainingMs: () => number;
  /** The local clock, epoch milliseconds. */
  readonly now: () => number;
  /** Aborts the request; the promise then rejects with its reason. */
  readonly signal: AbortSignal;
};

/** The result of an exchange. */
export type Exchange =
  | {
      readonly kind: 'response';
      readonly status: number;
      readonly headers: ReceivedHeaders;
      /** Still encoded as the headers say. */
      readonly body: Buffer;
      /** Local clock when the request was sent and when the head of the response arrived. */
      readonly sentAtMs: number;
      readonly respondedAtMs: number;
    }
  /** The body is larger than allowed and was not read to its end. */
  | { readonly kind: 'too_big'; readonly status: number; readonly headers: ReceivedHeaders }
  | { readonly kind: 'timeout'; readonly of: 'request' | 'source' }
  | { readonly kind: 'network'; readonly error: Error };

const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Passed to undici when we abort a request ourselves; never shown. */
const STOPPED = new Error('stopped by tardy');

/**
 * Sends one request. Uses `dispatch`, below undici's streams: chunks are counted as they arrive and joined once, which is faster
 * than `body.json()` and can stop early.
 */
export function exchange(dispatcher: Dispatcher, request: ExchangeRequest): Promise<Exchange> {
  const { url, signal } = request;
  return new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | undefined;
    let timer: NodeJS.Timeout | undefined;
    let settled = false;
    let status = 0;
    let headers: ReceivedHeaders = {};
    let limit = 0;
    let size = 0;
    let sentAtMs = 0;
    let respondedAtMs = 0;
    const chunks: Buffer[] = [];

    const settle = (): void => {
      settled = true;
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    };
    const finish = (result: Exchange): void => {
      if (settled) return;
      settle();
      resolve(result);
    };
    /** Settles first: undici reports the abort as an error of the request. */
    const stop = (result: Exchange): void => {
      finish(result);
      controller?.abort(STOPPED);
    };
    const onAbort = (): void => {
      settle();
      reject(signal.reason as Error);
      controller?.abort(STOPPED);
    };
    const startTimer = (ms: number, of: 'request' | 'source'): void => {
      clearTimeout(timer);
      timer = setTimeout(() => stop({ kind: 'timeout', of }), Math.min(Math.max(0, ms), LONGEST_TIMER_MS));
    };

    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort);
    startTimer(request.remainingMs(), 'source');

    const options: Dispatcher.DispatchOptions = {
      origin: url.origin,
      path: url.pathname + url.search,
      method: request.method,
      headers: request.headers,
      body: request.body ?? null,
      // Our own timer replaces both.
      headersTimeout: 0,
      bodyTimeout: 0,
    };
    dispatcher.dispatch(options, {
      onRequestStart: (started) => {
        controller = started;
        // Stopped while it waited for a connection.
        if (settled) return started.abort(STOPPED);
        sentAtMs = request.now();
        const remainingMs = request.remainingMs();
        if (remainingMs < request.timeoutMs) startTimer(remainingMs, 'source');
        else startTimer(request.timeoutMs, 'request');
      },
      onResponseStart: (_controller, statusCode, received) => {
        if (statusCode < 200) return;
        respondedAtMs = request.now();
        status = statusCode;
        headers = received;
        limit = request.maxBytes(status);
        const announced = headers['content-length'];
        if (typeof announced === 'string' && Number(announced) > limit) stop({ kind: 'too_big', status, headers });
      },
      onResponseData: (_controller, chunk) => {
        if (settled) return;
        size += chunk.length;
        if (size > limit) return stop({ kind: 'too_big', status, headers });
        chunks.push(chunk);
      },
      onResponseEnd: () => {
        const [first] = chunks;
        const body = chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks, size);
        finish({ kind: 'response', status, headers, body, sentAtMs, respondedAtMs });
      },
      onResponseError: (_controller, error) => finish({ kind: 'network', error }),
    });
  });
}
