import type { Html } from './html.js';

/** As strict as the elements are made for: own files only, no inline style or script, no text that becomes markup. */
const POLICY = [
  `default-src 'self'`,
  `style-src 'self'`,
  `script-src 'self'`,
  `require-trusted-types-for 'script'`,
  // Lit makes its templates with a policy of this name.
  `trusted-types lit-html`,
  `base-uri 'none'`,
  `form-action 'self'`,
  `frame-ancestors 'none'`,
].join('; ');

/** A page. `no-store`: what a tenant sees stays off the disk, and Back asks again who is signed in. */
export function pageAnswer(status: number, { markup }: Html): Response {
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

/** Sends on with GET. `path` is one of ours. */
export function redirect(path: string, cookie?: string): Response {
  const headers = new Headers({ Location: path, 'Cache-Control': 'private, no-store' });
  if (cookie !== undefined) headers.set('Set-Cookie', cookie);
  return new Response(null, { status: 303, headers });
}

/** What the control strip says after it was used. */
export function saidAnswer(status: number, said: string, more: Readonly<Record<string, string>> = {}): Response {
  return Response.json({ said, ...more }, { status, headers: { 'Cache-Control': 'private, no-store' } });
}

/** Whether a request comes from a page of ours, or from no page at all (a script with a token). */
export function isOwn(request: Request): boolean {
  const origin = request.headers.get('Origin');
  return origin === null || origin === new URL(request.url).origin;
}

/** A path of ours out of an address that somebody sent; else `fallback`. */
export function ownPath(address: string | null, request: Request, fallback: string): string {
  if (address === null) return fallback;
  const { origin } = new URL(request.url);
  const url = URL.canParse(address, origin) ? new URL(address, origin) : undefined;
  return url?.origin === origin && url.pathname.startsWith('/admin') ? url.pathname + url.search : fallback;
}
