import type { CaseResponse } from '../test-cases.js';

/** Random numbers that a seed repeats. */
export type Random = {
  /** A whole number from 0, less than `count`. */
  readonly below: (count: number) => number;
  readonly pick: <Item>(items: readonly Item[]) => Item;
};

/** Makes random numbers from a seed (mulberry32). */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (count: number) => Math.floor(next() * count);
  return {
    below,
    pick: (items) => {
      const item = items[below(items.length)];
      if (item === undefined) throw new Error('There is nothing to pick from.');
      return item;
    },
  };
}

/**
 * One way to damage a response. After a `detectable` one a stuck run must not go unnoticed: what arrives says that something is wrong.
 * Others may leave a valid response that says less; after those nothing must crash or hang.
 */
export type Damage = {
  readonly name: string;
  readonly detectable: boolean;
  /** The damaged response; `undefined` if this one cannot be damaged so. */
  readonly apply: (response: CaseResponse, random: Random) => CaseResponse | undefined;
};

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** A place in a JSON value: the object or list that holds it, and its name or index there. */
type Place = { readonly owner: { [name: string]: Json } | Json[]; readonly key: string | number; readonly value: Json };

const STATUSES = [400, 401, 403, 404, 409, 410, 500, 501];
const OTHER_BODIES = ['null', 'true', '0', '"text"', '[]', '{}', '{"error":"x"}', '{"message":"ok"}', '[[]]', ''];
const HOSTILE = ['\ud800', '\u0000', '../..', '{{', '${env:HOME}', '9'.repeat(400), 'x'.repeat(5000), '<b>', '\u202e'];

/** All ways to damage a response. */
export const DAMAGES: readonly Damage[] = [
  text('cut off', true, (body, { below }) => body.slice(0, below(body.length))),
  text('bytes replaced by quotes', true, (body, { below }) => {
    const at = below(body.length);
    return `${body.slice(0, at)}"${body.slice(at)}`;
  }),
  // Some systems leave an empty list out, so an empty object may be a valid response of theirs.
  text('another body', false, (_, { pick }) => pick(OTHER_BODIES)),
  {
    name: 'another status',
    detectable: false,
    apply: (response, { pick }) => ({ ...response, status: pick(STATUSES) }),
  },
  json('a list or an object of another type', true, (places, { pick }) => {
    const found = places.filter(({ value }) => typeof value === 'object' && value !== null && size(value) > 0);
    return replace(found, pick, () => pick<Json>([7, 'text', true, [7], { a: 7 }]), true);
  }),
  json('a value of another type', true, (places, { pick }) => {
    const found = places.filter(({ value }) => value !== null);
    return replace(found, pick, () => pick<Json>([7, 'text', true, [7], { a: 7 }]), true);
  }),
  json('a value that is none', false, (places, { pick }) =>
    replace(places, pick, () => pick<Json>([null, -1, '', [], {}, [null], 1e300]), true),
  ),
  json('a hostile text', false, (places, { pick }) => {
    const texts = places.filter(({ value }) => typeof value === 'string');
    return replace(texts, pick, () => pick(HOSTILE), false);
  }),
  json('a field dropped', false, (places, { pick }) => {
    const named = places.filter(({ owner }) => !Array.isArray(owner));
    if (named.length === 0) return false;
    const { owner, key } = pick(named);
    if (!Array.isArray(owner)) delete owner[key];
    return true;
  }),
  json('a row repeated', false, (places, { pick }) => {
    const lists = places.flatMap(({ value }) => (Array.isArray(value) && value.length > 0 ? [value] : []));
    if (lists.length === 0) return false;
    const list = pick(lists);
    list.push(structuredClone(pick(list)));
    return true;
  }),
  json('rows that are no objects', true, (places, { pick }) => {
    const lists = places.flatMap(({ value }) =>
      Array.isArray(value) && value.some((row) => typeof row === 'object' && row !== null && !Array.isArray(row))
        ? [value]
        : [],
    );
    if (lists.length === 0) return false;
    const list = pick(lists);
    for (const index of list.keys()) list[index] = pick<Json>([null, 7, 'text', []]);
    return true;
  }),
  json('rows in another order', false, (places, { pick }) => {
    const lists = places.flatMap(({ value }) => (Array.isArray(value) && value.length > 1 ? [value] : []));
    if (lists.length === 0) return false;
    pick(lists).reverse();
    return true;
  }),
];

function text(name: string, detectable: boolean, change: (body: string, random: Random) => string): Damage {
  return {
    name,
    detectable,
    apply: (response, random) => {
      if (response.text.length < 2) return undefined;
      const changed = change(response.text, random);
      return changed === response.text || (detectable && isJson(changed)) ? undefined : { ...response, text: changed };
    },
  };
}

function json(
  name: string,
  detectable: boolean,
  change: (places: readonly Place[], random: Random) => boolean,
): Damage {
  return {
    name,
    detectable,
    apply: (response, random) => {
      const root: { body?: Json } = { body: JSON.parse(response.text) as Json };
      return change(placesIn(root), random) ? { ...response, text: JSON.stringify(root.body ?? null) } : undefined;
    },
  };
}

function isJson(body: string): boolean {
  try {
    JSON.parse(body);
    return true;
  } catch {
    return false;
  }
}

function size(value: Json): number {
  return value === null || typeof value !== 'object' ? 0 : Object.keys(value).length;
}

function replace(places: readonly Place[], pick: Random['pick'], make: () => Json, otherType: boolean): boolean {
  if (places.length === 0) return false;
  const { owner, key, value } = pick(places);
  const made = make();
  if (otherType && typeOf(made) === typeOf(value)) return false;
  if (Array.isArray(owner)) owner[Number(key)] = made;
  else owner[key] = made;
  return true;
}

function typeOf(value: Json): string {
  return value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value;
}

function placesIn(root: { [name: string]: Json } | Json[]): Place[] {
  const entries: [string | number, Json][] = Array.isArray(root) ? [...root.entries()] : Object.entries(root);
  return entries.flatMap(([key, value]) => [
    { owner: root, key, value },
    ...(typeof value === 'object' && value !== null ? placesIn(value) : []),
  ]);
}
