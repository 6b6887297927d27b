import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CsvError, csvRows } from './csv.js';

async function* inParts(text: string, size: number): AsyncGenerator<string, void> {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
}

async function read(text: string, size = 7, separator = ','): Promise<string[][]> {
  const rows: string[][] = [];
  for await (const batch of csvRows(inParts(text, size), separator)) rows.push(...batch.map((row) => [...row]));
  return rows;
}

describe('CSV', () => {
  it.each([
    [
      'plain fields',
      'a,b\n1,2\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'lines of Windows',
      'a,b\r\n1,2\r\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'a last line without an end',
      'a,b\n1,2',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    ['empty lines', '\na\n\n\r\nb\n', [['a'], ['b']]],
    ['empty fields', ',,\n', [['', '', '']]],
    [
      'commas, quotes and line breaks in quotes',
      '"a,""b""\r\nc",d\ne,f\n',
      [
        ['a,"b"\r\nc', 'd'],
        ['e', 'f'],
      ],
    ],
    [
      'quotes on lines of Windows',
      '"a","b"\r\n"c",d\r\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['text after a closing quote', '"a"b,c\n', [['ab', 'c']]],
    ['a quote within a field', 'a"b,c\n', [['a"b', 'c']]],
    ['an empty text', '', []],
  ])('reads %s, wherever the parts end', async (_, text, rows) => {
    for (const size of [1, 2, 3, 1000]) expect(await read(text, size)).toEqual(rows);
    expect.hasAssertions();
  });

  it('reads back what was written', async () => {
    const field = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', ';', ' ', 'ü', '😀'), maxLength: 6 });
    const table = fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { maxLength: 5 });
    const written = (rows: readonly (readonly string[])[]) =>
      rows.map((row) => row.map((one) => `"${one.replaceAll('"', '""')}"`).join(',')).join('\n');
    await fc.assert(
      fc.asyncProperty(table, fc.integer({ min: 1, max: 20 }), async (rows, size) => {
        expect(await read(written(rows), size)).toEqual(rows);
      }),
    );
  });

  it('takes another separator', async () => {
    expect(await read('a;b,c\n', 7, ';')).toEqual([['a', 'b,c']]);
  });

  it.each([['a,"b\n'], ['"'], [`"${'x'.repeat(1_100_000)}`]])('refuses a quote that is never closed', async (text) => {
    await expect(read(text, 100_000)).rejects.toThrow(CsvError);
  });
});
