import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';

/** Who may ask `serve` for anything. */
export type AccessOptions = {
  /** Without one, everybody who reaches the server may read. */
  readonly token: string | undefined;
  /** Names that the server answers to, besides `localhost` and any IP address. */
  readonly hostNames: readonly string[];
  /** Origins whose pages may read the run API. */
  readonly corsOrigins: readonly string[];
  /** The local clock, whatever instant runs are judged at. */
  readonly now: () => number;
};

/** How long a browser stays signed in after its last visit: a wall screen is never asked again. */
const SESSION_MS = 30 * 86_400_000;

/** Decides who may read. */
export class Access {
  readonly #options: AccessOptions;
  readonly #pepper = randomBytes(32);

  constructor(options: AccessOptions) {
    this.#options = options;
  }

  get isOpen(): boolean {
    return this.#options.token === undefined;
  }

  /**
   * Whether a request names this server by a name that is its own. A page of elsewhere whose name was rebound to this machine names
   * itself; it cannot name an IP address, which needs no name server.
   */
  isKnownHost(host: string): boolean {
    const name = nameOf(host);
    if (name === undefined) return false;
    return (
      isIP(name) !== 0 || name === 'localhost' || name.endsWith('.localhost') || this.#options.hostNames.includes(name)
    );
  }

  /** Whether the request shows the token, as a bearer or by the cookie of a session. */
  mayRead(request: Request): boolean {
    if (this.isOpen) return true;
    const bearer = /^Bearer +(\S+) *$/i.exec(request.headers.get('Authorization') ?? '')?.[1];
    return (bearer !== undefined && this.isToken(bearer)) || this.#sessionEnd(request) !== undefined;
  }

  /** Whether this is the token. Takes as long for one that is nearly right. */
  isToken(text: string): boolean {
    const { token } = this.#options;
    const digest = (value: string) => createHmac('sha256', this.#pepper).update(value).digest();
    return token !== undefined && timingSafeEqual(digest(text), digest(token));
  }

  /** The cookie that keeps a browser signed in. It is made with the token, so that a new token ends all sessions. */
  sessionCookie(request: Request): string {
    const end = this.#options.now() + SESSION_MS;
    return cookie(request, `${end}.${this.#sign(end)}`, SESSION_MS / 1000);
  }

  /** The cookie to send along where the session has run for half of its time. */
  renewal(request: Request): string | undefined {
    const end = this.#sessionEnd(request);
    return end !== undefined && end - this.#options.now() < SESSION_MS / 2 ? this.sessionCookie(request) : undefined;
  }

  /** The cookie that ends a session. */
  noCookie(request: Request): string {
    return cookie(request, '', 0);
  }

  /** The headers by which a page of another origin may read the response; none where it may not. */
  corsHeaders(request: Request): Readonly<Record<string, string>> {
    const origin = request.headers.get('Origin');
    if (origin === null || !this.#options.corsOrigins.includes(origin)) {
      return { 'Cross-Origin-Resource-Policy': 'same-origin', Vary: 'Origin' };
    }
    return {
      'Access-Control-Allow-Origin': origin,
      'Access-Control-Allow-Headers': 'Authorization, If-None-Match, Last-Event-ID',
      'Access-Control-Allow-Methods': 'GET, HEAD',
      'Access-Control-Expose-Headers': 'Date, ETag, Retry-After',
      'Access-Control-Max-Age': '600',
      'Cross-Origin-Resource-Policy': 'cross-origin',
      Vary: 'Origin',
    };
  }

  #sessionEnd(request: Request): number | undefined {
    const name = `${cookieName(request)}=`;
    const value = (request.headers.get('Cookie') ?? '')
      .split(/; */)
      .find((pair) => pair.startsWith(name))
      ?.slice(name.length);
    const [end = '', signature = ''] = value?.split('.') ?? [];
    if (!/^\d{1,15}$/.test(end) || Number(end) <= this.#options.now()) return undefined;
    const [expected, found] = [Buffer.from(this.#sign(Number(end))), Buffer.from(signature)];
    return expected.length === found.length && timingSafeEqual(expected, found) ? Number(end) : undefined;
  }

  #sign(end: number): string {
    return createHmac('sha256', this.#options.token ?? '')
      .update(`tardy session ${end}`)
      .digest('base64url');
  }
}

/** Whether a server at this address can be reached from this machine only. */
export function isLoopback(host: string): boolean {
  const name = nameOf(isIP(host) === 6 ? `[${host}]` : host);
  return name === 'localhost' || name === '::1' || (name !== undefined && isIP(name) === 4 && name.startsWith('127.'));
}

/** The name in a `Host` header, in lower case and without a port; `undefined` for one that is no host. */
function nameOf(host: string): string | undefined {
  const text = `http://${host}`;
  if (/[/?#@\\]/.test(host) || !URL.canParse(text)) return undefined;
  return new URL(text).hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}

/** Browsers send cookies to every port of a host: each server has a cookie of its own. */
function cookieName(request: Request): string {
  const { port } = new URL(request.url);
  return `tardy_session_${port === '' ? '0' : port}`;
}

function cookie(request: Request, value: string, maxAge: number): string {
  const secure = request.headers.get('X-Forwarded-Proto') === 'https' ? '; Secure' : '';
  return `${cookieName(request)}=${value}; Path=/; Max-Age=${maxAge}; HttpOnly; SameSite=Strict${secure}`;
}
