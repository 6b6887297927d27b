import { describe, expect, it } from 'vitest';
import { meaningOf, wordIn, type Vocabulary } from './vocabulary.js';

const TABLE: Vocabulary = { running: { status: 'running' } };

describe('wordIn', () => {
  it.each(['walking', 'constructor', '', null, undefined])('knows no %j', (word) => {
    expect(wordIn(TABLE, word)).toBeUndefined();
  });

  it.each([7, true, [], {}])('refuses %j, which is no word', (word) => {
    expect(() => wordIn(TABLE, word)).toThrow(expect.objectContaining({ code: 'shape' }));
  });
});

it.each([
  ['running', 'pending', 'running'],
  ['walking', 'unknown', 'walking'],
  [null, 'unknown', 'none'],
  ['', 'unknown', 'none'],
  [7, 'unknown', 7],
])('gives the status %j the outcome %s, and keeps it as %j', (word, outcome, status) => {
  expect(meaningOf(TABLE, word)).toMatchObject({ status: 'running', outcome, native: { status } });
});
