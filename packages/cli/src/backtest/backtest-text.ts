import { formatDuration, formatInstant } from '@tardy/core';
import { LEVELS, type CandidateResult, type Level, type ReplayedAlarm } from '@tardy/core/learn';
import { gapLines } from '../history/history-text.js';
import { paint } from '../output/colors.js';
import { sanitizeInline } from '../output/sanitize.js';
import { tableLines, type Cell, type Column } from '../output/table.js';
import type { Terminal } from '../output/terminal.js';
import type { BacktestFacts } from './backtest-facts.js';
import type { KeptPromise } from './promises.js';

const COLUMNS: readonly Column[] = [
  { header: 'POLICY', least: 12, rank: 0 },
  { header: 'LEVEL', rank: 0 },
  { header: 'RUNS', align: 'right', rank: 1 },
  { header: 'FALSE', align: 'right', rank: 2 },
  { header: 'PER 1,000', align: 'right', rank: 0 },
  { header: 'HANGS CAUGHT', align: 'right', rank: 0 },
  { header: 'MEDIAN AFTER', align: 'right', rank: 0 },
  { header: 'NO THRESHOLD', align: 'right', rank: 1 },
  { header: 'INJECTED CAUGHT', align: 'right', rank: 2 },
];

/** A backtest for people: one line a policy and level, the alarms if wanted, and the promises. */
export function backtestText(facts: BacktestFacts, terminal: Terminal): string {
  const { reading, result, alarms, options, verdict } = facts;
  const rows = result.candidates.flatMap((candidate) => LEVELS.map((level) => rowOf(candidate, level)));
  const alarmLines = options.alarms
    ? ['', ...alarms.map((alarm) => alarmLine(alarm, result.candidates, terminal))]
    : [];
  const lines = [
    ...gapLines(reading.sources, terminal),
    ...tableLines(COLUMNS, rows, terminal),
    ...alarmLines,
    '',
    ...replayedWords(facts),
    ...verdict.map((promise) => promiseLine(promise, result.candidates, terminal)),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function rowOf({ name, levels }: CandidateResult, level: Level): Cell[] {
  const { runs, falseAlarms, hangs, hangsCaught, medianDelay, refusedShare, injected } = levels[level];
  return [
    { text: name },
    { text: level },
    { text: grouped(runs) },
    { text: grouped(falseAlarms) },
    { text: runs === 0 ? '–' : perThousand(falseAlarms / runs) },
    { text: `${hangsCaught}/${hangs}` },
    { text: medianDelay === undefined ? '–' : formatDuration(Math.round(medianDelay / 60_000) * 60_000) },
    { text: percent(refusedShare) },
    { text: injected === undefined ? '' : injected.runs === 0 ? '–' : percent(injected.caught / injected.runs) },
  ];
}

/** What was replayed, and what says nothing about thresholds. */
function replayedWords({ result }: BacktestFacts): string[] {
  const { replayed, from, to, endings } = result;
  if (from === undefined || to === undefined)
    return ['There is nothing to replay: no run of this history has started.'];
  const left = Object.entries(LEFT_OUT).flatMap(([ending, words]) => {
    const count = endings[ending as keyof typeof LEFT_OUT] ?? 0;
    return count === 0 ? [] : [`${grouped(count)} ${words}`];
  });
  const days = `${formatInstant(from).slice(0, 10)} to ${formatInstant(to).slice(0, 10)}`;
  const stuck = result.candidates[0]?.levels.stale.hangs ?? 0;
  return [
    `Replayed ${grouped(replayed)} runs that started ${days}${left.length === 0 ? '' : `; not judged: ${left.join(', ')}`}.`,
    ...(stuck > 0
      ? []
      : ['No run of this history is known to have hung, so it cannot show how many would be caught. --inject tries.']),
  ];
}

const LEFT_OUT = {
  held: 'that waited for somebody',
  active: 'that have not ended',
  skipped: 'skipped',
  unusable: 'without usable times',
} as const;

function alarmLine(alarm: ReplayedAlarm, candidates: readonly CandidateResult[], terminal: Terminal): string {
  const later = formatDuration(Math.round((alarm.endedAt - alarm.at) / 1000) * 1000);
  const words = {
    ended: `false: ${alarm.outcome} ${later} later`,
    hang: `early: it hung, and was ended ${later} later`,
    cancelled: `cancelled ${later} later: somebody may have found it stuck`,
  }[alarm.meaning];
  const attempt = alarm.attempt === 1 ? '' : ` (attempt ${alarm.attempt})`;
  const text = [
    formatInstant(alarm.at),
    candidates[alarm.candidate]?.name ?? '',
    `${alarm.level} after ${formatDuration(alarm.thresholdMs)}`,
    `${alarm.type} ${alarm.id}${attempt}`,
    words,
  ]
    .map(sanitizeInline)
    .join('  ');
  return paint(text, alarm.meaning === 'ended' ? 'warning' : 'calm', terminal);
}

function promiseLine(
  { candidate, promise, kept, value, bound }: KeptPromise,
  candidates: readonly CandidateResult[],
  terminal: Terminal,
): string {
  const glyph = { yes: terminal.unicode ? '✓' : 'ok', no: terminal.unicode ? '✗' : 'broken', unproved: '?' }[kept];
  const words =
    promise === 'max_false'
      ? `false alarms ${value === undefined ? 'unknown' : `${perThousand(value)}/1,000`}, promised at most ${perThousand(bound)}`
      : `hangs caught ${value === undefined ? 'unknown' : percent(value)}, promised at least ${percent(bound)}`;
  const why = kept === 'unproved' ? ': too few of them to tell' : '';
  const name = sanitizeInline(candidates[candidate]?.name ?? '');
  const style = { yes: 'success', no: 'danger', unproved: 'neutral' } as const;
  return paint(`${glyph} ${name}: ${words}${why}`, style[kept], terminal);
}

function perThousand(rate: number): string {
  const value = 1000 * rate;
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(share > 0 && share < 1 && (share < 0.01 || share > 0.99) ? 1 : 0)}%`;
}

function grouped(count: number): string {
  return count.toLocaleString('en-US');
}
