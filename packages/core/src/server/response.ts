import { formatInstant } from '../instant.js';
import type { Instant } from '../run.js';
import { sha256 } from './sha256.js';
import type { Problem } from './problem.js';

/**
 * The headers of every response. `no-store` keeps what a tenant sees off the disks of browsers and out of shared caches; a
 * client that remembers a body itself revalidates it with `If-None-Match` all the same.
 */
export function commonHeaders(now: Instant): Record<string, string> {
  return {
    'Cache-Control': 'private, no-store',
    Date: new Date(now).toUTCString(),
    Vary: 'Authorization, Cookie',
    'X-Content-Type-Options': 'nosniff',
  };
}

/**
 * Responds with JSON, or with 304 where the caller already has this response.
 *
 * `stamps` are instants that go into the body but not into its tag: they differ each time though nothing has changed. With
 * them the tag is weak, since equal tags then do not mean equal bytes.
 */
export async function jsonResponse(
  request: Request,
  now: Instant,
  body: Readonly<Record<string, unknown>>,
  stamps: Readonly<Record<string, Instant>> = {},
): Promise<Response> {
  const weak = Object.keys(stamps).length > 0 ? 'W/' : '';
  const tag = `${weak}"${await sha256(JSON.stringify(body))}"`;
  const headers = { ...commonHeaders(now), ETag: tag };
  if (isKnown(request.headers.get('If-None-Match'), tag)) return new Response(null, { status: 304, headers });
  const stamped = Object.fromEntries(Object.entries(stamps).map(([name, at]) => [name, formatInstant(at)]));
  return new Response(JSON.stringify({ ...body, ...stamped }), {
    status: 200,
    headers: { ...headers, 'Content-Type': 'application/json' },
  });
}

/** Responds with a problem. */
export function problemResponse(now: Instant, { status, title, detail, parameter, headers }: Problem): Response {
  const body = { type: 'about:blank', title, status, detail, ...(parameter === undefined ? {} : { parameter }) };
  return new Response(JSON.stringify(body), {
    status,
    headers: { ...commonHeaders(now), ...headers, 'Content-Type': 'application/problem+json' },
  });
}

/** Compares weakly, as RFC 9110 requires for `If-None-Match`. */
function isKnown(header: string | null, tag: string): boolean {
  if (header === null) return false;
  if (header.trim() === '*') return true;
  const opaque = tag.replace(/^W\//, '');
  return Array.from(header.matchAll(/"[^"]*"/g), ([known]) => known).includes(opaque);
}
