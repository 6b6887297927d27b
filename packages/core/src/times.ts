import type { Messages, TimeName } from './messages.js';
import { en } from './messages/en.js';
import type { Instant, Run } from './run.js';
import { formatSpan } from './span.js';

/** One instant of a run for display: relative to read, absolute with its zone for the tooltip and the accessible name. */
export type TimeWords = {
  readonly name: TimeName;
  readonly label: string;
  readonly at: Instant;
  readonly relative: string;
  readonly absolute: string;
};

/** `messages` defaults to English, `timeZone` (an IANA name) to UTC. */
export type TimeOptions = { readonly messages?: Messages | undefined; readonly timeZone?: string | undefined };

/** The instants of a run, in the order of its lifecycle. */
export function presentTimes(run: Run, now: Instant, options: TimeOptions = {}): readonly TimeWords[] {
  const messages = options.messages ?? en;
  const instants: readonly (readonly [TimeName, Instant | undefined])[] = [
    ['queued', run.queuedAt],
    ['not_before', run.notBefore],
    ['started', run.startedAt],
    ['heartbeat', run.heartbeatAt],
    ['hold', run.holdSince],
    ['deadline', run.deadlineAt],
    ['ended', run.endedAt],
    ['reconciled', run.reconciliation?.at],
  ];
  return instants.flatMap(([name, at]) =>
    at === undefined
      ? []
      : [
          {
            name,
            label: messages.times[name],
            at,
            relative: relativeTime(at, now, messages),
            absolute: absoluteTime(at, options),
          },
        ],
  );
}

/** `12 min ago`, or `in 5 min` for the future. */
export function relativeTime(at: Instant, now: Instant, messages: Messages = en): string {
  return at > now
    ? messages.ahead(formatSpan(at - now, messages.units))
    : messages.ago(formatSpan(now - at, messages.units));
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Date, time to the second and zone: `23 Nov 2026, 09:00:04 UTC`. */
export function absoluteTime(at: Instant, options: TimeOptions = {}): string {
  return formatted(at, options, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  });
}

/**
 * The time of day for a clock on the same page, to the minute or the second: `12:04`; with the day if that is not the
 * day of `now`: `22 Nov, 12:04`; and with the year if that differs too.
 */
export function clockTime(at: Instant, now: Instant, options: TimeOptions = {}, seconds = false): string {
  const time = { hour: '2-digit', minute: '2-digit', ...(seconds ? { second: '2-digit' as const } : {}) } as const;
  const same = (shape: Intl.DateTimeFormatOptions) => formatted(at, options, shape) === formatted(now, options, shape);
  const year = same({ year: 'numeric' }) ? {} : ({ year: 'numeric' } as const);
  const day = { day: 'numeric', month: 'short', ...year } as const;
  return formatted(at, options, same(day) ? time : { ...day, ...time });
}

function formatted(at: Instant, options: TimeOptions, shape: Intl.DateTimeFormatOptions): string {
  const messages = options.messages ?? en;
  const locale = messages.locale === 'en' ? 'en-GB' : messages.locale;
  const timeZone = options.timeZone ?? 'UTC';
  const key = [locale, timeZone, ...Object.keys(shape)].join(' ');
  let format = formats.get(key);
  if (format === undefined) formats.set(key, (format = new Intl.DateTimeFormat(locale, { timeZone, ...shape })));
  return format.format(at);
}
