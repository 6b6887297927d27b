import { ICON_GLYPHS, type IconName, type ReportRun } from '@tardy/core';
import type { Style } from './colors.js';
import { fieldText } from './report-fields.js';
import { tableLines, type Column } from './table.js';
import type { Terminal } from './terminal.js';

/** An id is whole or not there at all: half of one is of no use to `tardy show`. */
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
 * The lines of `check` and `list`, one for each run in the order given (reports come worst first).
 *
 * In a pipe: label, title, type, tenant, headline, source, id, separated by tabs.
 */
export function runsTableLines(runs: readonly ReportRun[], terminal: Terminal): string[] {
  return tableLines(
    COLUMNS,
    runs.map((row) => {
      const { label, headline, icon, tone } = row.presentation;
      return [
        { text: label, glyph: glyphOf(icon, terminal), style: styleOf(tone) },
        { text: fieldText(row, 'title') },
        { text: fieldText(row, 'type') },
        { text: fieldText(row, 'tenant') },
        { text: headline },
        { text: fieldText(row, 'source') },
        { text: fieldText(row, 'id') },
      ];
    }),
    terminal,
  );
}

/** The one character for an icon; a name that we do not know (a report of a later version) gets none. */
export function glyphOf(icon: string, { unicode }: Pick<Terminal, 'unicode'>): string | undefined {
  return Object.hasOwn(ICON_GLYPHS, icon) ? ICON_GLYPHS[icon as IconName][unicode ? 'unicode' : 'ascii'] : undefined;
}

/** The style of a tone; a tone that we do not know is not set off. */
export function styleOf(tone: string): Style | undefined {
  return TONES.find((known) => known === tone);
}

const TONES = ['calm', 'success', 'warning', 'danger', 'neutral'] as const;
