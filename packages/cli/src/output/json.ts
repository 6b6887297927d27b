import type { Report, ReportRun } from '@tardy/core';
import { escapeJson } from './sanitize.js';
import { pickFields, type ReportField } from './report-fields.js';

/** The output of `--json`: the complete report, or an array with these fields of each run. Ends with a line break. */
export function reportJson(report: Report, fields?: readonly ReportField[]): string {
  return jsonText(jsonValue(report, fields));
}

/** The same as a value, for `--jq`. */
export function jsonValue(report: Report, fields?: readonly ReportField[]): unknown {
  return fields === undefined ? report : report.runs.map((row) => pickFields(row, fields));
}

/**
 * A value as JSON, for people and programs: always indented by two spaces, so that the same report gives the same bytes
 * everywhere, and without characters that a terminal would obey.
 */
export function jsonText(value: unknown): string {
  return `${escapeJson(JSON.stringify(value, null, 2))}\n`;
}

/**
 * One run per line: its wire form together with the verdict and its words. `parseRun` can read each line, because it ignores
 * unknown fields.
 */
export function reportNdjson(runs: Iterable<ReportRun>): string {
  let text = '';
  for (const row of runs) text += ndjsonLine(row);
  return text;
}

/** One line of NDJSON. */
function ndjsonLine({ run, problem_class, freshness, presentation }: ReportRun): string {
  return `${escapeJson(JSON.stringify({ ...run, problem_class, freshness, presentation }))}\n`;
}
