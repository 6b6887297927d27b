import { describe, expect, it } from 'vitest';
import { SourceError } from '../source.js';
import {
  booleanField,
  countField,
  hasNumber,
  hasText,
  isTrue,
  listField,
  listOf,
  numberField,
  objectBody,
  objectField,
  objectsField,
  objectsIn,
  textField,
} from './body.js';

const READERS = {
  text: [textField, 'token'],
  count: [countField, 3],
  boolean: [booleanField, false],
  list: [listField, []],
  object: [objectField, {}],
} as const;

const VALUES = [
  ['text', 'token'],
  ['count', 3],
  ['boolean', false],
  ['list', []],
  ['object', {}],
] as const;

describe.each(Object.entries(READERS))('a %s field', (type, [read, value]) => {
  it('gives its value', () => {
    expect(read({ field: value }, 'field', 'Acme')).toEqual(value);
  });

  it.each([{}, { field: null }, { field: undefined }])('is absent in %j', (owner) => {
    expect(read(owner, 'field', 'Acme')).toBeUndefined();
  });

  it.each(VALUES.filter(([other]) => other !== type))('refuses a %s', (_, other) => {
    expect(() => read({ field: other }, 'field', 'Acme')).toThrow(/^Acme sent .* where "field" must be /);
    expect(() => read({ field: other }, 'field', 'Acme')).toThrow(SourceError);
  });

  it.each([null, 'text', []])('refuses the owner %j', (owner) => {
    expect(() => read(owner, 'field', 'Acme')).toThrow('where "field" must be part of an object');
  });
});

it.each([-1, 1.5, Number.NaN, 2 ** 53])('%d is not a count', (value) => {
  expect(() => countField({ total: value }, 'total', 'Acme')).toThrow('"total" must be a count');
});

it.each([[[7]], [[{}, null]], [['text']], [[[]]]])('the list %j holds more than objects', (list) => {
  expect(() => objectsIn(list, 'runs', 'Acme')).toThrow('where "runs" must be a list of objects');
  expect(objectsIn([{}], 'runs', 'Acme')).toEqual([{}]);
});

it('a field holds a list of objects, which is empty if absent', () => {
  expect(objectsField({ runs: [{}] }, 'runs', 'Acme')).toEqual([{}]);
  expect(objectsField({}, 'runs', 'Acme')).toEqual([]);
  expect(() => objectsField({ runs: {} }, 'runs', 'Acme')).toThrow('where "runs" must be a list');
  expect(() => objectsField({ runs: [7] }, 'runs', 'Acme')).toThrow('where "runs" must be a list of objects');
});

it('a body is an object', () => {
  const url = 'https://acme.example/run?key=1';
  expect(objectBody({ body: {}, url }, 'Acme')).toEqual({});
  expect(() => objectBody({ body: [], url }, 'Acme')).toThrow(
    'https://acme.example/run sent no object. Is this the URL of Acme?',
  );
});

it('an empty text is absent', () => {
  expect(textField({ next: '' }, 'next', 'Acme')).toBeUndefined();
});

describe('the list of a body', () => {
  const list = (body: unknown) =>
    listOf({ body, status: 200, url: 'https://acme.example/runs?key=1', headers: { get: () => null } }, 'runs', 'Acme');

  it('is given as it is', () => {
    expect(list({ runs: [1], error: null })).toEqual([1]);
  });

  it.each([{}, [], null, { runs: {} }, { runs: 'none' }])('is missing in %j', (body) => {
    expect(() => list(body)).toThrow('https://acme.example/runs sent no "runs" list. Is this the URL of Acme?');
  });

  it.each([
    [{ runs: [], error: 'overloaded' }, 'overloaded'],
    [{ runs: [], error: { message: 'overloaded' } }, 'overloaded'],
    [{ runs: [], error: 500 }, 'no message'],
  ])('is not believed beside an error: %j', (body, message) => {
    expect(() => list(body)).toThrow(`sent an error with a successful status: ${message}`);
  });
});

describe.each<[string, (value: unknown) => boolean, unknown[], unknown[], unknown[]]>([
  ['a text', hasText, ['a'], ['', null, undefined], [0, false, [], {}]],
  ['a number', hasNumber, [0, -1.5], [null, undefined], ['0', true, [], {}]],
  ['true', isTrue, [true], [false, null, undefined], ['true', 1, [], {}]],
])('whether %s is given', (_, given, yes, no, refused) => {
  it.each(yes)('yes: %j', (value) => expect(given(value)).toBe(true));
  it.each(no)('no: %j', (value) => expect(given(value)).toBe(false));
  it.each(refused)('refuses %j, which is never taken for none', (value) => {
    expect(() => given(value)).toThrow(expect.objectContaining({ code: 'shape' }));
  });
});

describe('a number field', () => {
  it.each([0, -1, 1.5])('gives %d', (value) => expect(numberField({ field: value }, 'field', 'Acme')).toBe(value));
  it('is absent', () => expect(numberField({ field: null }, 'field', 'Acme')).toBeUndefined());
  it.each(['1', true, Infinity])('refuses %j', (value) => {
    expect(() => numberField({ field: value }, 'field', 'Acme')).toThrow('"field" must be a number');
  });
});
