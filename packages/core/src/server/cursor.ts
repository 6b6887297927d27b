import { sha256 } from './digest.js';
import { badParameter } from './problem.js';
import type { Position } from './run-store.js';

/** Long enough to detect accidents. A cursor is no secret: access never depends on it. */
const CHECK_LENGTH = 16;
const LIMIT = 8192;

/**
 * The place after which the next page begins, as opaque text.
 *
 * `slice` is the order and the filters of the list: a cursor is valid only for those it was made for.
 */
export async function encodeCursor(position: Position, slice: string): Promise<string> {
  const payload = JSON.stringify([position.at, position.key]);
  return toBase64Url(JSON.stringify([1, await check(payload, slice), payload]));
}

/**
 * Reads a cursor back.
 *
 * @throws {RequestProblem} 400 for one that was changed, cut, or made for another order or other filters.
 */
export async function decodeCursor(cursor: string, slice: string): Promise<Position> {
  if (cursor.length > LIMIT) throw unusable();
  const [version, digest, payload] = list(fromBase64Url(cursor));
  if (version !== 1 || typeof payload !== 'string' || digest !== (await check(payload, slice))) throw unusable();
  const [at, key] = list(payload);
  if (typeof at !== 'number' || typeof key !== 'string') throw unusable();
  return { at, key };
}

async function check(payload: string, slice: string): Promise<string> {
  return (await sha256(JSON.stringify([payload, slice]))).slice(0, CHECK_LENGTH);
}

function list(json: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(json);
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

function toBase64Url(text: string): string {
  const bytes = new TextEncoder().encode(text);
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}

function fromBase64Url(text: string): string {
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    return new TextDecoder().decode(Uint8Array.from(binary, (char) => char.charCodeAt(0)));
  } catch {
    return '';
  }
}

function unusable() {
  return badParameter('cursor', 'is not valid: pass `next` unchanged, with the same filters and sort');
}
