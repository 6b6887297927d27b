import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJson, textOf } from './json-body.js';

const nested = (depth: number): string => `${'[{"a":'.repeat(depth / 2)}1${'}]'.repeat(depth / 2)}`;
const padding = ' '.repeat(1024 * 1024);

describe('readJson', () => {
  it.each([
    ['{"a":1}', 'json'],
    ['null', 'json'],
    ['', 'empty'],
    [' \n', 'empty'],
    ['<!doctype html>', 'web_page'],
    ['\n <html>', 'web_page'],
    ['{"a":[1,', 'cut'],
    ['{"a":"tex', 'cut'],
    ['[1, 2', 'cut'],
    ['{"runs":[{"id":1}', 'cut'],
    ['[{"a":"\\', 'cut'],
    ['{"a":[}', 'not_json'],
    ['[1] and more', 'not_json'],
    ['{a: 1}', 'not_json'],
    ['Unauthorized', 'not_json'],
  ])('takes %j for %s', (text, kind) => {
    expect(readJson(text, 64).kind).toBe(kind);
  });

  it.each([
    ['in a small body', ''],
    ['in a large body, which is counted first', padding],
  ])('allows as many levels as allowed, and no more, %s', (_name, pad) => {
    expect(readJson(nested(64) + pad, 64).kind).toBe('json');
    expect(readJson(`[${nested(64)}]${pad}`, 64).kind).toBe('too_deep');
  });

  it('is not misled by brackets and quotes in strings', () => {
    const text = JSON.stringify({ a: '[{'.repeat(100), b: 'quote " backslash \\', c: '}'.repeat(9) }) + padding;
    expect(readJson(text, 2).kind).toBe('json');
  });

  it('stops at a bomb of brackets without parsing it', () => {
    const startedAt = performance.now();
    expect(readJson('['.repeat(30_000_000), 64).kind).toBe('too_deep');
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });

  it('takes every page that breaks off for cut, wherever it does', () => {
    fc.assert(
      fc.property(fc.object(), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (value, where) => {
        const text = JSON.stringify({ runs: [value] });
        expect(readJson(text.slice(0, 1 + Math.floor(where * (text.length - 1))), 64).kind).toBe('cut');
      }),
    );
  });

  it('comes to the same end by both ways, for any JSON', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), fc.integer({ min: 0, max: 6 }), (text, depth) => {
        expect(readJson(text + padding, depth).kind).toBe(readJson(text, depth).kind);
      }),
      { numRuns: 50 },
    );
  });
});

describe('textOf', () => {
  it.each([
    ['plain', 'plain'],
    ['grün 🚚', 'grün 🚚'],
    ['\ufeff{}', '{}'],
  ])('reads %j', (text, expected) => {
    expect(textOf(Buffer.from(text, 'utf8'))).toBe(expected);
  });
});
