import { showOrigin } from './address.js';

/** How many redirects one request may take. */
export const MAX_REDIRECTS = 5;

/** A redirect that a server asks for, and where the request stands. */
export type RedirectRequest = {
  /** The address that answered. */
  readonly from: URL;
  readonly status: number;
  /** The `Location` header. */
  readonly location: string | null;
  readonly method: 'GET' | 'POST';
  /** Whether credentials were sent to `from`. */
  readonly credentialed: boolean;
  /** The configured origin: the only one that may see credentials. */
  readonly origin: string;
  /** Redirects already taken. */
  readonly taken: number;
};

/** What to do about it. `credentialed` says whether the next hop may carry credentials; once dropped they stay dropped. */
export type RedirectDecision =
  | { readonly kind: 'follow'; readonly url: URL; readonly method: 'GET' | 'POST'; readonly credentialed: boolean }
  | { readonly kind: 'refuse'; readonly why: string };

/** Whether the status asks to look elsewhere. (300 and 304 to 306 do not.) */
export function isRedirect(status: number): boolean {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308;
}

/**
 * Decides about one redirect. A POST keeps its method and body, since ours only read, except on 303, which asks for a GET;
 * it never leaves the origin, because its body was meant for that alone.
 */
export function decideRedirect(request: RedirectRequest): RedirectDecision {
  const { from, location } = request;
  if (location === null || !URL.canParse(location, from.href)) {
    return refuse('a redirect that names no usable address');
  }
  const url = new URL(location, from);
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return refuse('a redirect to something that is not http(s)');
  if (url.username !== '' || url.password !== '')
    return refuse('a redirect to an address with a user name or password');
  if (from.protocol === 'https:' && url.protocol === 'http:') {
    return refuse(`a redirect from https to http (${showOrigin(url)}), which would be readable on the way`);
  }
  if (request.taken >= MAX_REDIRECTS) return refuse(`more than ${MAX_REDIRECTS} redirects in a row: is it a loop?`);

  const stays = url.origin === request.origin;
  const method = request.status === 303 ? 'GET' : request.method;
  if (method === 'POST' && !stays) {
    return refuse(`a redirect of a query to ${showOrigin(url)}; configure that address if it is the source`);
  }
  url.hash = '';
  return { kind: 'follow', url, method, credentialed: request.credentialed && stays };
}

function refuse(why: string): RedirectDecision {
  return { kind: 'refuse', why };
}
