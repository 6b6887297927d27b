import { SourceError, type SourceResponse } from '../source.js';

/** A JSON object from outside. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a value is a text that is not empty. */
export function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/**
 * Whether a text is given; an empty one counts as none.
 *
 * @throws {SourceError} `shape` for a value of another type: it is never taken for none.
 */
export function hasText(value: unknown): value is string {
  if (typeof value === 'string') return value !== '';
  return given(value, 'a text');
}

/**
 * Whether a number is given.
 *
 * @throws {SourceError} `shape` for a value of another type.
 */
export function hasNumber(value: unknown): value is number {
  return typeof value === 'number' || given(value, 'a number');
}

/**
 * Whether a boolean is given and true.
 *
 * @throws {SourceError} `shape` for a value of another type.
 */
export function isTrue(value: unknown): boolean {
  return typeof value === 'boolean' ? value : given(value, 'a boolean');
}

function given(value: unknown, expected: string): false {
  if (value === undefined || value === null) return false;
  throw new SourceError('shape', `The source sent ${typeOf(value)} where ${expected} belongs.`);
}

/**
 * The object in a field of another; an empty one if there is none. A value of another type is never taken for none: it may be the
 * evidence that a run is stuck.
 *
 * @throws {SourceError} `shape` for a value of another type.
 */
export function memberOf(value: unknown, name: string): JsonObject {
  const member = isObject(value) ? (value[name] ?? undefined) : undefined;
  if (member === undefined) return {};
  if (isObject(member)) return member;
  throw wrongType('The source', name, 'an object', member);
}

/**
 * The list in a field of the body.
 *
 * @throws {SourceError} `shape` if there is none, or if the body reports an error beside it.
 */
export function listOf(response: SourceResponse, name: string, expected: string): readonly unknown[] {
  const { body } = response;
  const list = isObject(body) ? body[name] : undefined;
  refuseError(body, response);
  if (Array.isArray(list)) return list;
  throw new SourceError(
    'shape',
    `${withoutQuery(response.url)} sent no "${name}" list. Is this the URL of ${expected}?`,
  );
}

/**
 * Refuses a body that reports an error although its HTTP status says success.
 *
 * @throws {SourceError} `shape` if the body has an `error` that is neither empty nor the code 0.
 */
export function refuseError(body: unknown, { url }: Pick<SourceResponse, 'url'>): void {
  const error = isObject(body) ? body['error'] : undefined;
  if (error === undefined || error === null || error === false || error === '' || error === 0) return;
  const text = isText(error) ? error : isObject(error) && isText(error['message']) ? error['message'] : 'no message';
  throw new SourceError('shape', `${withoutQuery(url)} sent an error with a successful status: ${text.slice(0, 300)}`);
}

// Strict readers of fields. "Absent" (missing or null) is `undefined`; a value of another type is never taken for absent, because a
// list that looks empty or a page that looks like the last one would hide runs.

/**
 * A text, such as a paging token. An empty one counts as absent.
 *
 * @throws {SourceError} `shape` for any other type.
 */
export function textField(owner: unknown, name: string, system: string): string | undefined {
  const value = fieldOf(owner, name, system);
  if (value === undefined || typeof value === 'string') return value === '' ? undefined : value;
  throw wrongType(system, name, 'a text', value);
}

/**
 * A count: a whole number, zero or more.
 *
 * @throws {SourceError} `shape` for anything else.
 */
export function countField(owner: unknown, name: string, system: string): number | undefined {
  const value = fieldOf(owner, name, system);
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw wrongType(system, name, 'a count', value);
}

/**
 * A number.
 *
 * @throws {SourceError} `shape` for any other type.
 */
export function numberField(owner: unknown, name: string, system: string): number | undefined {
  const value = fieldOf(owner, name, system);
  if (value === undefined || (typeof value === 'number' && Number.isFinite(value))) return value;
  throw wrongType(system, name, 'a number', value);
}

/**
 * A boolean.
 *
 * @throws {SourceError} `shape` for any other type.
 */
export function booleanField(owner: unknown, name: string, system: string): boolean | undefined {
  const value = fieldOf(owner, name, system);
  if (value === undefined || typeof value === 'boolean') return value;
  throw wrongType(system, name, 'a boolean', value);
}

/**
 * A list.
 *
 * @throws {SourceError} `shape` for any other type.
 */
export function listField(owner: unknown, name: string, system: string): readonly unknown[] | undefined {
  const value = fieldOf(owner, name, system);
  if (value === undefined || Array.isArray(value)) return value;
  throw wrongType(system, name, 'a list', value);
}

/**
 * The objects of a list.
 *
 * @throws {SourceError} `shape` if one of them is of another type: left out, it would be taken for missing.
 */
export function objectsIn(list: readonly unknown[], name: string, system: string): readonly JsonObject[] {
  return list.map((item) => {
    if (isObject(item)) return item;
    throw wrongType(system, name, 'a list of objects', item);
  });
}

/**
 * A list of objects; empty if absent.
 *
 * @throws {SourceError} `shape` for any other type, also of one of its items.
 */
export function objectsField(owner: unknown, name: string, system: string): readonly JsonObject[] {
  return objectsIn(listField(owner, name, system) ?? [], name, system);
}

/**
 * An object.
 *
 * @throws {SourceError} `shape` for any other type.
 */
export function objectField(owner: unknown, name: string, system: string): JsonObject | undefined {
  const value = fieldOf(owner, name, system);
  if (value === undefined || isObject(value)) return value;
  throw wrongType(system, name, 'an object', value);
}

function fieldOf(owner: unknown, name: string, system: string): unknown {
  if (!isObject(owner)) throw wrongType(system, name, 'part of an object', owner);
  return owner[name] ?? undefined;
}

/** Names the type and never the value, which may be a secret. */
function wrongType(system: string, name: string, expected: string, value: unknown): SourceError {
  return new SourceError('shape', `${system} sent ${typeOf(value)} where "${name}" must be ${expected}.`);
}

function typeOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'a list' : `a value of type ${typeof value}`;
}

/**
 * A body that is an object.
 *
 * @throws {SourceError} `shape` for any other type.
 */
export function objectBody({ body, url }: Pick<SourceResponse, 'body' | 'url'>, expected: string): JsonObject {
  if (isObject(body)) return body;
  throw new SourceError('shape', `${withoutQuery(url)} sent no object. Is this the URL of ${expected}?`);
}

/** A URL fit for a message: a query may hold a secret. */
export function withoutQuery(url: string): string {
  return url.split(/[?#]/, 1)[0] ?? url;
}

/** The URL with a slash at its end, so that relative ones resolve below it. */
export function withSlash(url: string): string {
  return url.endsWith('/') ? url : `${url}/`;
}

/**
 * Text as part of a URL.
 *
 * @throws {SourceError} `shape` for half of a surrogate pair, which no URL can hold.
 */
export function encoded(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    throw new SourceError('shape', 'Half of a surrogate pair cannot be part of a URL.');
  }
}

/** Name and value pairs as a query. Pairs without a value are left out. */
export function queryText(pairs: readonly (readonly [string, string | number | undefined])[]): string {
  return pairs
    .flatMap(([name, value]) => (value === undefined ? [] : [`${encodeURIComponent(name)}=${encoded(String(value))}`]))
    .join('&');
}
