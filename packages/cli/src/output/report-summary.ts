import {
  droppedWords,
  unconfirmedWords,
  VERDICT_TONES,
  verdictWords,
  type Report,
  type ReportSource,
} from '@tardy/core';
import { paint } from './colors.js';
import { sanitizeInline } from './sanitize.js';
import { glyphOf } from './runs-table.js';
import type { Terminal } from './terminal.js';

/**
 * The summary of a report, the most important line last: incomplete sources, runs that recovered while they were read, then the
 * verdict in a sentence. It says that nothing is late or stuck only if everything was read and judged.
 */
export function reportSummaryLines(report: Report, terminal: Terminal): string[] {
  const lines = gapLines(report, terminal);
  const dropped = droppedWords(report);
  if (dropped !== undefined) lines.push(dropped);
  const unconfirmed = unconfirmedWords(report);
  if (unconfirmed !== undefined) lines.push(unconfirmed);
  lines.push(paint(verdictWords(report), VERDICT_TONES[report.verdict], terminal));
  return lines;
}

/** One line for each incomplete source and its reason, and for each note of a complete one. */
export function gapLines({ sources }: Report, terminal: Terminal): string[] {
  return sources.flatMap((source) =>
    source.complete
      ? noteWords(source)
      : [paint(`${glyphOf('unknown', terminal)} ${gapWords(source)}`, 'neutral', terminal)],
  );
}

function noteWords({ name, issues }: ReportSource): string[] {
  return issues.flatMap(({ id, reason }) =>
    id === null ? [`${sanitizeInline(name)}: ${sanitizeInline(reason)}`] : [],
  );
}

function gapWords({ name, error, issues }: ReportSource): string {
  const [first] = issues;
  const who = sanitizeInline(name);
  if (error !== null)
    return `${who} could not be read (${sanitizeInline(error.code)}): ${sanitizeInline(error.message)}`;
  if (first === undefined) return `${who} is incomplete`;
  const what =
    first.id === null ? sanitizeInline(first.reason) : `${sanitizeInline(first.id)}: ${sanitizeInline(first.reason)}`;
  return `${who} is incomplete: ${what}${issues.length === 1 ? '' : ` (and ${issues.length - 1} more)`}`;
}
