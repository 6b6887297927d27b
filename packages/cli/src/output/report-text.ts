import type { Report } from '@tardy/core';
import { reportSummaryLines } from './report-summary.js';
import { runsTableLines } from './runs-table.js';
import type { Terminal } from './terminal.js';

/**
 * A report for people: its runs, worst first, and what it comes to. Ends with a line break.
 *
 * The summary is there in a pipe too, since that is what a log of CI shows; it holds no tab, so that `cut -s` passes over it.
 */
export function reportText(report: Report, terminal: Terminal): string {
  const rows = runsTableLines(report.runs, terminal);
  const lines = [...rows, ...(rows.length > 0 ? [''] : []), ...reportSummaryLines(report, terminal)];
  return lines.map((line) => `${line}\n`).join('');
}
