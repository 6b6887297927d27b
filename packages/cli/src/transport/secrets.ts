import { createHash } from 'node:crypto';

/** Header name → value. Any header may be one, not only `Authorization`. */
export type Credentials = Readonly<Record<string, string>>;

/** Shorter pieces are not secrets, and replacing them would garble ordinary words. */
const SHORTEST_SECRET = 4;

/** Control, format (bidi, zero-width), surrogate and private characters, and line and paragraph separators. */
const UNSAFE = /[\p{C}\p{Zl}\p{Zp}\s]+/gu;

/**
 * Makes a function that removes every credential from a text: a safety net for all messages, because a server may echo what it was
 * sent. Covers the value, the part after the scheme (`Bearer …`), both halves of `Basic …`, and URL-encoded forms.
 */
export function createScrubber(credentials: Credentials): (text: string) => string {
  const pieces = new Set<string>();
  for (const value of Object.values(credentials)) {
    const [scheme = '', ...rest] = value.trim().split(/\s+/);
    const found = rest.length === 0 ? [scheme] : [value, rest.join(' '), ...rest];
    if (/^basic$/i.test(scheme)) {
      const pair = Buffer.from(rest.join(''), 'base64').toString('utf8');
      found.push(pair, pair.slice(pair.indexOf(':') + 1));
    }
    for (const piece of found) {
      if (piece.length < SHORTEST_SECRET) continue;
      pieces.add(piece).add(encodeURIComponent(piece));
    }
  }
  // Longest first: replacing a part first would leave the rest of the longer one.
  const ordered = [...pieces].sort((a, b) => b.length - a.length);
  return (text) => ordered.reduce((scrubbed, piece) => scrubbed.replaceAll(piece, '***'), text);
}

/** Identifies a set of credentials without containing them, to keep stored responses of different ones separate. */
export function identifyCredentials(credentials: Credentials): string {
  const pairs = Object.entries(credentials).map(([name, value]) => JSON.stringify([name.toLowerCase(), value]));
  return createHash('sha256').update(pairs.sort().join()).digest('base64url');
}

/** Makes text from a server fit for one line of a message: nothing that a terminal acts on, at most `maxLength` characters. */
export function quoteForeign(text: string, maxLength = 200): string {
  const line = [
    ...text
      .slice(0, 4 * maxLength)
      .replace(UNSAFE, ' ')
      .trim(),
  ];
  return line.length <= maxLength ? line.join('') : `${line.slice(0, maxLength - 1).join('')}…`;
}
