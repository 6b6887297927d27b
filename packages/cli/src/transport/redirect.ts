import { showOrigin } from './url.js';

/** How many redirects one request may follow. */
export const MAX_REDIRECTS = 5;

/** A redirect requested by a server, and the state of the request. */
export type RedirectRequest = {
  /** The URL that responded. */
  readonly from: URL;
  readonly status: number;
  /** The `Location` header. */
  readonly location: string | null;
  readonly method: 'GET' | 'POST';
  /** Whether the request carries credentials: those of the source, or headers of the adapter, which may be some. */
  readonly credentialed: boolean;
  /** The configured origin, the only one that may receive credentials. */
  readonly origin: string;
  /** Redirects followed so far. */
  readonly taken: number;
};

/** What to do. */
export type RedirectDecision =
  | { readonly kind: 'follow'; readonly url: URL; readonly method: 'GET' | 'POST' }
  | { readonly kind: 'refuse'; readonly why: string };

/** Whether the status is a redirect that can be followed (300 and 304 to 306 are not). */
export function isRedirect(status: number): boolean {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308;
}

/**
 * Decides about one redirect. A request with credentials never leaves the origin: without them the response could be an incomplete
 * one that looks complete. A POST keeps its method and body, because ours only read, except on 303, which requires a GET. A
 * POST never leaves the origin, because its body was meant for that origin only.
 */
export function decideRedirect(request: RedirectRequest): RedirectDecision {
  const { from, location } = request;
  if (location === null || !URL.canParse(location, from.href)) {
    return refuse('a redirect without a valid URL');
  }
  const url = new URL(location, from);
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return refuse('a redirect to something that is not http(s)');
  if (url.username !== '' || url.password !== '') return refuse('a redirect to a URL with a user name or password');
  if (from.protocol === 'https:' && url.protocol === 'http:') {
    return refuse(`a redirect from https to http (${showOrigin(url)}), which would be readable in transit`);
  }
  // What it sends is no response to this request, and an empty object there would look like an empty list.
  if (url.pathname === '/' && from.pathname !== '/')
    return refuse('a redirect to the start page of the site: probably a login, or a path that does not exist');
  if (request.taken >= MAX_REDIRECTS) return refuse(`more than ${MAX_REDIRECTS} redirects in a row, probably a loop`);

  const stays = url.origin === request.origin;
  const method = request.status === 303 ? 'GET' : request.method;
  if (request.credentialed && !stays) {
    return refuse(
      `a redirect to another origin, ${showOrigin(url)}, which must not get the credentials; configure that URL if the source is there`,
    );
  }
  if (method === 'POST' && !stays) {
    return refuse(`a redirect of a query to ${showOrigin(url)}; configure that URL if the source is there`);
  }
  url.hash = '';
  return { kind: 'follow', url, method };
}

function refuse(why: string): RedirectDecision {
  return { kind: 'refuse', why };
}
