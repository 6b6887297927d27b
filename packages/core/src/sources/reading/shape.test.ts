import { describe, expect, it } from 'vitest';
import { SourceError } from '../source.js';
import {
  anything,
  boolean,
  checkShape,
  count,
  either,
  list,
  listWithGaps,
  number,
  object,
  oneOf,
  record,
  required,
  rows,
  some,
  someOrNone,
  text,
  textOrNumber,
  type Shape,
} from './shape.js';

function messageOf(value: unknown, shape: Shape): string | undefined {
  try {
    checkShape(value, shape, 'Acme');
    return undefined;
  } catch (error) {
    if (error instanceof SourceError && error.code === 'shape') return error.message;
    throw error;
  }
}

const job = object({ name: required(text), count: number, state: object({ words: list(text) }) });

describe('a shape', () => {
  it.each<[Shape, readonly unknown[], readonly unknown[]]>([
    [text, ['', 'a'], [1, true, [], {}, undefined, null]],
    [number, [0, -1.5], ['0', NaN, Infinity, true, [0], undefined]],
    [count, [0, 7], [-1, 1.5, 9007199254740992, '7', null]],
    [boolean, [false, true], ['false', 0, [], null]],
    [textOrNumber, ['7', 7], [true, ['7'], {}]],
    [anything, [0, '', false, [], {}], [null, undefined]],
    [rows, [[], [null, 7]], [{}, 'a']],
    [oneOf('a', 'b'), ['a', 'b'], ['c', '', 0]],
    [list(text), [[], ['a']], [['a', null], [['a']], [1], {}]],
    [listWithGaps(text), [[], ['a', null]], [[1], {}]],
    [record(number), [{}, { a: 1, b: null }], [{ a: '1' }, [1], 'a']],
    [required(text), ['a'], ['', 1]],
    [either('a or b', text, object({ a: number })), ['a', { a: 1 }, {}], [1, { a: '1' }, []]],
    [some({ a: text, b: text }), [{ a: 'x' }, { b: null, c: 1 }], [{}, { c: 1 }, { a: 1 }, []]],
    [someOrNone({ a: text }), [{ a: 'x' }, {}], [{ error: 'x' }, { a: 1 }, []]],
    [job, [{ name: 'a' }, { name: 'a', count: null, more: 1 }], [{}, { name: '' }, { name: 'a', count: '1' }, [], 7]],
  ])('%# takes some values and refuses others', (shape, taken, refused) => {
    expect(taken.map((value) => messageOf(value, shape))).toEqual(taken.map(() => undefined));
    const accepted = refused.filter((value) => messageOf(value, shape)?.startsWith('Acme sent ') !== true);
    expect({ accepted, refused: refused.length > 0 }).toEqual({ accepted: [], refused: true });
  });

  it.each([
    [{ name: 7 }, 'Acme sent a value of type number where "name" must be a text.'],
    [{}, 'Acme sent nothing where "name" must be given.'],
    [{ name: 'a', state: { words: ['b', ['secret']] } }, 'Acme sent a list where "state.words[]" must be a text.'],
    [[], 'Acme sent a list where its response must be an object.'],
  ])('names the place and the type, and never the value: %j', (value, message) => {
    expect(messageOf(value, job)).toBe(message);
  });

  it('names the place in a list of lists', () => {
    expect(messageOf([[1], ['a']], list(list(number)))).toBe(
      'Acme sent a value of type string where "[][]" must be a number.',
    );
    expect(messageOf({ a: { b: 1 } }, record(record(text)))).toContain('"*.*"');
  });
});
