import type { SourceResponse } from '@tardy/core/sources';
import { isWanted, showHop, type Call, type Hop } from './call.js';
import { decodeBody } from './decode-body.js';
import { failure, type Failure } from './failure.js';
import { readJson, textOf } from './json-body.js';
import { headerReader, type ReceivedHeaders } from './received-headers.js';
import { REFUSAL_BYTES, tooBig, type HopResponse } from './send-hop.js';
import type { TransportLimits, TransportSettings } from './settings.js';
import { statusFailure } from './status-failure.js';

/** The result of an attempt. */
export type Attempt = { readonly kind: 'response'; readonly response: SourceResponse } | Failure;

/** The text of a response that the adapter handles; a failure for every other one. */
export async function readText(
  response: HopResponse,
  hop: Hop,
  call: Call,
  settings: TransportSettings,
): Promise<{ readonly kind: 'text'; readonly text: string } | Failure> {
  const { status, headers } = response;
  const where = showHop(hop);
  const wanted = isWanted(call, status);
  const limit = wanted ? settings.limits.bodyBytes : REFUSAL_BYTES;
  const decoded = await decodeBody(response.body, headers.get('content-encoding'), limit);
  if (!wanted) {
    const text = decoded.kind === 'decoded' ? textOf(decoded.bytes) : '';
    const authorized = Object.keys(settings.credentials).length > 0;
    return statusFailure({ status, headers, text, where, authorized, nowMs: settings.now() });
  }
  switch (decoded.kind) {
    case 'decoded':
      return { kind: 'text', text: textOf(decoded.bytes) };
    case 'too_big':
      return tooBig(where, limit);
    case 'broken':
      // A truncated stream looks like this too, and the next one may be complete.
      return failure('truncated', `${where} sent a compressed body that is damaged or truncated.`, 'backoff', status);
    case 'unknown_encoding':
      return failure('shape', `${where} sent a body with an unsupported compression.`, 'never', status);
  }
}

/** Parses the text of a response; a failure that says what it is if it is not JSON within the limits. */
export function readResponse(
  status: number,
  received: ReceivedHeaders,
  text: string,
  hop: Hop,
  limits: TransportLimits,
): Attempt {
  const body = readJson(text, limits);
  const where = showHop(hop);
  if (body.kind === 'beyond') return failure('limit', `${where} sent ${body.what}.`, 'never', status);
  // For a refusal that the adapter handles, the status is enough.
  if (body.kind === 'json' || status >= 300) {
    const value = body.kind === 'json' ? body.value : undefined;
    return { kind: 'response', response: { status, headers: headerReader(received), body: value, url: hop.url.href } };
  }
  const code = body.kind === 'cut' ? 'truncated' : 'shape';
  return failure(code, `${where} responded with ${status} and ${NOT_JSON[body.kind]}`, 'never', status);
}

const NOT_JSON = {
  empty: 'an empty body instead of JSON. Check the URL of the source.',
  web_page: 'a web page instead of JSON. It may require a login: check the credential and the URL of the source.',
  cut: 'truncated JSON. Retry, or request smaller pages.',
  not_json: 'a body that is not JSON. Check the URL of the source.',
} as const;
