import type { Html } from './html.js';

/** As strict as the elements allow: own files only, no inline style or script, no text that becomes markup. */
const POLICY = [
  `default-src 'self'`,
  `style-src 'self'`,
  `script-src 'self'`,
  `require-trusted-types-for 'script'`,
  // Lit makes its templates under a policy of this name.
  `trusted-types lit-html`,
  `base-uri 'none'`,
  `form-action 'self'`,
  `frame-ancestors 'none'`,
].join('; ');

/** A page. `no-store` keeps what a tenant sees off the disk, and lets Back find out again who is signed in. */
export function pageResponse(status: number, { markup }: Html): Response {
  return new Response(markup, {
    status,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': POLICY,
      'Cache-Control': 'private, no-store',
      'Referrer-Policy': 'same-origin',
      'X-Content-Type-Options': 'nosniff',
      Vary: 'Authorization, Cookie',
    },
  });
}

/** Redirects to GET a path of this host. */
export function redirect(path: string, cookie?: string): Response {
  const headers = new Headers({ Location: path, 'Cache-Control': 'private, no-store' });
  if (cookie !== undefined) headers.set('Set-Cookie', cookie);
  return new Response(null, { status: 303, headers });
}

/** What the control strip says after it was used. */
export function saidResponse(status: number, said: string, more: Readonly<Record<string, string>> = {}): Response {
  return Response.json({ said, ...more }, { status, headers: { 'Cache-Control': 'private, no-store' } });
}

/** Whether a request comes from a page of this host, or from no page at all (a script with a token). */
export function isOwn(request: Request): boolean {
  const origin = request.headers.get('Origin');
  return origin === null || origin === new URL(request.url).origin;
}

/** The path of a URL from a request, where it is one of this host; else `fallback`. */
export function ownPath(sent: string | null, request: Request, fallback: string): string {
  if (sent === null) return fallback;
  const { origin } = new URL(request.url);
  const url = URL.canParse(sent, origin) ? new URL(sent, origin) : undefined;
  return url?.origin === origin && url.pathname.startsWith('/admin') ? url.pathname + url.search : fallback;
}

/** More than any form of the demo takes, in bytes. */
const FORM_LIMIT = 16_384;

/** The form that a request posts; `undefined` for a body that is too large, of which no more is read. */
export async function formOf(request: Request): Promise<URLSearchParams | undefined> {
  if (Number(request.headers.get('Content-Length')) > FORM_LIMIT) return undefined;
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.byteLength;
    if (length > FORM_LIMIT) return undefined;
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString());
}

/** 413, and the connection is closed: what is left of the body is not wanted. */
export function tooLarge(): Response {
  const headers = { Connection: 'close', 'Cache-Control': 'private, no-store' };
  return new Response('The body is larger than any form of this host.\n', { status: 413, headers });
}

/** Whether a request names this machine as its host. A page of elsewhere whose name was rebound to this machine does not. */
export function isLocal(request: Request): boolean {
  return ['127.0.0.1', 'localhost'].includes(new URL(request.url).hostname);
}
