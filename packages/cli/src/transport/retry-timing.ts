import type { HeaderReader } from './received-headers.js';

/** How many times a request is sent at most, including the first time. */
export const MAX_TRIES = 4;

const FIRST_BACKOFF_MS = 500;
const MAX_BACKOFF_MS = 8_000;

/** Larger numbers are seconds since the epoch, smaller ones a wait. */
const EPOCH_SECONDS_FROM = 1_000_000_000;

/** Whether a retry makes sense: the server is overloaded or unavailable and does not reject the request itself. */
export function isRetryable(status: number): boolean {
  return status === 429 || status === 502 || status === 503 || status === 504;
}

/** Whether the response is a rate limit. GitHub uses 403, with headers that distinguish it from a missing permission. */
export function isRateLimit(status: number, headers: HeaderReader): boolean {
  if (status === 429) return true;
  return status === 403 && (headers.get('retry-after') !== null || remaining(headers) === '0');
}

/**
 * How long the server asks us to wait, in milliseconds; `undefined` if it does not say. Instants are relative to the `Date` of the
 * same response, so that a wrong local clock does no harm; `nowMs` is used if there is none.
 */
export function statedWaitMs(headers: HeaderReader, nowMs: number): number | undefined {
  const date = Date.parse(headers.get('date') ?? '');
  const serverNowMs = Number.isNaN(date) ? nowMs : date;

  const retryAfter = headers.get('retry-after')?.trim();
  if (retryAfter !== undefined && /^\d{1,10}$/.test(retryAfter)) return Number(retryAfter) * 1000;
  const at = Date.parse(retryAfter ?? '');
  if (!Number.isNaN(at)) return Math.max(0, at - serverNowMs);

  const reset = (headers.get('x-ratelimit-reset') ?? headers.get('ratelimit-reset'))?.trim();
  if (remaining(headers) !== '0' || reset === undefined || !/^\d{1,10}$/.test(reset)) return undefined;
  const seconds = Number(reset);
  return seconds >= EPOCH_SECONDS_FROM ? Math.max(0, seconds * 1000 - serverNowMs) : seconds * 1000;
}

/**
 * How long to wait if the server does not say, in milliseconds: a random part of a span that doubles with each attempt ("full
 * jitter"), so that clients that failed together do not retry together.
 *
 * @param tried how many times the request was sent, at least 1
 * @param random from 0 (inclusive) to 1
 */
export function backoffMs(tried: number, random: number): number {
  return Math.round(random * Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (tried - 1)));
}

function remaining(headers: HeaderReader): string | undefined {
  return (headers.get('x-ratelimit-remaining') ?? headers.get('ratelimit-remaining'))?.trim();
}
