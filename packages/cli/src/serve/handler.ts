import { createHash } from 'node:crypto';
import type { Instant } from '@tardy/core';
import { createRunApi } from '@tardy/core/server';
import type { Access } from './access.js';
import type { Assets } from './assets.js';
import { faviconOf } from './favicon.js';
import type { Html } from '../output/html.js';
import type { LiveRuns } from '../live/live-runs.js';
import { dashboardPage, missingPage, runPage, runsPage, signInPage, wallPage, type PageFrame } from './pages.js';
import type { Status } from '../live/status.js';

/** A request handler in terms of the Web platform. */
export type Handler = (request: Request) => Promise<Response>;

/** What the pages and the run API are made of. */
export type HandlerOptions = {
  readonly runs: LiveRuns;
  readonly status: () => Status;
  readonly access: Access;
  readonly assets: Assets;
  readonly title: string;
  readonly rotateMs: number;
  /** Whether the wall is what the root of the server shows. */
  readonly wall: boolean;
  /** The instant to judge at. */
  readonly now: () => Instant;
  /** Removes secrets from what a source said of itself. */
  readonly scrub: (text: string) => string;
  readonly onError: (error: unknown) => void;
};

/** Own files only, no inline style or script, and no text that becomes markup. */
const POLICY = [
  `default-src 'none'`,
  `script-src 'self'`,
  `style-src 'self'`,
  `img-src 'self'`,
  `connect-src 'self'`,
  `require-trusted-types-for 'script'`,
  // Lit makes its templates under a policy of this name.
  `trusted-types lit-html`,
  `base-uri 'none'`,
  `form-action 'self'`,
  `frame-ancestors 'none'`,
].join('; ');

/** More than a token and a path take, in bytes. */
const FORM_LIMIT = 8192;

/** Serves the pages, the state of the sources and the run API. It only reads. */
export function createHandler(options: HandlerOptions): Handler {
  const { access, assets, runs } = options;
  const frame: PageFrame = {
    title: options.title,
    rotateMs: options.rotateMs,
    canSignOut: !access.isOpen,
    style: assets.style,
    scripts: assets.scripts,
  };
  let served: { readonly policy: unknown; readonly api: Handler } | undefined;

  /** The kit takes one policy, and ours changes when a source publishes another one. */
  function api(): Handler {
    if (served?.policy !== runs.policy) {
      const { now, onError } = options;
      const authorize = (request: Request) => (access.mayRead(request) ? 'everything' : undefined);
      const { store, policy } = runs;
      const made = createRunApi({ store, policy, now, authorize, basePath: '/api', challenge: 'Bearer', onError });
      served = { policy, api: made };
    }
    return served.api;
  }

  async function respond(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === '/healthz') return plain(200, 'ok');
    const isData = pathname === '/status' || pathname.startsWith('/api/');
    if (request.method === 'OPTIONS' && isData) {
      return new Response(null, { status: 204, headers: access.corsHeaders(request) });
    }
    if (pathname.startsWith('/api/')) return adding(await api()(request), access.corsHeaders(request));
    if (request.method === 'POST' && pathname === '/login') return signIn(request);
    if (request.method === 'POST' && pathname === '/logout') {
      return isOwn(request)
        ? redirect('/login', access.noCookie(request))
        : plain(403, 'This form is on another site.');
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return adding(plain(405, 'Only GET and HEAD are served here.'), { Allow: 'GET, HEAD' });
    }
    const asset = assets.responseTo(request, pathname);
    if (asset !== undefined) return asset;
    if (pathname === '/favicon.svg') return icon(searchParams.get('verdict'));
    if (pathname === '/login') return pageOf(signInPage(frame, ownPath(searchParams.get('to')), false));
    if (!access.mayRead(request)) {
      if (pathname === '/status') {
        const refused = adding(plain(401, 'Sign in, or send the token as a bearer.'), access.corsHeaders(request));
        return adding(refused, { 'WWW-Authenticate': 'Bearer' });
      }
      const { search } = new URL(request.url);
      return redirect(`/login?to=${encodeURIComponent(pathname + search)}`);
    }
    if (pathname === '/status') return adding(statusResponse(request), access.corsHeaders(request));
    const renewal = access.renewal(request);
    const page = pageAt(pathname, searchParams);
    return adding(page, renewal === undefined ? {} : { 'Set-Cookie': renewal });
  }

  function pageAt(pathname: string, query: URLSearchParams): Response {
    const text = (name: string) => query.get(name) ?? undefined;
    const id = text('id');
    if (pathname === '/' && !options.wall) return pageOf(dashboardPage(frame, text('tenant')));
    if (pathname === '/wall' || pathname === '/') return pageOf(wallPage(frame));
    if (pathname === '/runs') return pageOf(runsPage(frame));
    if (pathname === '/run' && id !== undefined) return pageOf(runPage(frame, id, text('source')));
    return pageOf(missingPage(frame), 404);
  }

  function statusResponse(request: Request): Response {
    const { now, ...facts } = options.status();
    const tag = `W/"${createHash('sha256').update(JSON.stringify(facts)).digest('hex')}"`;
    const headers = { ETag: tag, 'Cache-Control': 'private, no-store', 'Content-Type': 'application/json' };
    if (request.headers.get('If-None-Match') === tag) return new Response(null, { status: 304, headers });
    return new Response(options.scrub(JSON.stringify({ now, ...facts })), { headers });
  }

  async function signIn(request: Request): Promise<Response> {
    if (!isOwn(request)) return plain(403, 'This form is on another site.');
    const form = await formOf(request);
    if (form === undefined) return plain(413, 'This form is too long.');
    const to = ownPath(form.get('to'));
    if (access.isOpen) return redirect(to);
    if (!access.isToken(form.get('token')?.trim() ?? '')) return pageOf(signInPage(frame, to, true), 401);
    return redirect(to, access.sessionCookie(request));
  }

  return async (request) => {
    if (!access.isKnownHost(request.headers.get('Host') ?? '')) {
      const advice = 'This server does not answer to that name. Start it with --name to allow it.';
      return secured(plain(421, advice));
    }
    try {
      const response = await respond(request);
      return secured(request.method === 'HEAD' ? new Response(null, response) : response);
    } catch (error) {
      options.onError(error);
      return secured(plain(500, 'The server failed. See its log.'));
    }
  };
}

