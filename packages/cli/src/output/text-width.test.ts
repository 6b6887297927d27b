import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sanitizeInline } from './sanitize.js';
import { ATTACKS, harmIn } from './test-attacks.js';
import { pad, textWidth, truncate, wrap } from './text-width.js';

const UNICODE = { unicode: true };
const ASCII = { unicode: false };

const anyText = fc
  .oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string(),
    fc.constantFrom('日本語の長いタイトル', 'नमस्ते', '👍🏽👍🏽👍🏽', '🇩🇪🇫🇷🇪🇸', 'e\u0301e\u0301e\u0301'),
  )
  .map(sanitizeInline);

describe('textWidth', () => {
  it.each([
    ['abc', 3],
    ['日本', 4],
    ['e\u0301', 1],
    ['👍', 2],
    ['🇩🇪', 2],
    ['👍🏽', 2],
    ['ﾊﾞ', 2],
    ['한글', 4],
    ['नमस्ते', 3],
    ['■ ▲ ● ✓', 7],
  ])('of %s is %d', (text, expected) => {
    expect(textWidth(text)).toBe(expected);
  });
});

describe('truncate', () => {
  it.each([
    { text: 'Nightly', width: 7, terminal: UNICODE, expected: 'Nightly' },
    { text: 'Nightly', width: 6, terminal: UNICODE, expected: 'Night…' },
    { text: 'Nightly', width: 6, terminal: ASCII, expected: 'Nig...' },
    { text: 'Nightly', width: 3, terminal: ASCII, expected: 'Ni.' },
    { text: 'Nightly build', width: 9, terminal: UNICODE, expected: 'Nightly…' },
    { text: '日本語', width: 4, terminal: UNICODE, expected: '日…' },
    { text: '日本語', width: 1, terminal: UNICODE, expected: '…' },
    { text: 'e\u0301e\u0301e\u0301', width: 2, terminal: UNICODE, expected: 'e\u0301…' },
    { text: 'silent for 42 min', width: 13, terminal: UNICODE, expected: 'silent for…' },
    { text: 'silent for 42 min', width: 14, terminal: UNICODE, expected: 'silent for…' },
    { text: '481516', width: 4, terminal: UNICODE, expected: '481…' },
  ])('of "$text" to $width is "$expected"', ({ text, width, terminal, expected }) => {
    expect(truncate(text, width, terminal)).toBe(expected);
  });

  it('is never wider than requested', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 20 }), fc.boolean(), (text, width, unicode) => {
        expect(textWidth(truncate(text, width, { unicode }))).toBeLessThanOrEqual(width);
      }),
    );
  });
});

describe('pad', () => {
  it('pads by columns, not by characters', () => {
    expect([pad('日本', 6), pad('ab', 6), pad('ab', 6, 'right'), pad('too long', 3)]).toEqual([
      '日本  ',
      'ab    ',
      '    ab',
      'too long',
    ]);
  });
});

describe('wrap', () => {
  it.each([
    { text: 'one two three', width: 8, expected: ['one two', 'three'] },
    { text: 'abcdefghij', width: 4, expected: ['abcd', 'efgh', 'ij'] },
    { text: '日本語の', width: 5, expected: ['日本', '語の'] },
    { text: '', width: 5, expected: [] },
    { text: 'abcd::error', width: 4, expected: ['abcd', ': :e', 'rror'] },
  ])('of "$text" to $width', ({ text, width, expected }) => {
    expect(wrap(text, width)).toEqual(expected);
  });

  it('keeps every line within the width and safe to print', () => {
    const word = fc.constantFrom('::', 'ab::error::x', '日本', 'a', '##', '[x]', ...ATTACKS.map(({ text }) => text));
    fc.assert(
      fc.property(fc.array(word), fc.integer({ min: 2, max: 12 }), (words, width) => {
        const text = sanitizeInline(words.join(''));
        const lines = wrap(text, width);
        expect(lines.length === 0).toBe(text.trim() === '');
        for (const line of lines) {
          expect(textWidth(line)).toBeLessThanOrEqual(width);
          expect(harmIn(line)).toBeUndefined();
        }
      }),
    );
  });
});
