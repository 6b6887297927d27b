import { en } from '../messages/en.js';
import { isActive, type Instant, type Run } from '../run.js';
import { formatSpan } from '../span.js';
import { absoluteTime } from '../times.js';
import { isFlapping, type Acknowledgement, type AlertStatus } from './alert.js';
import { DUE_REASONS, type Due, type DueReason } from './due.js';

/** The word for each status, in English. */
const ALERT_STATUS_WORDS: Readonly<Record<AlertStatus, string>> = {
  new: 'new',
  still: 'still',
  recovered: 'recovered',
  vanished: 'vanished',
};

const REASON_TITLES: Readonly<Record<DueReason, string>> = {
  new: 'New',
  worse: 'Worse',
  reminder: 'Still alarming',
  recovered: 'Recovered or ended',
  vanished: 'No longer listed by their source',
};

/** The title of a group of a message. */
export function reasonTitle(reason: DueReason): string {
  return REASON_TITLES[reason];
}

/** What a message is about, in one line without a text from a source: `3 new, 1 reminder, 2 recovered`. */
export function dueCounts(due: readonly Due[]): string {
  return DUE_REASONS.flatMap((reason) => {
    const amount = due.filter((one) => one.reason === reason).length;
    return amount === 0 ? [] : [countOf(amount, reason)];
  }).join(', ');
}

function countOf(amount: number, reason: DueReason): string {
  switch (reason) {
    case 'new':
    case 'recovered':
    case 'vanished':
    case 'worse':
      return `${amount} ${reason}`;
    case 'reminder':
      return `${amount} ${amount === 1 ? 'reminder' : 'reminders'}`;
  }
}

/** What is to be said about one run, without its title: `No heartbeat for 42 min`, `No longer stuck or late after 2 h: it is running`. */
export function dueWords({ reason, alert }: Due, now: Instant): string {
  const { ended, since, label, headline } = alert;
  const notes = [
    ...(alert.renewedAt !== undefined && reason === 'new' ? ['its acknowledgement has ended'] : []),
    ...(isFlapping(alert, now) ? ['it alarms and recovers again and again'] : []),
  ];
  const said =
    ended !== undefined && alert.about === 'source'
      ? `Could not be read for ${span(ended.at - since)}: now ${ended.text}`
      : ended !== undefined
        ? `${ended.how === 'recovered' ? 'No longer stuck or late' : 'No longer listed'} after ${span(ended.at - since)}: ${ended.text}`
        : reason === 'reminder'
          ? `${label}, first found ${span(now - since)} ago: ${headline}`
          : `${label}: ${headline}`;
  return notes.length === 0 ? said : `${said} (${notes.join('; ')})`;
}

/** How the alert of a run ended that was read: `it is running`, `it ended: failed`. `label` is that of its presentation. */
export function recoveryWords(run: Run, label: string): string {
  return isActive(run) ? `it is ${label.toLowerCase()}` : `it ended: ${label.toLowerCase()}`;
}

/** How the alert of a run ended of which a later attempt exists. */
export function replacedWords(attempt: number): string {
  return `attempt ${attempt} has replaced it`;
}

/** How the alert of a run ended of which nothing could be read. */
export const VANISHED_WORDS = 'its source no longer lists it, and how it ended could not be read';

/** How long a run has been alarming by the state: `new`, `still, since 23 Nov 2026, 09:00:00 UTC`. */
export function statusWords(status: AlertStatus, since: Instant): string {
  return status === 'still' ? `still, since ${absoluteTime(since)}` : ALERT_STATUS_WORDS[status];
}

/** Who accepted a run, until when and why. */
export function acknowledgementWords({ by, until, reason }: Acknowledgement): string {
  return `acknowledged by ${by} until ${absoluteTime(until)}: ${reason}`;
}

function span(ms: number): string {
  return formatSpan(ms, en.units);
}
