import { SourceError } from '../source.js';
import { isObject, type JsonObject } from './body.js';

/**
 * What a value of a response must be. `null` and a missing field count as absent, which is fine unless the shape is `required`.
 *
 * Shapes are checked where a response arrives. Whatever reads it afterwards cannot mistake a value of another type for none, for a
 * word that is not the one it looks for, or for an object without the fields that matter: that would hide what a run waits for.
 */
export type Shape = {
  readonly isRequired: boolean;
  /** What is wrong with a value that is there; `undefined` if nothing is. */
  readonly problemOf: (value: unknown) => Problem | undefined;
};

/** What is wrong, and where; `place` is put together from the inside, since almost nothing ever is. */
type Problem = { readonly place: string; readonly found: string; readonly expected: string };

/** A text. */
export const text: Shape = ofType('a text', (value) => typeof value === 'string');

/** A number. */
export const number: Shape = ofType('a number', (value) => typeof value === 'number' && Number.isFinite(value));

/** A count: a whole number, zero or more. */
export const count: Shape = ofType('a count', (value) => Number.isSafeInteger(value) && Number(value) >= 0);

/** A boolean. */
export const boolean: Shape = ofType('a boolean', (value) => typeof value === 'boolean');

/** A text or a number, as some systems send their ids. */
export const textOrNumber: Shape = either('a text or a number', text, number);

/** A value of a type that does not matter, for a field whose presence does. */
export const anything: Shape = ofType('a value', () => true);

/** A list whose rows are checked one by one where they are read. */
export const rows: Shape = ofType('a list', Array.isArray);

/** The same shape for a field that must be there; an empty text is not. */
export function required({ problemOf }: Shape): Shape {
  return { isRequired: true, problemOf: (value) => (value === '' ? MISSING : problemOf(value)) };
}

/** A list of values that have a shape and are there. */
export function list(of: Shape): Shape {
  return listOf(required(of));
}

/** A list of values that have a shape, with gaps: what some systems leave out is `null` there. */
export function listWithGaps(of: Shape): Shape {
  return listOf(of);
}

/** One of some texts. */
export function oneOf(...words: readonly string[]): Shape {
  return ofType(words.join(' or '), (value) => words.some((word) => word === value));
}

/** An object with fields of these shapes, and any others. */
export function object(fields: Readonly<Record<string, Shape>>): Shape {
  const names = Object.keys(fields);
  const shapes = Object.values(fields);
  return optional((value) => {
    if (!isObject(value)) return problem(value, 'an object');
    for (let index = 0; index < names.length; index++) {
      const found = problemIn(value[names[index] as string], shapes[index] as Shape);
      if (found !== undefined) return within(names[index] as string, found);
    }
    return undefined;
  });
}

/** The same for an object that has one of these fields at least: one with none of them is no row, or a row without content. */
export function some(fields: Readonly<Record<string, Shape>>): Shape {
  return known(fields, (value) => hasOne(value, fields));
}

/**
 * The same for a body: it has one of these fields or nothing at all. One with other fields is another response, or an error that was
 * reported with a successful status.
 */
export function someOrNone(fields: Readonly<Record<string, Shape>>): Shape {
  return known(fields, (value) => hasOne(value, fields) || Object.keys(value).length === 0);
}

/** An object whose names are not known, with values of one shape. */
export function record(of: Shape): Shape {
  return optional((value) => {
    if (!isObject(value)) return problem(value, 'an object');
    for (const name in value) {
      const found = problemIn(value[name], of);
      if (found !== undefined) return within('*', found);
    }
    return undefined;
  });
}

/** A value of one of several shapes. */
export function either(expected: string, ...shapes: readonly Shape[]): Shape {
  return ofType(expected, (value) => shapes.some(({ problemOf }) => problemOf(value) === undefined));
}

/**
 * Checks a value of a response that must be there.
 *
 * @param system the name of the system in messages
 * @throws {SourceError} `shape` that names the place and the type, and never the value, which may be a secret.
 */
export function checkShape(value: unknown, { problemOf }: Shape, system: string): void {
  const found = value === undefined || value === null ? MISSING : problemOf(value);
  if (found === undefined) return;
  const place = found.place === '' ? 'its response' : `"${found.place}"`;
  throw new SourceError('shape', `${system} sent ${found.found} where ${place} must be ${found.expected}.`);
}

const MISSING: Problem = { place: '', found: 'nothing', expected: 'given' };

function problemIn(value: unknown, { isRequired, problemOf }: Shape): Problem | undefined {
  if (value !== undefined && value !== null) return problemOf(value);
  return isRequired ? MISSING : undefined;
}

function listOf(of: Shape): Shape {
  return optional((value) => {
    if (!Array.isArray(value)) return problem(value, 'a list');
    for (const item of value) {
      const found = problemIn(item, of);
      if (found !== undefined) return within('[]', found);
    }
    return undefined;
  });
}

function known(fields: Readonly<Record<string, Shape>>, isKnown: (value: JsonObject) => boolean): Shape {
  const { problemOf } = object(fields);
  return optional((value) => {
    const found = problemOf(value);
    if (found !== undefined || (isObject(value) && isKnown(value))) return found;
    return { place: '', found: 'nothing that is known', expected: 'given' };
  });
}

function hasOne(value: JsonObject, fields: Readonly<Record<string, Shape>>): boolean {
  for (const name in fields) if (Object.hasOwn(value, name)) return true;
  return false;
}

function optional(problemOf: Shape['problemOf']): Shape {
  return { isRequired: false, problemOf };
}

function ofType(expected: string, isSo: (value: unknown) => boolean): Shape {
  return optional((value) => (isSo(value) ? undefined : problem(value, expected)));
}

function problem(value: unknown, expected: string): Problem {
  return { place: '', found: Array.isArray(value) ? 'a list' : `a value of type ${typeof value}`, expected };
}

function within(name: string, { place, ...rest }: Problem): Problem {
  const below = place === '' || place.startsWith('[') ? place : `.${place}`;
  return { ...rest, place: `${name}${below}` };
}
