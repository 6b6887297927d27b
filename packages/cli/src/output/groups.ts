import type { ReportRun } from '@tardy/core';
import { whatText } from './alert-lines.js';
import { fieldText } from './report-fields.js';
import { glyphOf, styleOf } from './runs-table.js';
import { sanitizeInline } from './sanitize.js';
import { tableLines, type Column } from './table.js';
import type { Terminal } from './terminal.js';

/** What runs can be put together by. */
export const GROUP_KEYS = ['type', 'tenant', 'source'] as const;

/** A name of `GROUP_KEYS`. */
export type GroupKey = (typeof GROUP_KEYS)[number];

/** Runs that have something in common, worst first. */
export type Group = {
  /** Sanitized; empty for runs without one. */
  readonly name: string;
  readonly runs: number;
  /** How many are in each state, worst first: `3 likely stuck, 1 running late`. */
  readonly words: string;
  readonly worst: ReportRun;
};

/** The groups of runs that are listed worst first: the group of the worst run comes first. */
export function groupsOf(rows: readonly ReportRun[], key: GroupKey): readonly Group[] {
  const groups = new Map<string, [ReportRun, ...ReportRun[]]>();
  for (const row of rows) {
    const name = sanitizeInline(fieldText(row, key));
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [row]);
    else group.push(row);
  }
  return [...groups].map(([name, group]) => ({ name, runs: group.length, words: wordsOf(group), worst: group[0] }));
}

/** A line for each group: its name, its runs and their states, the worst of them with what `tardy show` takes. */
export function groupLines(groups: readonly Group[], key: GroupKey, terminal: Terminal): string[] {
  const columns: readonly Column[] = [
    { header: key.toUpperCase(), least: 12, rank: 0 },
    { header: 'RUNS', align: 'right', rank: 0 },
    { header: 'STATES', least: 16, rank: 0 },
    { header: 'WORST', least: 12, rank: 1 },
    { header: 'WHAT', least: 20, rank: 2 },
    { header: 'SOURCE', rank: 3 },
    { header: 'ID', rank: 1 },
  ];
  const rows = groups.map(({ name, runs, words, worst }) => [
    { text: name === '' ? '-' : name },
    { text: String(runs) },
    { text: words, glyph: glyphOf(worst.presentation.icon, terminal), style: styleOf(worst.presentation.tone) },
    { text: fieldText(worst, 'title') },
    { text: whatText(worst) },
    { text: fieldText(worst, 'source') },
    { text: fieldText(worst, 'id') },
  ]);
  return tableLines(columns, rows, terminal);
}

function wordsOf(rows: readonly ReportRun[]): string {
  const counts = new Map<string, number>();
  for (const { presentation } of rows) {
    const label = sanitizeInline(presentation.label).toLowerCase();
    counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  return [...counts].map(([label, count]) => `${count} ${label}`).join(', ');
}
