import type { Damage, Damaged, WireResponse } from './test-damage.js';
import type { Random } from './test-random.js';

/** A value of JSON. */
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** A place in a JSON value: the object or list that holds it, its name or index there, and the way to it. */
type Place = {
  readonly owner: { [name: string]: Json } | Json[];
  readonly key: string | number;
  readonly value: Json;
  readonly path: string;
};

/** What was done, or `undefined` if there was nothing to do it to. */
type Change = (places: readonly Place[], random: Random) => string | undefined;

const HOSTILE = [
  '\ud800',
  '\u0000',
  '.',
  '..',
  '../..',
  '{{',
  '${env:HOME}',
  '9'.repeat(400),
  'x'.repeat(5000),
  '<b>',
  '\u202e',
  'http://[',
  '__proto__',
  'constructor',
];
const OTHER_TYPES: readonly Json[] = [7, 'text', true, false, [7], { a: 7 }, 0, 'NaN', [[]], [{}], 1e300, -1, 1.5];
const NONE: readonly Json[] = [null, '', [], {}, [null]];
const DATES = [
  'Mon, 23 Nov 2026 09:00:00 GMT',
  '2026-11-23',
  '2026-11-23T09:00:00',
  '23.11.2026 09:00',
  '0000-00-00T00:00:00Z',
  '2026-13-45T99:99:99Z',
  'never',
  '1764000000',
  '+275760-09-13T00:00:00Z',
];
const FAR = ['0001-01-01T00:00:00Z', '9999-12-31T23:59:59Z'];

