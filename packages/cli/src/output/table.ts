import { paint, type Style } from './colors.js';
import { harmlessInline } from './harmless.js';
import type { Terminal } from './terminal.js';
import { textWidth, truncate } from './text-width.js';

/** One column of a table. */
export type Column = {
  readonly header: string;
  readonly align?: 'left' | 'right';
  /** May be cut down to this width; a column without it is shown whole for as long as any other can give way. */
  readonly least?: number;
  /** What goes first where the terminal is narrow: the highest; 0 never goes. */
  readonly rank: number;
};

/** One cell: text as it came, made harmless here. `glyph` is ours and stands before it on a terminal only. */
export type Cell = { readonly text: string; readonly glyph?: string | undefined; readonly style?: Style | undefined };

const GAP = '  ';

/** The width that a column is cut to on a terminal too narrow even for the least. */
const LAST_RESORT = 4;

/** A column that is shown: its position, its width, and what may be taken from that. */
type Shown = { readonly index: number; readonly column: Column; width: number };

/**
 * Lines of a table. On a terminal aligned columns under a header, within its width; elsewhere every column, untruncated and
 * separated by tabs, without a header, so that `cut` and `awk` can read it.
 */
export function tableLines(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  terminal: Terminal,
): string[] {
  const harmless = rows.map((row) => row.map((cell) => ({ ...cell, text: harmlessInline(cell.text) })));
  if (!terminal.isTty) return harmless.map((row) => row.map(({ text }) => text).join('\t'));
  if (rows.length === 0) return [];
  const shown = fit(columns, harmless, terminal.columns);
  const header = shown.map((one, at) => layOut({ text: one.column.header }, one, at === shown.length - 1, terminal));
  return [
    paint(header.join(GAP).trimEnd(), 'dim', terminal),
    ...harmless.map((row) =>
      shown
        .map((one, at) => layOut(row[one.index] ?? { text: '' }, one, at === shown.length - 1, terminal))
        .join(GAP)
        .trimEnd(),
    ),
  ];
}

function layOut(cell: Cell, { column, width }: Shown, isLast: boolean, terminal: Terminal): string {
  const before = glyphOf(cell);
  const text = truncate(cell.text, width - before.length, terminal);
  const space = isLast && column.align !== 'right' ? '' : ' '.repeat(width - before.length - textWidth(text));
  // Only the text is painted: an underline or a background would show on the space.
  const painted = cell.style === undefined ? before + text : paint(before + text, cell.style, terminal);
  return column.align === 'right' ? space + painted : painted + space;
}

/** Glyphs are one column wide each. */
function glyphOf({ glyph }: Cell): string {
  return glyph === undefined ? '' : `${glyph} `;
}

/** Chooses the columns and their widths: an empty column goes first, then those of the highest rank, then text is cut. */
function fit(columns: readonly Column[], rows: readonly (readonly Cell[])[], room: number): Shown[] {
  let shown: Shown[] = columns.flatMap((column, index) => {
    const widths = rows.map((row) => cellWidth(row[index]));
    const widest = widths.reduce((most, width) => Math.max(most, width), 0);
    return widest === 0 ? [] : [{ index, column, width: Math.max(widest, textWidth(column.header)) }];
  });
  while (leastWidth(shown) > room) {
    const rank = Math.max(...shown.map(({ column }) => column.rank));
    if (rank === 0) break;
    shown = shown.filter(({ column }) => column.rank !== rank);
  }
  for (let excess = totalWidth(shown) - room; excess > 0; excess--) {
    const next =
      nextToCut(shown, ({ column }) => column.least) ??
      nextToCut(shown, ({ column }) => (column.least === undefined ? undefined : LAST_RESORT)) ??
      nextToCut(shown, () => 1);
    if (next === undefined) break;
    next.width--;
  }
  return shown;
}

/** The column that gives way next: of those above their least width the one of the highest rank, then the widest. */
function nextToCut(shown: readonly Shown[], least: (one: Shown) => number | undefined): Shown | undefined {
  let next: Shown | undefined;
  for (const one of shown) {
    if (one.width <= (least(one) ?? Infinity)) continue;
    const order = next === undefined ? 1 : one.column.rank - next.column.rank || one.width - next.width;
    if (order > 0) next = one;
  }
  return next;
}

function cellWidth(cell: Cell | undefined): number {
  return cell === undefined ? 0 : glyphOf(cell).length + textWidth(cell.text);
}

function leastWidth(shown: readonly Shown[]): number {
  return gaps(shown) + shown.reduce((sum, { column, width }) => sum + Math.min(width, column.least ?? width), 0);
}

function totalWidth(shown: readonly Shown[]): number {
  return gaps(shown) + shown.reduce((sum, { width }) => sum + width, 0);
}

function gaps(shown: readonly Shown[]): number {
  return GAP.length * Math.max(0, shown.length - 1);
}
