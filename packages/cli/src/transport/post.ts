import { setTimeout as wait } from 'node:timers/promises';
import type { Dispatcher } from 'undici';
import { UsageError } from '../errors.js';
import { SourceError } from '@tardy/core/sources';
import { destinationOf, type Delivered, type DeliverOptions, type HttpWire } from '../notify/wire.js';
import { VERSION } from '../version.js';
import { ACCEPT_ENCODING, decodeBody } from './decode-body.js';
import { exchange } from './exchange.js';
import type { Failure } from './failure.js';
import { isGuardedHost } from './guarded-hosts.js';
import { textOf } from './json-body.js';
import { guardedFailure, networkFailure } from './network-failure.js';
import { createPool, type Pool } from './pool.js';
import { headerReader } from './received-headers.js';
import { isRedirect } from './redirect.js';
import { backoffMs, isRateLimit, MAX_TRIES, statedWaitMs } from './retry-timing.js';
import { statusFailure } from './status-failure.js';

/** Of a response only this much is read, in bytes: enough for the explanation of a refusal. */
const RESPONSE_BYTES = 64 * 1024;

const REQUEST_TIMEOUT_MS = 30_000;

/** The connection was never made, so the message cannot have arrived. */
const NEVER_SENT = new Set(['ECONNREFUSED', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH', 'UND_ERR_CONNECT_TIMEOUT']);

type Attempt =
  | { readonly kind: 'delivered' }
  /** `again`: it is safe to send it again, after so many milliseconds or a backoff. */
  | { readonly kind: 'failed'; readonly reason: string; readonly again: 'never' | 'backoff' | number };

/**
 * Sends a message by POST. A redirect is never followed: the message is for the configured URL. It is sent again only if it certainly
 * did not arrive, or if its receiver recognises a message that arrives twice.
 */
export async function post(wire: HttpWire, options: DeliverOptions): Promise<Delivered> {
  const pool = openPool(options);
  if ('reason' in pool) return { ok: false, reason: pool.reason };
  const deadline = performance.now() + options.timeoutMs;
  try {
    const dispatcher = await pool.dispatcher();
    for (let tried = 1; ; tried++) {
      const remainingMs = (): number => deadline - performance.now();
      const result = await attempt(wire, dispatcher, options, remainingMs);
      if (result.kind === 'delivered') return { ok: true };
      const own = backoffMs(tried, Math.random());
      const waitMs = typeof result.again === 'number' ? result.again + own : own;
      if (result.again === 'never' || tried === MAX_TRIES || waitMs >= remainingMs()) {
        return { ok: false, reason: tried === 1 ? result.reason : `${result.reason} (${tried} attempts)` };
      }
      options.debug?.(`retry ${tried} of ${MAX_TRIES - 1} in ${waitMs} ms`);
      await wait(waitMs);
    }
  } finally {
    await pool.close();
  }
}

function openPool({ ca, allowHosts }: DeliverOptions): Pool | { readonly reason: string } {
  try {
    return createPool({ ca, allowHosts });
  } catch (error) {
    if (error instanceof UsageError || error instanceof SourceError) return { reason: error.message };
    throw error;
  }
}

async function attempt(
  wire: HttpWire,
  dispatcher: Dispatcher,
  options: DeliverOptions,
  remainingMs: () => number,
): Promise<Attempt> {
  const url = new URL(wire.url);
  const where = `POST ${destinationOf(wire)}`;
  if (isGuardedHost(url.hostname, options.allowHosts)) return failed(guardedFailure(where), 'never');
  const startedMs = performance.now();
  const result = await exchange(dispatcher, {
    url,
    method: 'POST',
    headers: {
      'user-agent': `tardy/${VERSION}`,
      accept: 'application/json',
      'accept-encoding': ACCEPT_ENCODING,
      'content-type': 'application/json; charset=utf-8',
      ...wire.headers,
    },
    body: JSON.stringify(wire.body),
    maxBytes: () => RESPONSE_BYTES,
    timeoutMs: REQUEST_TIMEOUT_MS,
    remainingMs,
    now: () => Date.now(),
    signal: new AbortController().signal,
  });
  const outcome = 'status' in result ? `${result.status}` : result.kind;
  options.debug?.(`${where}: ${outcome} after ${Math.round(performance.now() - startedMs)} ms`);
  const whenUnclear = wire.repeatable ? 'backoff' : 'never';
  switch (result.kind) {
    case 'network':
      return failed(networkFailure(result.error, where), isNeverSent(result.error) ? 'backoff' : whenUnclear);
    case 'timeout':
      return { kind: 'failed', reason: `${where} gave no response in time. Raise --timeout.`, again: whenUnclear };
    case 'too_big':
    case 'response': {
      const { status } = result;
      if ((status >= 200 && status < 300) || wire.accept.includes(status)) return { kind: 'delivered' };
      const headers = headerReader(result.headers);
      if (isRedirect(status)) {
        return {
          kind: 'failed',
          reason: `${where} responded with ${status}, a redirect, which is not followed. Configure the final URL.`,
          again: 'never',
        };
      }
      const body = result.kind === 'response' ? result.body : Buffer.alloc(0);
      const decoded = await decodeBody(body, headers.get('content-encoding'), RESPONSE_BYTES);
      const text = decoded.kind === 'decoded' ? textOf(decoded.bytes) : '';
      const nowMs = Date.now();
      const refused = statusFailure({ status, headers, text: explained(text), where, authorized: true, nowMs });
      // A rate limit and 503 say that nothing was done; after the others of the 5xx that is unknown.
      if (isRateLimit(status, headers) || status === 503)
        return failed(refused, statedWaitMs(headers, nowMs) ?? 'backoff');
      return failed(refused, status >= 500 ? whenUnclear : 'never');
    }
  }
}

function failed({ error }: Failure, again: Extract<Attempt, { readonly kind: 'failed' }>['again']): Attempt {
  return { kind: 'failed', reason: error.message, again };
}

/** Slack explains a refusal in plain text: `invalid_blocks`. */
function explained(text: string): string {
  return /^[\w ]{1,100}$/.test(text.trim()) ? JSON.stringify({ message: text.trim() }) : text;
}

function isNeverSent(error: Error): boolean {
  const inner = error instanceof AggregateError ? (error.errors as readonly unknown[]) : [error, error.cause];
  return inner.some(
    (one) => one instanceof Error && 'code' in one && typeof one.code === 'string' && NEVER_SENT.has(one.code),
  );
}
