import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJson, textOf, type JsonLimits } from './json-body.js';

const nested = (depth: number): string => `${'[{"a":'.repeat(depth / 2)}1${'}]'.repeat(depth / 2)}`;
const LIMITS = { depth: 64, values: 2_000_000, items: 100_000, names: 200_000 };
const kindOf = (text: string, limits: Partial<JsonLimits> = {}) => readJson(text, { ...LIMITS, ...limits }).kind;
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
    expect(kindOf(text)).toBe(kind);
  });

  it.each([
    ['in a small body', ''],
    ['in a large body, which is counted first', padding],
  ])('allows as many levels as allowed, and no more, %s', (_name, pad) => {
    expect(kindOf(nested(64) + pad)).toBe('json');
    expect(kindOf(`[${nested(64)}]${pad}`)).toBe('beyond');
  });

  it('is not misled by brackets and quotes in strings', () => {
    const text = JSON.stringify({ a: '[{'.repeat(100), b: 'quote " backslash \\', c: '}'.repeat(9) }) + padding;
    expect(kindOf(text, { depth: 2 })).toBe('json');
  });

  it('stops at a bomb of brackets without parsing it', () => {
    const startedAt = performance.now();
    expect(kindOf('['.repeat(30_000_000))).toBe('beyond');
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });

  it.each([
    ['objects', '{"runs":['.concat('{},'.repeat(21_000_000), '{}]}'), '100000 entries'],
    ['numbers', '['.concat('0,'.repeat(31_000_000), '0]'), '100000 entries'],
    ['short strings', '['.concat('"",'.repeat(20_000_000), '""]'), '100000 entries'],
    ['keys', '{"runs":{'.concat('"":0,'.repeat(12_000_000), '"":0}}'), '100000 entries'],
    [
      'names',
      JSON.stringify(Array.from({ length: 90_000 }, (_, at) => ({ [`a${at}`]: 0, [`b${at}`]: 0, [`c${at}`]: 0 }))),
      '200000 names',
    ],
    ['lists of lists', `[${`[${'[0,0],'.repeat(99_000)}0],`.repeat(99)}0]`, '2000000 values'],
  ])('stops at a flood of %s without parsing it', (_name, text, what) => {
    const startedAt = performance.now();
    const body = readJson(text, LIMITS);
    expect(body).toMatchObject({ kind: 'beyond', what: expect.stringContaining(what) });
    expect(performance.now() - startedAt).toBeLessThan(1_500);
  });

  it.each([
    [3, 'json'],
    [4, 'beyond'],
  ])('a list of %i of at most 3 items is %s', (length, kind) => {
    const list = Array.from({ length }, () => ({}));
    expect(kindOf(JSON.stringify({ runs: list }), { items: 3 })).toBe(kind);
    expect(kindOf(JSON.stringify([{ a: list }]), { items: 3 })).toBe(kind);
  });

  it('takes every page that breaks off for cut, wherever it does', () => {
    fc.assert(
      fc.property(fc.object(), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (value, where) => {
        const text = JSON.stringify({ runs: [value] });
        expect(kindOf(text.slice(0, 1 + Math.floor(where * (text.length - 1))))).toBe('cut');
      }),
    );
  });

  it('comes to the same end by both ways, for any JSON', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), fc.integer({ min: 0, max: 6 }), (text, depth) => {
        expect(kindOf(text + padding, { depth })).toBe(kindOf(text, { depth }));
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
