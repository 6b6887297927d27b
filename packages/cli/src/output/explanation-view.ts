import {
  absoluteTime,
  en,
  formatDuration,
  formatSpan,
  relativeTime,
  type ExplainedClock,
  type ExplainedThreshold,
  type Explanation,
  type Instant,
} from '@tardy/core';
import { sanitizeInline } from './sanitize.js';
import { tableLines, type Cell, type Column } from './table.js';
import type { Terminal } from './terminal.js';
import { wrap } from './text-width.js';

const COLUMNS: readonly Column[] = [
  { header: 'CLOCK', rank: 0 },
  { header: 'AGE', align: 'right', rank: 0 },
  { header: 'LEVEL', rank: 0 },
  { header: 'AFTER', align: 'right', rank: 0 },
  { header: 'REACHED', rank: 0 },
  { header: 'RULE', least: 24, rank: 0 },
  { header: 'START', rank: 1 },
];

/** The time and the time zone of an explanation. */
type At = { readonly now: Instant; readonly timeZone?: string | undefined };

/** How a verdict was reached: each clock with both thresholds, the rules that set them, and what else counts. */
export function explanationLines(explanation: Explanation, { now, timeZone }: At, terminal: Terminal): string[] {
  const time = (at: Instant) => absoluteTime(at, { timeZone });
  const rows = explanation.clocks.flatMap((clock) => [
    thresholdRow(clock, 'late', clock.late, true, now, time),
    // People read downwards; a program reads each line on its own.
    thresholdRow(clock, 'stale', clock.stale, !terminal.isTty, now, time),
  ]);
  const notes = noteSentences(explanation, now, time).flatMap((note) =>
    terminal.isTty ? wrap(sanitizeInline(note), terminal.columns) : [sanitizeInline(note)],
  );
  return [...tableLines(COLUMNS, rows, terminal), ...notes];
}

function thresholdRow(
  { clock, ageMs, startAt, decides }: ExplainedClock,
  level: string,
  threshold: ExplainedThreshold,
  named: boolean,
  now: Instant,
  time: (at: Instant) => string,
): readonly Cell[] {
  return [
    { text: named ? clock : '', style: decides ? 'bold' : undefined },
    { text: named ? formatSpan(ageMs, en.units) : '' },
    { text: level },
    { text: formatDuration(threshold.ms) },
    {
      text: threshold.at === undefined ? 'never' : relativeTime(threshold.at, now),
      style: reachedStyle(level, threshold),
    },
    { text: threshold.rule },
    { text: named ? time(startAt) : '' },
  ];
}

function reachedStyle(level: string, { reached }: ExplainedThreshold): Cell['style'] {
  if (!reached) return 'dim';
  return level === 'late' ? 'warning' : 'danger';
}

function noteSentences({ freshness, clocks }: Explanation, now: Instant, time: (at: Instant) => string): string[] {
  if (freshness.state === 'terminal' || freshness.state === 'reconciled')
    return ['The run has ended, so no clock judges it.'];
  const notes: string[] = [];
  if (freshness.clock !== undefined) {
    notes.push(`The ${freshness.clock} clock decides${freshness.rule === undefined ? '' : ` (${freshness.rule})`}.`);
  } else notes.push('No clock can judge this run.');
  for (const { clock, vouchedUntil, skewed } of clocks) {
    if (vouchedUntil !== undefined) {
      notes.push(
        `A recent heartbeat vouches for the run until ${time(vouchedUntil)}: until then the ${clock} clock makes it late at most.`,
      );
    }
    if (skewed) notes.push(`The ${clock} clock is not used: it starts too far in the future.`);
  }
  const next = freshness.nextChangeAt;
  notes.push(
    next === undefined
      ? 'Without news from the run, the state does not change.'
      : `Without news from the run, the state changes ${relativeTime(next, now)} (${time(next)}).`,
  );
  return notes;
}
