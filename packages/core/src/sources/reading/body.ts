import { SourceError, type SourceResponse } from '../source.js';

/** A JSON object that arrived from outside. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a value that arrived is a JSON object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a value that arrived is a text that says something. */
export function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** The object that another holds under a name; an empty one where there is none. */
export function memberOf(value: unknown, name: string): JsonObject {
  const member = isObject(value) ? value[name] : undefined;
  return isObject(member) ? member : {};
}

/**
 * The list that a body holds under a name.
 *
 * @throws {SourceError} `shape` when there is none.
 */
export function listOf(response: SourceResponse, name: string, expected: string): readonly unknown[] {
  const { body } = response;
  const list = isObject(body) ? body[name] : undefined;
  if (Array.isArray(list)) return list;
  throw new SourceError(
    'shape',
    `${withoutQuery(response.url)} sent no "${name}" list. Is this the address of ${expected}?`,
  );
}

/** An address fit for a message: queries may hold what nobody else should read. */
export function withoutQuery(url: string): string {
  return url.split(/[?#]/, 1)[0] ?? url;
}

/** The address with a slash at its end, so that relative ones are resolved below it. */
export function withSlash(url: string): string {
  return url.endsWith('/') ? url : `${url}/`;
}

/** Name and value pairs as a query; pairs without a value are left out. */
export function queryText(pairs: readonly (readonly [string, string | number | undefined])[]): string {
  return pairs
    .flatMap(([name, value]) =>
      value === undefined ? [] : [`${encodeURIComponent(name)}=${encodeURIComponent(value)}`],
    )
    .join('&');
}
