import type { Report } from '@tardy/core';
import type { TextContext } from './formats/format.js';
import { listedRows } from './formats/row-texts.js';
import { groupLines, groupsOf } from './groups.js';
import { complaintLines, reportSummaryLines } from './report-summary.js';
import { runsTableLines } from './runs-table.js';

/** A longer list in a pipe begins with the summary: nobody scrolls to the end of a mail. */
const LONG = 30;

/**
 * A report as text: its runs, worst first, and a summary. Ends with a line break.
 *
 * A pipe gets the summary too, because that is what a CI log shows; it contains no tab, so `cut -s` skips it.
 */
export function reportText(report: Report, context: TextContext): string {
  const { terminal, complains } = context;
  const { table, more } = listing(report, context);
  const summary = [...(complains ? complaintLines(report, terminal) : []), ...reportSummaryLines(report, terminal)];
  const isLong = !terminal.isTty && table.length > LONG;
  const lines = isLong
    ? [...summary, '', ...table, ...separated(more)]
    : [...table, ...separated([...more, ...summary], table)];
  return lines.map((line) => `${line}\n`).join('');
}

/** The lines of the runs or of their groups, and a line that says how many are not among them. */
function listing(
  report: Report,
  { terminal, limit, groupBy }: TextContext,
): { readonly table: readonly string[]; readonly more: readonly string[] } {
  const { rows } = listedRows(report, groupBy === undefined ? limit : undefined);
  const groups = groupBy === undefined ? undefined : groupsOf(rows, groupBy);
  const shown = groups?.slice(0, limit);
  const table =
    shown === undefined || groupBy === undefined
      ? runsTableLines(rows, terminal)
      : groupLines(shown, groupBy, terminal);
  const [listed, all, what] =
    shown === undefined || groups === undefined
      ? [rows.length, report.runs.length, 'runs']
      : [shown.length, groups.length, 'groups'];
  return { table, more: listed === all ? [] : [`Showing ${listed} of ${all} ${what}. Use --limit to show more.`] };
}

function separated(lines: readonly string[], before: readonly string[] = lines): readonly string[] {
  return lines.length > 0 && before.length > 0 ? ['', ...lines] : lines;
}