function pageOf({ markup }: Html, status = 200): Response {
  const headers = { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'private, no-store' };
  return new Response(markup, { status, headers });
}

function plain(status: number, text: string): Response {
  const headers = { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'private, no-store' };
  return new Response(`${text}\n`, { status, headers });
}

function icon(verdict: string | null): Response {
  const headers = { 'Content-Type': 'image/svg+xml', 'Cache-Control': 'public, max-age=86400' };
  return new Response(faviconOf(verdict), { headers });
}

function redirect(path: string, cookie?: string): Response {
  const headers = new Headers({ Location: path, 'Cache-Control': 'private, no-store' });
  if (cookie !== undefined) headers.set('Set-Cookie', cookie);
  return new Response(null, { status: 303, headers });
}

function adding(response: Response, headers: Readonly<Record<string, string>>): Response {
  for (const [name, value] of Object.entries(headers)) {
    if (name === 'Vary') response.headers.append(name, value);
    else response.headers.set(name, value);
  }
  return response;
}

/** What every response has, whatever it is: a page of elsewhere neither frames it nor reads it. */
function secured(response: Response): Response {
  response.headers.set('Content-Security-Policy', POLICY);
  response.headers.set('X-Content-Type-Options', 'nosniff');
  response.headers.set('Referrer-Policy', 'same-origin');
  if (!response.headers.has('Cross-Origin-Resource-Policy')) {
    response.headers.set('Cross-Origin-Resource-Policy', 'same-origin');
  }
  return response;
}

/** Whether a form was sent by a page of this server, or by no page. Behind a proxy only the scheme may differ. */
function isOwn(request: Request): boolean {
  const origin = request.headers.get('Origin');
  if (origin === null) return true;
  return URL.canParse(origin) && new URL(origin).host === new URL(request.url).host;
}

/** The path where it is one of this server; else the root. */
function ownPath(sent: string | null): string {
  const base = 'http://own.invalid';
  if (sent === null || !sent.startsWith('/') || !URL.canParse(sent, base)) return '/';
  const url = new URL(sent, base);
  return url.origin === base && url.pathname !== '/login' ? url.pathname + url.search : '/';
}

/** The form that a request posts; `undefined` for one that is too long, of which no more is read. */
async function formOf(request: Request): Promise<URLSearchParams | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.byteLength;
    if (length > FORM_LIMIT) return undefined;
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString());
}
