import type { Report, ReportRun } from '@tardy/core';
import { harmlessJson } from './harmless.js';
import { pickFields, type ReportField } from './report-fields.js';

/** What `--json` prints: the whole report, or an array with the named fields of each run. Ends with a line break. */
export function reportJson(report: Report, fields?: readonly ReportField[]): string {
  return jsonText(jsonValue(report, fields));
}

/** The same before it is text: what `--jq` queries. */
export function jsonValue(report: Report, fields?: readonly ReportField[]): unknown {
  return fields === undefined ? report : report.runs.map((row) => pickFields(row, fields));
}

/**
 * A value as JSON for people and programs alike: always indented by two, so that the same report is the same bytes wherever it
 * goes, and without characters that a terminal would obey.
 */
export function jsonText(value: unknown): string {
  return `${harmlessJson(JSON.stringify(value, null, 2))}\n`;
}

/**
 * One run a line: its wire form, with the verdict and the words beside it. `parseRun` reads each line back, since it passes over
 * fields that are no part of a run.
 */
export function reportNdjson(runs: Iterable<ReportRun>): string {
  let text = '';
  for (const row of runs) text += ndjsonLine(row);
  return text;
}

/** One line of NDJSON, for output that streams. */
function ndjsonLine({ run, problem_class, freshness, presentation }: ReportRun): string {
  return `${harmlessJson(JSON.stringify({ ...run, problem_class, freshness, presentation }))}\n`;
}
