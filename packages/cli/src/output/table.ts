import { paint, type Style } from './colors.js';
import { sanitizeInline } from './sanitize.js';
import type { Terminal } from './terminal.js';
import { textWidth, truncate } from './text-width.js';

/** One column of a table. */
export type Column = {
  readonly header: string;
  readonly align?: 'left' | 'right';
  /** May be truncated to this width; a column without it is truncated only if no other column can be. */
  readonly least?: number;
  /** On a narrow terminal the column with the highest rank is hidden first; rank 0 is never hidden. */
  readonly rank: number;
  /** Says the same thing in many tables: hidden before any other where a terminal is narrow and all its cells are equal. */
  readonly mayRepeat?: boolean;
};

/** One cell. `text` is sanitized here; `glyph` is our own and precedes it on a terminal only. */
export type Cell = {
  readonly text: string;
  readonly glyph?: string | undefined;
  readonly style?: Style | undefined;
  /** A URL in printable ASCII that the text leads to, on terminals with links. */
  readonly link?: string | undefined;
};

const GAP = '  ';

/** The width that columns are truncated to on a terminal too narrow even for the least widths. */
const LAST_RESORT = 4;

/** A visible column, with its position and width. */
type Shown = { readonly index: number; readonly column: Column; width: number };

/**
 * The lines of a table. On a terminal: aligned columns under a header, within its width. Elsewhere: every column, untruncated and
 * separated by tabs, without a header, for `cut` and `awk`.
 */
export function tableLines(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  terminal: Terminal,
): string[] {
  const sanitized = rows.map((row) => row.map((cell) => ({ ...cell, text: sanitizeInline(cell.text) })));
  if (!terminal.isTty) return sanitized.map((row) => row.map(({ text }) => text).join('\t'));
  if (rows.length === 0) return [];
  const shown = fit(columns, sanitized, terminal.columns);
  const header = shown.map((one, at) => layOut({ text: one.column.header }, one, at === shown.length - 1, terminal));
  return [
    paint(header.join(GAP).trimEnd(), 'dim', terminal),
    ...sanitized.map((row) =>
      shown
        .map((one, at) => layOut(row[one.index] ?? { text: '' }, one, at === shown.length - 1, terminal))
        .join(GAP)
        .trimEnd(),
    ),
  ];
}

/** Whether a table fits a terminal with no column narrower than it may be. */
export function tableFits(columns: readonly Column[], rows: readonly (readonly Cell[])[], terminal: Terminal): boolean {
  const sanitized = rows.map((row) => row.map((cell) => ({ ...cell, text: sanitizeInline(cell.text) })));
  const shown = choose(columns, sanitized, terminal.columns);
  return leastWidth(shown) <= terminal.columns;
}

function layOut(cell: Cell, { column, width }: Shown, isLast: boolean, terminal: Terminal): string {
  const before = glyphOf(cell);
  const text = truncate(cell.text, width - before.length, terminal);
  const space = isLast && column.align !== 'right' ? '' : ' '.repeat(width - before.length - textWidth(text));
  // Only the text is painted: an underline or a background would be visible on the padding.
  const styled = cell.style === undefined ? before + text : paint(before + text, cell.style, terminal);
  const painted = linked(styled, cell.link, terminal);
  return column.align === 'right' ? space + painted : painted + space;
}

/** Every glyph is one column wide. */
function glyphOf({ glyph }: Cell): string {
  return glyph === undefined ? '' : `${glyph} `;
}

/** Text that leads to a URL, on a terminal that shows such text as a link. */
function linked(text: string, link: string | undefined, { links, isTty }: Terminal): string {
  return link === undefined || !links || !isTty ? text : `\x1b]8;;${link}\x1b\\${text}\x1b]8;;\x1b\\`;
}

/** Chooses the columns: hides empty ones, then those that repeat themselves, then those of the highest rank. */
function choose(columns: readonly Column[], rows: readonly (readonly Cell[])[], room: number): Shown[] {
  let shown: Shown[] = columns.flatMap((column, index) => {
    const widths = rows.map((row) => cellWidth(row[index]));
    const widest = widths.reduce((most, width) => Math.max(most, width), 0);
    return widest === 0 ? [] : [{ index, column, width: Math.max(widest, textWidth(column.header)) }];
  });
  const repeats = ({ index, column }: Shown) =>
    column.mayRepeat === true && rows.length > 1 && rows.every((row) => row[index]?.text === rows[0]?.[index]?.text);
  if (totalWidth(shown) > room) shown = shown.filter((one) => !repeats(one));
  while (leastWidth(shown) > room) {
    const rank = Math.max(...shown.map(({ column }) => column.rank));
    if (rank === 0) break;
    shown = shown.filter(({ column }) => column.rank !== rank);
  }
  return shown;
}

/** The columns with their widths: where they do not fit, text is truncated. */
function fit(columns: readonly Column[], rows: readonly (readonly Cell[])[], room: number): Shown[] {
  const shown = choose(columns, rows, room);
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

/** The column to narrow next: among those above their least width, the one of the highest rank, then the widest. */
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
