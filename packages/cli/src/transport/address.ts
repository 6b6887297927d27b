import { SourceError } from '@tardy/core/sources';

/** Names of query parameters whose values are not shown; signed links of blob stores carry theirs under several. */
const SECRET_PARAMETER = /token|key|secret|pass|auth|sig|cred|code|jwt|session/i;

const LONGEST_SHOWN = 300;

/**
 * Reads the configured address of a source. Its path is a folder: `https://host/prefix` and `https://host/prefix/` mean the
 * same, and query and fragment are left out.
 *
 * @throws {SourceError} `refused` for anything but http(s), and for a user name or password in the address.
 */
export function parseBase(text: string): URL {
  if (!URL.canParse(text)) {
    throw new SourceError('refused', 'The address of the source is not a URL. Write it as https://host/path.');
  }
  const base = new URL(text);
  refuseOddScheme(base, 'The address of the source');
  if (base.username !== '' || base.password !== '') {
    throw new SourceError(
      'refused',
      `The address of the source (${base.host}) holds a user name or password. Give them as a credential instead.`,
    );
  }
  base.search = '';
  base.hash = '';
  if (!base.pathname.endsWith('/')) base.pathname += '/';
  return base;
}

/**
 * Resolves what an adapter asks for. `runs?page=2` stays below the path of the base, `/runs` starts at the root of its host, and
 * an absolute URL (a `next` link) must be of the same scheme, host and port.
 *
 * @throws {SourceError} `refused`, before anything is sent.
 */
export function resolveAddress(base: URL, text: string): URL {
  if (!URL.canParse(text, base.href)) {
    throw new SourceError('refused', `${base.origin} gave a link that is not a URL. It was not followed.`);
  }
  const url = new URL(text, base);
  refuseOddScheme(url, `A link from ${base.origin}`);
  if (url.origin !== base.origin) {
    throw new SourceError(
      'refused',
      `A link from ${base.origin} leads to ${showOrigin(url)}, another origin. It was not followed. ` +
        'If that is the address of the source, configure it; else the server builds its links wrongly.',
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new SourceError('refused', `A link from ${base.origin} holds a user name or password. It was not followed.`);
  }
  url.hash = '';
  return url;
}

/** Scheme, host and port as messages show them; a server may send a link of any length. */
export function showOrigin(url: URL): string {
  return shorten(url.origin);
}

/** The address as messages show it: no user name, no fragment, and no value of a query parameter that sounds secret. */
export function showAddress(url: URL): string {
  const shown = [...url.searchParams].map(([name, value]) => {
    const safe = SECRET_PARAMETER.test(name) ? '***' : encodeURIComponent(value);
    return `${encodeURIComponent(name)}=${safe}`;
  });
  return shorten(`${url.origin}${url.pathname}${shown.length === 0 ? '' : `?${shown.join('&')}`}`);
}

function shorten(text: string): string {
  return text.length <= LONGEST_SHOWN ? text : `${text.slice(0, LONGEST_SHOWN - 1)}…`;
}

function refuseOddScheme(url: URL, what: string): void {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new SourceError('refused', `${what} is ${shorten(url.protocol)} and not http(s). It is not used.`);
  }
}
