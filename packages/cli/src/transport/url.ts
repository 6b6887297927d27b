import { SourceError } from '@tardy/core/sources';

/** Names of query parameters whose values are hidden; signed links of blob stores use several. */
const SECRET_PARAMETER = /token|key|secret|pass|auth|sig|cred|code|jwt|session/i;

const LONGEST_SHOWN = 300;

/**
 * Parses the configured URL of a source. Its path is a folder: `https://host/prefix` and `https://host/prefix/` are the same.
 * Query and fragment are dropped.
 *
 * @throws {SourceError} `refused` for anything but http(s), and for a user name or password in the URL.
 */
export function parseBaseUrl(text: string): URL {
  if (!URL.canParse(text)) {
    throw new SourceError('refused', 'The URL of the source is not valid. Write it as https://host/path.');
  }
  const base = new URL(text);
  refuseOddScheme(base, 'The URL of the source');
  if (base.username !== '' || base.password !== '') {
    throw new SourceError(
      'refused',
      `The URL of the source (${base.host}) contains a user name or password. Configure them as a credential instead.`,
    );
  }
  base.search = '';
  base.hash = '';
  if (!base.pathname.endsWith('/')) base.pathname += '/';
  return base;
}

/**
 * Resolves the URL of a request. `runs?page=2` is below the path of the base, `/runs` starts at the root of its host, and an
 * absolute URL (a `next` link) must have the same scheme, host and port.
 *
 * @throws {SourceError} `refused`, before anything is sent.
 */
export function resolveUrl(base: URL, text: string): URL {
  if (!URL.canParse(text, base.href)) {
    throw new SourceError('refused', `${base.origin} sent a link that is not a valid URL. It was not followed.`);
  }
  const url = new URL(text, base);
  refuseOddScheme(url, `A link from ${base.origin}`);
  if (url.origin !== base.origin) {
    throw new SourceError(
      'refused',
      `A link from ${base.origin} leads to another origin, ${showOrigin(url)}. It was not followed. ` +
        'If the source is there, configure that URL; otherwise the server builds wrong links.',
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new SourceError(
      'refused',
      `A link from ${base.origin} contains a user name or password. It was not followed.`,
    );
  }
  url.hash = '';
  return url;
}

/** Scheme, host and port for messages, shortened: a server may send a link of any length. */
export function showOrigin(url: URL): string {
  return shorten(url.origin);
}

/** The URL for messages: no user name, no fragment, and no value of a query parameter whose name suggests a secret. */
export function showUrl(url: URL): string {
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
    throw new SourceError(
      'refused',
      `${what} has the scheme ${shorten(url.protocol)} Only http: and https: are supported.`,
    );
  }
}