/** Damage to what a JSON body means. */
export const JSON_DAMAGES: readonly Damage[] = [
  json('a list or an object of another type', true, (places, { pick }) =>
    replace(
      places.filter(({ value }) => typeof value === 'object' && value !== null && size(value) > 0),
      pick,
      () => pick(OTHER_TYPES),
    ),
  ),
  json('a value of another type', true, (places, { pick }) =>
    replace(
      places.filter(({ value }) => value !== null),
      pick,
      () => pick(OTHER_TYPES),
    ),
  ),
  json('a number or a boolean as text', true, (places, { pick }) => {
    const found = places.filter(({ value }) => typeof value === 'number' || typeof value === 'boolean');
    if (found.length === 0) return undefined;
    const place = pick(found);
    return put(place, JSON.stringify(place.value));
  }),
  json('a number out of all bounds', false, (places, { pick }) =>
    set(
      places.filter(({ value }) => typeof value === 'number'),
      pick,
      [-1, 0, 1.5, 1e16, 1e300, -1e300, Number.MAX_SAFE_INTEGER + 2],
    ),
  ),
  json('a date of another form', true, (places, { pick }) => set(places.filter(isDate), pick, DATES)),
  json('a date far away', false, (places, { pick }) => set(places.filter(isDate), pick, FAR)),
  json('a value that is none', false, (places, { pick }) => replace(places, pick, () => pick(NONE))),
  json('a hostile text', false, (places, { pick }) =>
    set(
      places.filter(({ value }) => typeof value === 'string'),
      pick,
      HOSTILE,
    ),
  ),
  json('a field dropped', false, (places, { pick }) => {
    const named = places.filter(({ owner }) => !Array.isArray(owner));
    if (named.length === 0) return undefined;
    const { owner, key, path } = pick(named);
    if (!Array.isArray(owner)) delete owner[key];
    return path;
  }),
  json('a field renamed', false, (places, { pick }) => {
    const named = places.filter(({ owner }) => !Array.isArray(owner));
    if (named.length === 0) return undefined;
    const { owner, key, value, path } = pick(named);
    if (Array.isArray(owner)) return undefined;
    delete owner[key];
    owner[`${key}_`] = value;
    return path;
  }),
  json('a value in the place of another', false, (places, { pick }) => {
    const place = pick(places);
    const other = pick(places);
    return place.path === other.path || other.path.startsWith(place.path) || place.path.startsWith(other.path)
      ? undefined
      : put(place, structuredClone(other.value));
  }),
  json('two values of different types exchanged', true, (places, { pick }) => {
    const object = pick(places).owner;
    const own = places.filter(({ owner, value }) => owner === object && value !== null && !isEmpty(value));
    const place = pick(own.length === 0 ? places : own);
    const others = own.filter(({ value }) => typeOf(value) !== typeOf(place.value));
    if (others.length === 0) return undefined;
    const other = pick(others);
    return `${put(place, other.value)}, ${put(other, place.value)}`;
  }),
  json('a word for none as text', true, (places, { pick }) =>
    replace(
      places.filter(({ value }) => value !== null && typeof value !== 'string'),
      pick,
      () => pick(['null', 'undefined', 'None', '-', ' ']),
    ),
  ),
  json('a list cut short beside its count', true, (places, { pick, below }) => {
    const counted = listsIn(places).filter(({ value: { length }, owner }) => length > 0 && countedBy(owner, length));
    if (counted.length === 0) return undefined;
    const { value: list, path } = pick(counted);
    list.length = below(list.length);
    return path;
  }),
  json('a time in another unit', false, (places, { pick }) => {
    const times = places.filter(({ value }) => typeof value === 'number' && value > 1e9);
    if (times.length === 0) return undefined;
    const place = pick(times);
    return put(place, Math.floor(Number(place.value) * pick([1000, 0.001, 1e6])));
  }),
  json('a row repeated with parts of another', false, (places, { pick }) => {
    const lists = listsIn(places).filter(({ value }) => value.some((row) => isRecord(row)));
    if (lists.length === 0) return undefined;
    const { value: list, path } = pick(lists);
    const row = pick(list.filter((one) => isRecord(one)));
    const merged = Object.assign(structuredClone(pick(list.filter((one) => isRecord(one)))) as object, row);
    list.push(Object.fromEntries(Object.entries(merged).filter(() => pick([true, true, false]))) as Json);
    return path;
  }),
  json('a row repeated', true, (places, { pick }) => {
    const lists = listsIn(places).filter(({ value }) => value.length > 0);
    if (lists.length === 0) return undefined;
    const { value: list, path } = pick(lists);
    list.push(structuredClone(pick(list)));
    return path;
  }),
  json('rows that are no objects', true, (places, { pick }) => {
    const lists = listsIn(places).filter(({ value }) => value.some((row) => isRecord(row)));
    if (lists.length === 0) return undefined;
    const { value: list, path } = pick(lists);
    for (const index of list.keys()) list[index] = pick<Json>([null, 7, 'text', []]);
    return path;
  }),
  json('a row that is no object', true, (places, { pick, below }) => {
    const lists = listsIn(places).filter(({ value }) => value.some((row) => isRecord(row)));
    if (lists.length === 0) return undefined;
    const { value: list, path } = pick(lists);
    const at = below(list.length);
    list[at] = pick<Json>([null, 7, 'text', [], {}, false]);
    return `${path}[${at}]`;
  }),
  json('rows in another order', true, (places, { pick }) => {
    const lists = listsIn(places).filter(({ value }) => value.length > 1);
    if (lists.length === 0) return undefined;
    const { value: list, path } = pick(lists);
    list.reverse();
    return path;
  }),
  {
    // The last one counts for every reader of JSON, and it may be a valid one.
    name: 'a field twice',
    noticeable: false,
    apply: (response, random) => {
      const root = parsed(response.body.toString('utf8'));
      if (root === undefined) return undefined;
      const named = placesIn(root).filter(({ owner }) => !Array.isArray(owner) && owner !== root);
      if (named.length === 0) return undefined;
      const { owner, key, value, path } = random.pick(named);
      if (Array.isArray(owner)) return undefined;
      const again = random.pick<Json>([null, [], {}, 7, 'text', value]);
      delete owner[key];
      owner['@@twice@@'] = 0;
      const name = JSON.stringify(key);
      const twice = `${name}:${JSON.stringify(value)},${name}:${JSON.stringify(again)}`;
      const text = JSON.stringify(root['body']).replace('"@@twice@@":0', () => twice);
      return { response: { ...response, body: Buffer.from(text) }, what: `${path}: ${JSON.stringify(again)}` };
    },
  },
];

