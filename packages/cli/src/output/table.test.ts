import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tableLines, type Column } from './table.js';
import { ATTACKS, harmIn } from './test-attacks.js';
import { PIPE, TTY } from './test-report.js';
import { textWidth } from './text-width.js';

const COLUMNS: readonly Column[] = [
  { header: 'STATE', rank: 0 },
  { header: 'RUN', least: 6, rank: 0 },
  { header: 'TYPE', least: 6, rank: 2 },
  { header: 'ID', align: 'right', rank: 1 },
];

const ROWS = [
  [
    { text: 'Likely stuck', glyph: '■' },
    { text: 'Nightly baseline' },
    { text: 'baseline_compare' },
    { text: '481516' },
  ],
  [{ text: 'Running', glyph: '●' }, { text: '日本語のタイトル' }, { text: 'export' }, { text: '9' }],
];

describe('tableLines', () => {
  it.each([
    {
      when: 'there is room',
      columns: 80,
      expected: `
STATE           RUN               TYPE                  ID
■ Likely stuck  Nightly baseline  baseline_compare  481516
● Running       日本語のタイトル  export                 9`,
    },
    {
      when: 'it is somewhat narrow: what ranks last is cut first',
      columns: 54,
      expected: `
STATE           RUN               TYPE              ID
■ Likely stuck  Nightly baseline  baseline_co…  481516
● Running       日本語のタイトル  export             9`,
    },
    {
      when: 'it is narrow: what ranks last goes',
      columns: 34,
      expected: `
STATE           RUN             ID
■ Likely stuck  Nightly b…  481516
● Running       日本語の…        9`,
    },
    {
      when: 'it is too narrow for anything: the rest is cut all the same',
      columns: 20,
      expected: `
STATE           RUN
■ Likely stuck  Nig…
● Running       日…`,
    },
  ])('on a terminal when $when', ({ columns, expected }) => {
    expect(`\n${tableLines(COLUMNS, ROWS, { ...TTY, columns }).join('\n')}`).toBe(expected);
  });

  it('in a pipe keeps everything, by tabs and without a header', () => {
    expect(tableLines(COLUMNS, ROWS, { ...PIPE, columns: 20 })).toEqual([
      'Likely stuck\tNightly baseline\tbaseline_compare\t481516',
      'Running\t日本語のタイトル\texport\t9',
    ]);
  });

  it('leaves out a column in which nothing stands, on a terminal only', () => {
    const rows = [[{ text: 'a' }, { text: '' }, { text: 'b' }, { text: '1' }]];
    expect(tableLines(COLUMNS, rows, TTY)).toEqual(['STATE  TYPE  ID', 'a      b      1']);
    expect(tableLines(COLUMNS, rows, PIPE)).toEqual(['a\t\tb\t1']);
  });

  it('prints nothing for no rows', () => {
    expect(tableLines(COLUMNS, [], TTY)).toEqual([]);
  });

  it('paints the text and not the space beside it', () => {
    const rows = [[{ text: 'late', style: 'warning' as const }, { text: 'x' }]];
    expect(tableLines(COLUMNS, rows, { ...TTY, color: true })).toEqual([
      '\x1b[2mSTATE  RUN\x1b[22m',
      '\x1b[33mlate\x1b[39m   x',
    ]);
  });

  it('keeps every line within the terminal', () => {
    const cell = fc.record({ text: fc.string({ unit: 'grapheme', maxLength: 40 }) });
    const row = fc.tuple(cell, cell, cell, cell);
    fc.assert(
      fc.property(fc.array(row, { maxLength: 5 }), fc.integer({ min: 20, max: 120 }), (rows, columns) => {
        const lines = tableLines(COLUMNS, rows, { ...TTY, columns });
        expect(lines).toHaveLength(rows.length === 0 ? 0 : rows.length + 1);
        for (const line of lines) {
          expect(textWidth(line)).toBeLessThanOrEqual(columns);
        }
      }),
    );
  });

  it.each(ATTACKS)('sanitizes $name', ({ text }) => {
    const rows = [[{ text }, { text }, { text }, { text }]];
    const lines = tableLines(COLUMNS, rows, TTY);
    expect(lines).toHaveLength(2);
    for (const line of lines) expect(harmIn(line)).toBeUndefined();
    const [plain = ''] = tableLines(COLUMNS, rows, PIPE);
    expect(plain.split('\t')).toHaveLength(4);
    for (const cell of plain.split('\t')) expect(harmIn(cell)).toBeUndefined();
  });
});
