import type { SourceResponse } from '@tardy/core/sources';
import { isWanted, showHop, type Call, type Hop } from './call.js';
import { decodeBody } from './decode-body.js';
import { failure, type Failure } from './failure.js';
import { readJson, textOf } from './json-body.js';
import { headerReader, type ReceivedHeaders } from './received-headers.js';
import { REFUSAL_BYTES, tooBig, type HopAnswer } from './send-hop.js';
import type { TransportSettings } from './settings.js';
import { statusFailure } from './status-failure.js';

/** What a try came to. */
export type Attempt = { readonly kind: 'response'; readonly response: SourceResponse } | Failure;

/** The text of an answer that the adapter wants to see; a failure for every other one. */
export async function readText(
  answer: HopAnswer,
  hop: Hop,
  call: Call,
  settings: TransportSettings,
): Promise<{ readonly kind: 'text'; readonly text: string } | Failure> {
  const { status, headers } = answer;
  const where = showHop(hop);
  const wanted = isWanted(call, status);
  const limit = wanted ? settings.limits.bodyBytes : REFUSAL_BYTES;
  const decoded = await decodeBody(answer.body, headers.get('content-encoding'), limit);
  if (!wanted) {
    const text = decoded.kind === 'decoded' ? textOf(decoded.bytes) : '';
    const has = Object.keys(settings.credentials).length > 0;
    const credentials = !has ? 'none' : hop.credentialed ? 'sent' : 'dropped';
    return statusFailure({ status, headers, text, where, credentials, nowMs: settings.now() });
  }
  switch (decoded.kind) {
    case 'decoded':
      return { kind: 'text', text: textOf(decoded.bytes) };
    case 'too_big':
      return tooBig(where, limit);
    case 'broken':
      // A stream that was cut looks like this too, and the next one may be whole.
      return failure('network', `${where} sent a compressed body that is damaged or cut short.`, 'backoff', status);
    case 'unknown_encoding':
      return failure('shape', `${where} compressed its body in a way that was not asked for.`, 'never', status);
  }
}

/** Parses a text into the response; a failure that says what it is when it is not JSON within `maxDepth`. */
export function readResponse(
  status: number,
  received: ReceivedHeaders,
  text: string,
  hop: Hop,
  maxDepth: number,
): Attempt {
  const body = readJson(text, maxDepth);
  const where = showHop(hop);
  if (body.kind === 'too_deep') {
    return failure('limit', `${where} sent JSON nested more than ${maxDepth} levels deep.`, 'never', status);
  }
  // A refusal that the adapter asked to see tells enough by its status.
  if (body.kind === 'json' || status >= 300) {
    const value = body.kind === 'json' ? body.value : undefined;
    return { kind: 'response', response: { status, headers: headerReader(received), body: value, url: hop.url.href } };
  }
  const code = body.kind === 'cut' ? 'truncated' : 'shape';
  return failure(code, `${where} answered ${status} ${NOT_JSON[body.kind]}`, 'never', status);
}

const NOT_JSON = {
  empty: 'with an empty body instead of JSON. Check the address of the source.',
  web_page: 'with a web page instead of JSON: is a login needed? Check the credential and the address of the source.',
  cut: 'with JSON that ends in the middle. Ask again, or for smaller pages.',
  not_json: 'with something that is not JSON. Check the address of the source.',
} as const;
