import { droppedWords, VERDICT_TONES, verdictWords, type Report, type ReportSource } from '@tardy/core';
import { paint } from './colors.js';
import { harmlessInline } from './harmless.js';
import { glyphOf } from './runs-table.js';
import type { Terminal } from './terminal.js';

/**
 * What a report comes to, the most important line last: the sources that were not read whole, runs that recovered while they
 * were read, then the verdict in a sentence. It says that all is calm only where everything was read and judged.
 */
export function reportSummaryLines(report: Report, terminal: Terminal): string[] {
  const lines = gapLines(report, terminal);
  const dropped = droppedWords(report);
  if (dropped !== undefined) lines.push(dropped);
  lines.push(paint(verdictWords(report), VERDICT_TONES[report.verdict], terminal));
  return lines;
}

/** One line for each source that was not read whole, saying why, and for each thing that one read whole left out rightly. */
export function gapLines({ sources }: Report, terminal: Terminal): string[] {
  return sources.flatMap((source) =>
    source.complete
      ? noteWords(source)
      : [paint(`${glyphOf('unknown', terminal)} ${gapWords(source)}`, 'neutral', terminal)],
  );
}

function noteWords({ name, issues }: ReportSource): string[] {
  return issues.flatMap(({ id, reason }) =>
    id === null ? [`${harmlessInline(name)}: ${harmlessInline(reason)}`] : [],
  );
}

function gapWords({ name, error, issues }: ReportSource): string {
  const [first] = issues;
  const who = harmlessInline(name);
  if (error !== null)
    return `${who} could not be read (${harmlessInline(error.code)}): ${harmlessInline(error.message)}`;
  if (first === undefined) return `${who} was not read whole`;
  const what =
    first.id === null ? harmlessInline(first.reason) : `${harmlessInline(first.id)}: ${harmlessInline(first.reason)}`;
  return `${who} was not read whole: ${what}${issues.length === 1 ? '' : ` (and ${issues.length - 1} more)`}`;
}
