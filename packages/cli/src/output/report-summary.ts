import { en, type Report, type ReportSource } from '@tardy/core';
import { paint, type Style } from './colors.js';
import { harmlessInline } from './harmless.js';
import { glyphOf } from './runs-table.js';
import type { Terminal } from './terminal.js';

const STYLES: Readonly<Record<Report['verdict'], Style>> = {
  fresh: 'success',
  late: 'warning',
  stale: 'danger',
  unknown: 'neutral',
};

/**
 * What a report comes to, the most important line last: the sources that were not read whole, runs that recovered while they
 * were read, then the verdict in a sentence. It says that all is calm only where everything was read and judged.
 */
export function reportSummaryLines(report: Report, terminal: Terminal): string[] {
  const lines = gapLines(report, terminal);
  const dropped = sum(report.sources, (source) => source.dropped);
  if (dropped > 0) {
    const were =
      dropped === 1 ? '1 run that looked late or stuck was' : `${dropped} runs that looked late or stuck were`;
    lines.push(`${were} fine or gone when read once more.`);
  }
  lines.push(paint(verdictWords(report), STYLES[report.verdict], terminal));
  return lines;
}

/** One line for each source that was not read whole, saying why. */
export function gapLines({ sources }: Report, terminal: Terminal): string[] {
  return sources
    .filter(({ complete }) => !complete)
    .map((source) => paint(`${glyphOf('unknown', terminal)} ${gapWords(source)}`, 'neutral', terminal));
}

/** The verdict of a report in one line: `1 likely stuck, 2 late of 118 active runs in 3 sources.` */
export function verdictWords({ totals, sources, complete }: Report): string {
  const worst = [
    [totals.likely_stale, en.labels.likely_stale.toLowerCase()],
    [totals.late, 'late'],
    [totals.unknown, en.labels.unknown.toLowerCase()],
  ] as const;
  const found = worst.flatMap(([amount, word]) => (amount > 0 ? [`${amount} ${word}`] : [])).join(', ');
  const among = count(totals.active, 'active run');
  const where = `in ${count(sources.length, 'source')}`;
  if (!complete) {
    return found === ''
      ? `Cannot tell: no late or stuck run among ${among} that could be read, but ${missingWords(sources)}.`
      : `${found} of ${among} ${where}, and there may be more: ${missingWords(sources)}.`;
  }
  if (found !== '') return `${found} of ${among} ${where}.`;
  const read = `(${count(
    sum(sources, ({ runs }) => runs),
    'run',
  )} read)`;
  return totals.active === 0
    ? `All calm: no active runs ${where} ${read}.`
    : `All calm: no late or stuck run among ${among} ${where} ${read}.`;
}

function missingWords(sources: readonly ReportSource[]): string {
  if (sources.length === 1) return 'the source was not read whole';
  const missing = sources.filter(({ complete }) => !complete).length;
  return `${missing} of ${sources.length} sources ${missing === 1 ? 'was' : 'were'} not read whole`;
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

function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`;
}

function sum<T>(items: readonly T[], amountOf: (item: T) => number): number {
  return items.reduce((total, item) => total + amountOf(item), 0);
}
