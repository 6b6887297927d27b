import { isWanted, showHop, type Call, type CallContext, type Hop } from './call.js';
import { boundsFromResponse } from './clock-estimate.js';
import { ACCEPT_ENCODING } from './decode-body.js';
import { exchange } from './exchange.js';
import { failure, type Failure } from './failure.js';
import { isGuardedHost } from './guarded-hosts.js';
import { guardedFailure, networkFailure } from './network-failure.js';
import { headerReader, type HeaderReader, type ReceivedHeaders } from './received-headers.js';

/** A response of any status, with its body still encoded. */
export type HopResponse = {
  readonly kind: 'response';
  readonly status: number;
  readonly received: ReceivedHeaders;
  readonly headers: HeaderReader;
  readonly body: Buffer;
};

/** Of a refusal only this much is read, in bytes: enough for the explanation in it. */
export const REFUSAL_BYTES = 256 * 1024;

/** Sends a call to where it stands, once; measures the clock by the way. */
export async function sendHop(
  hop: Hop,
  call: Call,
  etag: string | undefined,
  context: CallContext,
): Promise<HopResponse | Failure> {
  const { settings } = context;
  if (isGuardedHost(hop.url.hostname, settings.allowHosts)) return guardedFailure(showHop(hop));
  const { bodyBytes } = settings.limits;
  const body = hop.method === 'POST' ? call.body : undefined;
  const own = headersFor(hop, call, etag, context);
  // Another origin learns nothing of the credentials, and a request that is sent again is signed again.
  const signature = hop.home
    ? await settings.signer?.({ method: hop.method, url: hop.url.href, headers: own, body }, settings.now())
    : {};
  const startedMs = settings.monotonic();
  context.onSent();
  const result = await exchange(context.dispatcher, {
    url: hop.url,
    method: hop.method,
    headers: { ...own, ...signature },
    body,
    maxBytes: (status) => (isWanted(call, status) ? bodyBytes : REFUSAL_BYTES),
    timeoutMs: settings.requestTimeoutMs,
    remainingMs: call.remainingMs,
    now: settings.now,
    signal: context.signal,
  });

  const where = showHop(hop);
  if (context.debug !== undefined) {
    const outcome = 'status' in result ? `${result.status}` : result.kind;
    context.debug(`${where}: ${outcome} after ${Math.round(settings.monotonic() - startedMs)} ms`);
  }
  switch (result.kind) {
    case 'network':
      return networkFailure(result.error, where, context.proxyFor(hop.url));
    case 'timeout':
      return result.of === 'source' ? outOfTime(where, settings.timeoutMs) : tooSlow(where, settings.requestTimeoutMs);
    case 'too_big':
      if (isWanted(call, result.status)) return tooBig(where, bodyBytes);
      return respond(result.status, result.headers, Buffer.alloc(0));
    case 'response': {
      context.onBytes(result.body.length);
      const response = respond(result.status, result.headers, result.body);
      // The clock of another host says nothing about the source.
      if (hop.url.origin === context.origin) {
        const bounds = boundsFromResponse(response.headers, result.sentAtMs, result.respondedAtMs);
        if (bounds !== undefined) context.onClock(bounds);
      }
      return response;
    }
  }
}

/** The failure for a body over `limit` bytes. */
export function tooBig(where: string, limit: number): Failure {
  return failure('limit', `${where} sent a body of more than ${Math.ceil(limit / 1024)} KiB. Request smaller pages.`);
}

/** The failure for a source that used up its `limitMs` milliseconds. */
export function outOfTime(where: string, limitMs: number): Failure {
  return failure(
    'timeout',
    `The time limit of ${limitMs / 1000} s for this source passed before the response to ${where} had arrived and been read. Raise --timeout.`,
  );
}

function tooSlow(where: string, limitMs: number): Failure {
  return failure('timeout', `${where} gave no complete response within ${limitMs / 1000} s.`, 'backoff');
}

function respond(status: number, received: ReceivedHeaders, body: Buffer): HopResponse {
  return { kind: 'response', status, received, headers: headerReader(received), body };
}

function headersFor(hop: Hop, call: Call, etag: string | undefined, { settings }: CallContext): Record<string, string> {
  const headers: Record<string, string> = {
    'user-agent': settings.userAgent,
    accept: call.headers['accept'] ?? 'application/json',
    'accept-encoding': ACCEPT_ENCODING,
  };
  // Other origins do not get the adapter's headers either: one of them might be a credential.
  if (hop.home) Object.assign(headers, call.headers, settings.credentials);
  if (hop.method === 'POST' && call.body !== undefined) headers['content-type'] ??= 'application/json';
  if (etag !== undefined) headers['if-none-match'] = etag;
  return headers;
}