/** The values that a JSON text holds, its own first; none if it is no JSON. */
export function valuesIn(text: string): readonly Json[] {
  const root = parsed(text);
  return root === undefined ? [] : placesIn(root).map(({ value }) => value);
}

/** The response with one of its values replaced, counted as `valuesIn` lists them. */
export function withValue(response: WireResponse, index: number, value: Json): Damaged | undefined {
  const root = parsed(response.body.toString('utf8'));
  const place = root === undefined ? undefined : placesIn(root)[index];
  if (root === undefined || place === undefined) return undefined;
  const what = put(place, structuredClone(value));
  return { response: { ...response, body: Buffer.from(JSON.stringify(root['body'] ?? null)) }, what };
}

function json(name: string, noticeable: boolean, change: Change): Damage {
  return {
    name,
    noticeable,
    apply: (response, random) => {
      const root = parsed(response.body.toString('utf8'));
      if (root === undefined) return undefined;
      const places = placesIn(root);
      const what = places.length === 0 ? undefined : change(places, random);
      if (what === undefined) return undefined;
      const text = JSON.stringify(root['body'] ?? null);
      return { response: { ...response, body: Buffer.from(text) }, what: `${what} in ${text.slice(0, 1500)}` };
    },
  };
}

function parsed(text: string): { [name: string]: Json } | undefined {
  try {
    return { body: JSON.parse(text) as Json };
  } catch {
    return undefined;
  }
}

function set(places: readonly Place[], pick: Random['pick'], values: readonly Json[]): string | undefined {
  return places.length === 0 ? undefined : put(pick(places), pick(values));
}

function replace(places: readonly Place[], pick: Random['pick'], make: () => Json): string | undefined {
  if (places.length === 0) return undefined;
  const place = pick(places);
  const made = make();
  return typeOf(made) === typeOf(place.value) ? undefined : put(place, structuredClone(made));
}

function put({ owner, key, path }: Place, value: Json): string {
  if (Array.isArray(owner)) owner[Number(key)] = value;
  else owner[key] = value;
  return `${path} = ${JSON.stringify(value).slice(0, 100)}`;
}

function isRecord(value: Json): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isDate({ value }: Place): boolean {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\d[T ]/.test(value);
}

function listsIn(
  places: readonly Place[],
): { readonly owner: Place['owner']; readonly value: Json[]; readonly path: string }[] {
  return places.flatMap(({ owner, value, path }) => (Array.isArray(value) ? [{ owner, value, path }] : []));
}

/** Whether an object has a field whose name says that it counts the rows beside it. */
function countedBy(owner: Place['owner'], length: number): boolean {
  return Object.entries(owner).some(([name, value]) => value === length && /total|count/i.test(name));
}

function isEmpty(value: Json): boolean {
  return value === '' || (typeof value === 'object' && size(value) === 0);
}

function size(value: Json): number {
  return value === null || typeof value !== 'object' ? 0 : Object.keys(value).length;
}

/** The type of a value of JSON. */
export function typeOf(value: Json): string {
  return value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value;
}

function placesIn(root: { [name: string]: Json } | Json[], before = ''): Place[] {
  const entries: [string | number, Json][] = Array.isArray(root) ? [...root.entries()] : Object.entries(root);
  return entries.flatMap(([key, value]) => {
    const path = Array.isArray(root) ? `${before}[${key}]` : before === '' ? String(key) : `${before}.${key}`;
    const place: Place = { owner: root, key, value, path };
    return [place, ...(typeof value === 'object' && value !== null ? placesIn(value, path) : [])];
  });
}
