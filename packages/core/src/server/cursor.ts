import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { isRequestInstant } from './list-parameters.js';
import { badParameter } from './problem.js';
import type { Position } from './run-store.js';

/** In hexadecimal digits. */
const CHECK_LENGTH = 32;

/** What binds a cursor: the order and the filters of its list, and the secret of the host. */
export type CursorBinding = { readonly slice: string; readonly secret: string | undefined };

/**
 * The position after which the next page begins, as opaque text.
 *
 * @throws where the store gave a position that cannot be read back.
 */
export function encodeCursor(position: Position, binding: CursorBinding): string {
  if (positionOf(position.at, position.key) === undefined) {
    throw new Error('The store gave a position whose time is outside the years 0001 to 9999 or whose key is no text.');
  }
  const payload = JSON.stringify([position.at, position.key]);
  return checkOf(payload, binding) + toBase64Url(payload);
}

/**
 * Reads a cursor back. Without a secret anyone can write one, so its values are not trusted: what a caller may see never depends
 * on a cursor.
 *
 * @throws {RequestProblem} 400 for one that was changed, cut, forged, or made for another order or other filters.
 */
export function decodeCursor(cursor: string, binding: CursorBinding): Position {
  const payload = fromBase64Url(cursor.slice(CHECK_LENGTH));
  if (payload === undefined || cursor.slice(0, CHECK_LENGTH) !== checkOf(payload, binding)) throw unusable();
  const [at, key] = listIn(payload);
  const position = positionOf(at, key);
  if (position === undefined) throw unusable();
  return position;
}

function checkOf(payload: string, { slice, secret }: CursorBinding): string {
  const bound = utf8ToBytes(JSON.stringify([payload, slice]));
  const check = secret === undefined ? sha256(bound) : hmac(sha256, utf8ToBytes(secret), bound);
  return bytesToHex(check).slice(0, CHECK_LENGTH);
}

/** Only what every store can look for: PostgreSQL takes no NUL in a text, and half of a surrogate pair is no text. */
function positionOf(at: unknown, key: unknown): Position | undefined {
  return isRequestInstant(at) && typeof key === 'string' && !/[\0\p{Cs}]/u.test(key) ? { at, key } : undefined;
}

function listIn(json: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(json);
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

function toBase64Url(text: string): string {
  const binary = Array.from(utf8ToBytes(text), (byte) => String.fromCharCode(byte)).join('');
  return btoa(binary)
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/={1,2}$/, '');
}

/** `undefined` for anything that `toBase64Url` does not write, so that a text has one spelling. */
function fromBase64Url(encoded: string): string | undefined {
  try {
    const binary = atob(encoded.replaceAll('-', '+').replaceAll('_', '/'));
    const text = new TextDecoder().decode(Uint8Array.from(binary, (char) => char.charCodeAt(0)));
    return toBase64Url(text) === encoded ? text : undefined;
  } catch {
    return undefined;
  }
}

function unusable() {
  return badParameter('cursor', 'is not valid: pass `next` unchanged, with the same filters and sort');
}
