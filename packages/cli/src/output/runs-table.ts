import { ICON_GLYPHS, type IconName, type ReportRun } from '@tardy/core';
import { whatText } from './alert-lines.js';
import { paint, type Style } from './colors.js';
import { linkOf } from './formats/row-texts.js';
import { fieldText } from './report-fields.js';
import { sanitizeInline } from './sanitize.js';
import { tableFits, tableLines, type Cell, type Column } from './table.js';
import type { Terminal } from './terminal.js';
import { textWidth, truncate } from './text-width.js';

/** Source and id are never truncated, and the id never hidden: `tardy show` takes them. */
const COLUMNS: readonly Column[] = [
  { header: 'STATE', rank: 0 },
  { header: 'RUN', least: 12, rank: 0 },
  { header: 'TYPE', least: 10, rank: 4, mayRepeat: true },
  { header: 'TENANT', least: 8, rank: 3, mayRepeat: true },
  { header: 'WHAT', least: 28, rank: 0 },
  { header: 'SOURCE', rank: 2, mayRepeat: true },
  { header: 'ID', rank: 0 },
  { header: 'LINK', rank: 5 },
];

/** Narrower terminals show each run on lines of its own. */
const LEAST_TABLE = 60;

/**
 * The lines of `check` and `list`, one per run in the given order (reports list the worst first).
 *
 * In a pipe: label, title, type, tenant, what is wrong, source, id, link, separated by tabs. On a terminal too narrow for a table each run
 * takes three lines, of which the last is what `tardy show` takes.
 */
export function runsTableLines(runs: readonly ReportRun[], terminal: Terminal): string[] {
  const rows = runs.map((row) => rowCells(row, terminal));
  const isNarrow = terminal.isTty && (terminal.columns < LEAST_TABLE || !tableFits(COLUMNS, rows, terminal));
  return isNarrow ? runs.flatMap((row) => stackedLines(row, terminal)) : tableLines(COLUMNS, rows, terminal);
}

function rowCells(row: ReportRun, terminal: Terminal): readonly Cell[] {
  const { label, icon, tone } = row.presentation;
  const link = linkOf(row);
  const isLink = terminal.isTty && terminal.links;
  return [
    { text: label, glyph: glyphOf(icon, terminal), style: styleOf(tone) },
    { text: fieldText(row, 'title'), link },
    { text: fieldText(row, 'type') },
    { text: fieldText(row, 'tenant') },
    { text: whatText(row) },
    { text: fieldText(row, 'source') },
    { text: fieldText(row, 'id') },
    { text: isLink ? '' : (link ?? '') },
  ];
}

/** The state and the run, what is wrong, and where it is; the latter as it is, for pasting. */
function stackedLines(row: ReportRun, terminal: Terminal): string[] {
  const { label, icon, tone } = row.presentation;
  const style = styleOf(tone);
  const glyph = glyphOf(icon, terminal);
  const state = `${glyph === undefined ? '' : `${glyph} `}${sanitizeInline(label)}`;
  const title = truncate(
    sanitizeInline(fieldText(row, 'title')),
    Math.max(8, terminal.columns - textWidth(state) - 2),
    terminal,
  );
  const place = sanitizeInline(`${fieldText(row, 'source')} ${fieldText(row, 'id')}`);
  const head = truncate(state, terminal.columns, terminal);
  return [
    `${style === undefined ? head : paint(head, style, terminal)}  ${title}`,
    `  ${truncate(sanitizeInline(whatText(row)), terminal.columns - 2, terminal)}`,
    paint(`  ${place}`, 'dim', terminal),
  ];
}

/** The character for an icon; `undefined` for an unknown name (from a report of a later version). */
export function glyphOf(icon: string, { unicode }: Pick<Terminal, 'unicode'>): string | undefined {
  return Object.hasOwn(ICON_GLYPHS, icon) ? ICON_GLYPHS[icon as IconName][unicode ? 'unicode' : 'ascii'] : undefined;
}

/** The style for a tone; `undefined` for an unknown one. */
export function styleOf(tone: string): Style | undefined {
  return TONES.find((known) => known === tone);
}

const TONES = ['calm', 'success', 'warning', 'danger', 'neutral'] as const;
