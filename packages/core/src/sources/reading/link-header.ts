/** Far longer than any legitimate header. Reading is linear in any case. */
const LIMIT = 16_384;

/**
 * The URL that a `Link` header (RFC 8288) gives for `rel="next"`; `undefined` if it gives none.
 *
 * Reads character by character: a server could choose a header that makes a regular expression backtrack.
 */
export function nextLink(header: string | null): string | undefined {
  if (header === null || header.length > LIMIT) return undefined;
  let from = 0;
  for (;;) {
    const open = header.indexOf('<', from);
    if (open < 0) return undefined;
    const close = header.indexOf('>', open);
    if (close < 0) return undefined;
    const end = endOfLink(header, close + 1);
    if (isNext(header.slice(close + 1, end))) return header.slice(open + 1, close).trim();
    from = end;
  }
}

/** The comma that ends a link, outside of quotes. */
function endOfLink(header: string, from: number): number {
  let quoted = false;
  for (let at = from; at < header.length; at++) {
    const character = header[at];
    if (quoted && character === '\\') at++;
    else if (character === '"') quoted = !quoted;
    else if (character === ',' && !quoted) return at + 1;
  }
  return header.length;
}

function isNext(parameters: string): boolean {
  return parameters.split(';').some((parameter) => {
    const equals = parameter.indexOf('=');
    if (equals < 0 || parameter.slice(0, equals).trim().toLowerCase() !== 'rel') return false;
    const value = parameter.slice(equals + 1).replace(/[",]/g, ' ');
    return value.split(/\s+/).some((relation) => relation.toLowerCase() === 'next');
  });
}
