import type { Report } from '@tardy/core';
import { reportSummaryLines } from './report-summary.js';
import { runsTableLines } from './runs-table.js';
import type { Terminal } from './terminal.js';

/**
 * A report as text: its runs, worst first, and a summary. Ends with a line break.
 *
 * A pipe gets the summary too, because that is what a CI log shows; it contains no tab, so `cut -s` skips it.
 */
export function reportText(report: Report, terminal: Terminal): string {
  const rows = runsTableLines(report.runs, terminal);
  const lines = [...rows, ...(rows.length > 0 ? [''] : []), ...reportSummaryLines(report, terminal)];
  return lines.map((line) => `${line}\n`).join('');
}
