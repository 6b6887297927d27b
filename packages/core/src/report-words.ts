import { ALERT_STATUSES } from './alerts/alert.js';
import { en } from './messages/en.js';
import type { Report, ReportSource, ReportVerdict } from './report.js';
import type { Tone } from './present-label.js';

/** The tone of each verdict of a report. */
export const VERDICT_TONES: Readonly<Record<ReportVerdict, Tone>> = {
  fresh: 'success',
  late: 'warning',
  stale: 'danger',
  unknown: 'neutral',
};

/**
 * The verdict of a report in one English line: `1 likely stuck, 2 late of 118 active runs in 3 sources.`
 *
 * It says that nothing is late or stuck only if everything was read and judged.
 */
export function verdictWords({ totals, sources, complete, acknowledgements }: Report): string {
  const worst = [
    [totals.likely_stale, en.labels.likely_stale.toLowerCase()],
    [totals.late, 'late'],
    [totals.unknown, en.labels.unknown.toLowerCase()],
  ] as const;
  const found = worst.flatMap(([amount, word]) => (amount > 0 ? [`${amount} ${word}`] : [])).join(', ');
  const among = count(totals.active, 'active run');
  const where = `in ${count(sources.length, 'source')}`;
  const accepted = acceptedWords(acknowledgements);
  if (!complete) {
    return found === ''
      ? `Cannot tell: nothing late or stuck among ${among} that could be read, but ${missingWords(sources)}.`
      : `${found} of ${among} ${where}${accepted}, and there may be more: ${missingWords(sources)}.`;
  }
  if (found !== '') return `${found} of ${among} ${where}${accepted}.`;
  const read = `(${count(
    sum(sources, ({ runs }) => runs),
    'run',
  )} read)`;
  return totals.active === 0
    ? `Nothing is late or stuck: no active runs ${where} ${read}.`
    : `Nothing is late or stuck: ${among} ${where} ${read}.`;
}

function acceptedWords(acknowledgements: Report['acknowledgements']): string {
  if (acknowledgements === undefined) return '';
  const { late, likely_stale, unknown } = acknowledgements;
  const amount = late + likely_stale + unknown;
  return amount === 0 ? '' : ` (${amount} acknowledged)`;
}

/** What changed since the check before: `1 new, 2 still, 1 recovered.`; `undefined` without a state. */
export function alertsWords({ alerts }: Report): string | undefined {
  if (alerts === undefined) return undefined;
  const changes = ALERT_STATUSES.flatMap((status) => (alerts[status] > 0 ? [`${alerts[status]} ${status}`] : []));
  const said = changes.length === 0 ? 'Nothing was alarming before or is now' : changes.join(', ');
  if (alerts.kept === 0) return `${said}.`;
  const stay = alerts.kept === 1 ? '1 earlier alert stays' : `${alerts.kept} earlier alerts stay`;
  return `${changes.length === 0 ? '' : `${said}; `}${stay} open, since nothing was read about ${alerts.kept === 1 ? 'its run' : 'their runs'}.`;
}

function missingWords(sources: readonly ReportSource[]): string {
  if (sources.length === 1) return 'the source is incomplete';
  const missing = sources.filter(({ complete }) => !complete).length;
  return `${missing} of ${sources.length} sources ${missing === 1 ? 'is' : 'are'} incomplete`;
}

/** Says how many runs were healthy when they were read again; `undefined` if there were none. */
export function droppedWords({ sources }: Report): string | undefined {
  const dropped = sum(sources, (source) => source.dropped);
  if (dropped === 0) return undefined;
  const were = dropped === 1 ? '1 run that looked late or stuck was' : `${dropped} runs that looked late or stuck were`;
  return `${were} healthy or gone when read again.`;
}

/** Says how many runs failed the check without confirmation; `undefined` if there were none. */
export function unconfirmedWords({ sources }: Report): string | undefined {
  const unconfirmed = sum(sources, (source) => source.unconfirmed);
  if (unconfirmed === 0) return undefined;
  return `${count(unconfirmed, 'run')} could not be confirmed by a second look.`;
}

function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`;
}

function sum<T>(items: readonly T[], amountOf: (item: T) => number): number {
  return items.reduce((total, item) => total + amountOf(item), 0);
}
