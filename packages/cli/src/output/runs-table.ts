import { ICON_GLYPHS, type IconName, type ReportRun } from '@tardy/core';
import { whatText } from './alert-lines.js';
import type { Style } from './colors.js';
import { fieldText } from './report-fields.js';
import { tableLines, type Column } from './table.js';
import type { Terminal } from './terminal.js';

/** An id is never truncated: `tardy show` needs all of it. */
const COLUMNS: readonly Column[] = [
  { header: 'STATE', rank: 0 },
  { header: 'RUN', least: 12, rank: 0 },
  { header: 'TYPE', least: 10, rank: 4 },
  { header: 'TENANT', least: 8, rank: 3 },
  { header: 'WHAT', least: 28, rank: 0 },
  { header: 'SOURCE', least: 8, rank: 2 },
  { header: 'ID', rank: 1 },
];

/**
 * The lines of `check` and `list`, one per run in the given order (reports list the worst first).
 *
 * In a pipe: label, title, type, tenant, what is wrong, source, id, separated by tabs.
 */
export function runsTableLines(runs: readonly ReportRun[], terminal: Terminal): string[] {
  return tableLines(
    COLUMNS,
    runs.map((row) => {
      const { label, icon, tone } = row.presentation;
      return [
        { text: label, glyph: glyphOf(icon, terminal), style: styleOf(tone) },
        { text: fieldText(row, 'title') },
        { text: fieldText(row, 'type') },
        { text: fieldText(row, 'tenant') },
        { text: whatText(row) },
        { text: fieldText(row, 'source') },
        { text: fieldText(row, 'id') },
      ];
    }),
    terminal,
  );
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
