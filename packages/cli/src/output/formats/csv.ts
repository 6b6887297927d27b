import type { ReportRun } from '@tardy/core';
import { fieldText, REPORT_FIELDS, type ReportField } from '../report-fields.js';
import { sanitizeInline } from '../sanitize.js';
import type { ReportFormat } from './format.js';
import { linkOf } from './row-texts.js';

/** Fields that have no text of one cell. */
const STRUCTURED: ReadonlySet<ReportField> = new Set([
  'waits_for',
  'flag',
  'progress',
  'reconciliation',
  'failure',
  'initiator',
  'labels',
  'native',
  'skewed',
]);

/** Cells that Tardy makes: numbers, times and words of ours, which begin no formula. */
const OURS: ReadonlySet<ReportField> = new Set(['attempt', 'age_ms', 'threshold_ms', 'vouched', 'silent', 'flagged']);

/** CSV by RFC 4180: a line of names, then one line for each run, with the names that `--json` has. */
export const csvFormat: ReportFormat = {
  render: ({ runs }, { fields }) => {
    const columns = fields ?? REPORT_FIELDS.filter((field) => !STRUCTURED.has(field));
    return [columns, ...runs.map((row) => columns.map((field) => cellText(row, field)))]
      .map((cells) => `${cells.map(quoted).join(',')}\r\n`)
      .join('');
  },
};

function cellText(row: ReportRun, field: ReportField): string {
  if (field === 'url') return linkOf(row) ?? '';
  const text = sanitizeInline(fieldText(row, field));
  return OURS.has(field) ? text : withoutFormula(text);
}

/**
 * A spreadsheet takes a cell that begins with one of these for a formula, also behind blanks, in full width and in quotes; with an
 * apostrophe before it, for text. Source: OWASP, CSV Injection.
 */
function withoutFormula(text: string): string {
  return /^[\s"']*[=+\-@＝＋－＠|%]/.test(text) ? `'${text}` : text;
}

function quoted(cell: string): string {
  return /[",\r\n;]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
