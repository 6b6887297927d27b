import { createHash } from 'node:crypto';
import type { Credentials } from '../scrub.js';

/** Control, format (bidi, zero-width), surrogate and private characters, and line and paragraph separators. */
const UNSAFE = /[\p{C}\p{Zl}\p{Zp}\s]+/gu;

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
