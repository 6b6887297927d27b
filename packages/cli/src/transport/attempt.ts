import { showHop, isWanted, type Call, type CallContext, type Hop } from './call.js';
import { failure } from './failure.js';
import { readResponse, readText, type Attempt } from './read-response.js';
import type { ReceivedHeaders } from './received-headers.js';
import { decideRedirect, isRedirect } from './redirect.js';
import { outOfTime, sendHop } from './send-hop.js';

/** Makes a call once. Follows redirects by our own rules and reuses the stored response if nothing changed. */
export async function attempt(call: Call, context: CallContext): Promise<Attempt> {
  const { etags, limits } = context.settings;
  const credentialed = hasCredentials(call, context);
  let hop: Hop = { url: call.url, method: call.method, home: true, taken: 0 };
  for (;;) {
    const key = storeKey(hop, call, context);
    const stored = hop.method === 'GET' ? etags.get(key) : undefined;
    const response = await sendHop(hop, call, stored?.etag, context);
    if (response.kind === 'failure') return response;

    const { status, headers, received } = response;
    if (isRedirect(status) && !isWanted(call, status)) {
      const location = headers.get('location');
      const decision = decideRedirect({
        ...hop,
        from: hop.url,
        status,
        location,
        credentialed,
        origin: context.origin,
      });
      if (decision.kind === 'refuse') {
        return failure(
          'refused',
          `${showHop(hop)} responded with ${status}: ${decision.why}. It was not followed.`,
          'never',
          status,
        );
      }
      const { url, method } = decision;
      hop = { url, method, home: hop.home && url.origin === context.origin, taken: hop.taken + 1 };
      context.debug?.(`redirect to ${showHop(hop)}`);
      continue;
    }
    if (status === 304 && stored !== undefined) {
      context.onUnchanged();
      // A 304 may omit headers that did not change, such as the link to the next page.
      const headersNow = { ...stored.headers, ...withoutBodyHeaders(received) };
      return inTime(call, hop, context, () => readResponse(200, headersNow, stored.text, hop, limits));
    }
    // Whether something is missing is for the place to say that was asked, and not for the one that it redirects to.
    const own = hop.taken === 0 ? call : { ...call, accept: [] };
    const read = await readText(response, hop, own, context.settings);
    if (read.kind === 'failure') return read;
    const result = inTime(call, hop, context, () => readResponse(status, received, read.text, hop, limits));
    const etag = headers.get('etag');
    if (etag !== null && status === 200 && hop.method === 'GET' && result.kind === 'response') {
      etags.put(key, { etag, headers: received, text: read.text });
    }
    return result;
  }
}

/** Parsing a large body takes seconds, and a thread does one thing at a time: what is too late is not begun, or not used. */
function inTime(call: Call, hop: Hop, { settings }: CallContext, parse: () => Attempt): Attempt {
  const isLate = () => call.remainingMs() <= 0;
  const result = isLate() ? undefined : parse();
  return result === undefined || isLate() ? outOfTime(showHop(hop), settings.timeoutMs) : result;
}

/** Headers of an adapter may be credentials in their own right, such as the token of a session. */
function hasCredentials({ headers }: Call, { settings }: CallContext): boolean {
  const own = Object.keys(headers).filter((name) => name !== 'accept' && name !== 'cache-control');
  return own.length > 0 || settings.signer !== undefined || Object.keys(settings.credentials).length > 0;
}

function storeKey(hop: Hop, call: Call, { identity }: CallContext): string {
  return JSON.stringify([hop.url.href, hop.home ? [identity, call.headers] : call.headers['accept']]);
}

/** Drops the headers that describe the empty body of a 304. */
function withoutBodyHeaders(headers: ReceivedHeaders): ReceivedHeaders {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => name !== 'content-length' && name !== 'content-encoding'),
  );
}
