import { formatDuration } from '@tardy/core';
import { type Bar, type Lesson, type Proposal } from '@tardy/core/learn';
import { gapLines } from '../history/history-text.js';
import { paint } from '../output/colors.js';
import { sanitizeInline } from '../output/sanitize.js';
import type { Terminal } from '../output/terminal.js';
import type { LearnFacts } from './learn-facts.js';
import { basisWords, dayOf, grouped, refusalWords, testWords, thresholdWords } from './learn-words.js';
import { changeLines, planWords, wornLines } from './plan-text.js';

/** How many types are shown with their distribution; the others get a line. */
const MOST_SHOWN = 10;
const BAR_COLUMNS = 24;
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** What was learned, for people: the distribution of each type with its thresholds, what was refused and why, and the plan. */
export function learnText(facts: LearnFacts, terminal: Terminal): string {
  const { reading, lessons, plan, worn, policy, options } = facts;
  const shown = lessons.flatMap(distributions).sort((one, other) => other.proposal.runs - one.proposal.runs);
  const lines = [
    ...gapLines(reading.sources, terminal),
    ...shown.slice(0, MOST_SHOWN).flatMap((one) => [...distributionLines(one, facts, terminal), '']),
    ...shown.slice(MOST_SHOWN).map(({ proposal }) => learnedLine(proposal, terminal)),
    ...lessons.flatMap(({ all }) =>
      all.type === undefined && all.verdict.learned ? [learnedLine(all, terminal)] : [],
    ),
    ...plan.refused.map((proposal) => refusedLine(proposal, terminal)),
    ...plan.overridden.map(({ proposal, threshold, rule }) =>
      paint(
        sanitizeInline(`by hand   ${nameOf(proposal)}: ${rule} wins over the learned ${threshold}`),
        'neutral',
        terminal,
      ),
    ),
    ...wornLines(worn, policy, terminal),
    ...(options.diff ? changeLines(plan, terminal) : []),
    '',
    planWords(plan, options.learning),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

type Shown = { readonly proposal: Proposal; readonly bars: readonly Bar[] };

function distributions({ all, types, histograms }: Lesson): Shown[] {
  return (types.length === 0 ? [all] : types).flatMap((proposal, index) =>
    proposal.verdict.learned ? [{ proposal, bars: histograms[index] ?? [] }] : [],
  );
}

function distributionLines({ proposal, bars }: Shown, { options }: LearnFacts, terminal: Terminal): string[] {
  const { verdict } = proposal;
  if (!verdict.learned) return [];
  const most = bars.reduce((sum, { ended, cut }) => Math.max(sum, ended + cut), 1);
  const late = verdict.late.value;
  const stale = verdict.stale.value;
  const head = `${nameOf(proposal)}   ${basisWords(proposal)} (${dayOf(proposal.from)} to ${dayOf(proposal.to)})`;
  const rows = bars.map(({ from, to, ended, cut }) => {
    const marks = [
      ...(late >= from && late < to ? [`late ${formatDuration(late)}`] : []),
      ...(stale >= from && stale < to ? [`stale ${formatDuration(stale)}`] : []),
      ...(cut > 0 ? [`${grouped(cut)} hung`] : []),
    ];
    const label = formatDuration(coarse(from)).padStart(8);
    const bar = barOf((ended + cut) / most, terminal);
    const mark = marks.length === 0 ? '' : `   ${terminal.unicode ? '◂' : '<'} ${marks.join(', ')}`;
    return `${label} ${bar} ${grouped(ended + cut).padStart(7)}${mark}`;
  });
  const beyond = bars.at(-1)?.to ?? 0;
  return [
    paint(sanitizeInline(head), 'bold', terminal),
    ...rows,
    ...(
      [
        ['late', verdict.late],
        ['stale', verdict.stale],
      ] as const
    ).map(([name, threshold]) => {
      const past = threshold.value >= beyond ? ', beyond all of them' : '';
      return `  ${name} ${formatDuration(threshold.value)}: ${thresholdWords(threshold, proposal, options.learning.confidence)}; ${testWords(threshold)}${past}`;
    }),
  ];
}

/** A label that says no more than the bar is wide. */
function coarse(ms: number): number {
  const step = ms < 60_000 ? 1000 : ms < 3_600_000 ? 60_000 : 900_000;
  return Math.max(step, Math.round(ms / step) * step);
}

function barOf(share: number, { unicode }: Terminal): string {
  const eighths = Math.round(share * BAR_COLUMNS * 8);
  const shown = share > 0 ? Math.max(1, eighths) : 0;
  const bar = unicode ? '█'.repeat(shown >> 3) + (EIGHTHS[shown & 7] ?? '') : '#'.repeat(Math.ceil(shown / 8));
  return bar.padEnd(BAR_COLUMNS);
}

function learnedLine(proposal: Proposal, terminal: Terminal): string {
  const { verdict } = proposal;
  if (!verdict.learned) return '';
  const text = `learned   ${nameOf(proposal)}   late ${formatDuration(verdict.late.value)}, stale ${formatDuration(verdict.stale.value)}   ${basisWords(proposal)}`;
  return paint(sanitizeInline(text), 'calm', terminal);
}

function refusedLine(proposal: Proposal, terminal: Terminal): string {
  const { verdict } = proposal;
  if (verdict.learned) return '';
  return paint(sanitizeInline(`refused   ${nameOf(proposal)}   ${refusalWords(verdict.refusal)}`), 'warning', terminal);
}

function nameOf({ source, type, clock }: Proposal): string {
  return `${source} · ${type ?? 'all types'}${clock === 'run' ? '' : ` · ${clock}`}`;
}
