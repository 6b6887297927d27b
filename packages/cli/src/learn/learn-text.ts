import { formatDuration } from '@tardy/core';
import { rateAtMost, type Bar, type Lesson, type Proposal } from '@tardy/core/learn';
import { gapLines } from '../history/history-text.js';
import { paint } from '../output/colors.js';
import { sanitizeInline } from '../output/sanitize.js';
import type { Terminal } from '../output/terminal.js';
import type { LearnFacts } from './learn-facts.js';
import {
  basisWords,
  dayOf,
  grouped,
  percentWords,
  rateWords,
  refusalWords,
  runWords,
  testWords,
  thresholdWords,
} from './learn-words.js';
import { thresholdsOf } from './plan.js';

/** How many types are shown with their distribution; the others get a line. */
const MOST_SHOWN = 10;
const BAR_COLUMNS = 24;
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** What was learned, for people: the distribution of each type with its thresholds, what was refused and why, and the plan. */
export function learnText(facts: LearnFacts, terminal: Terminal): string {
  const { reading, lessons, plan } = facts;
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
    ...wornLines(facts, terminal),
    ...changeLines(facts, terminal),
    '',
    planWords(facts),
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

/** The learned rules in use whose promise no longer holds. */
function wornLines({ worn, policy }: LearnFacts, terminal: Terminal): string[] {
  return worn.map(({ rule, level, since, target, runs, exceedances }) => {
    const match = policy.document.rules[rule]?.match;
    const name = `${String(match?.['source'])} · ${String(match?.['type'] ?? 'all types')}`;
    const words = `${grouped(exceedances)} of ${runWords(runs)} since ${since} passed its ${level}, ${rateWords(target)} promised`;
    return paint(sanitizeInline(`worn      ${name}   ${words}`), 'warning', terminal);
  });
}

/** What changes in the policy, with --diff. */
function changeLines({ plan, options }: LearnFacts, terminal: Terminal): string[] {
  if (!options.diff) return [];
  return plan.changes.flatMap(({ kind, rule, before }) => {
    const name = sanitizeInline(`${String(rule.match['source'])} · ${String(rule.match['type'] ?? 'all types')}`);
    switch (kind) {
      case 'add':
        return [paint(`+ ${name}: ${thresholdsOf(rule)}`, 'success', terminal)];
      case 'remove':
        return [paint(`- ${name}: ${thresholdsOf(rule)}`, 'danger', terminal)];
      case 'change':
        return [
          paint(
            `~ ${name}: ${before === undefined ? '' : thresholdsOf(before)} -> ${thresholdsOf(rule)}`,
            'warning',
            terminal,
          ),
        ];
      case 'keep':
        return [];
    }
  });
}

/** The plan in one line: what changes, what was refused, and how many false alarms to expect. */
function planWords({ plan, options }: LearnFacts): string {
  const count = (kind: string) => plan.changes.filter((change) => change.kind === kind).length;
  const parts = [
    `${count('add')} ${count('add') === 1 ? 'rule' : 'rules'} to add`,
    `${count('change')} to change`,
    ...(count('remove') > 0 ? [`${count('remove')} to remove`] : []),
    `${count('keep')} unchanged`,
    `${plan.refused.length} refused`,
  ];
  const { runs, exceedances } = plan.expected;
  const rate = (value: number) => Number((1000 * value).toFixed(1));
  const expected =
    runs === 0
      ? ''
      : ` Expect ${rate(exceedances / runs)} false alarms per 1,000 runs (at most ${rate(rateAtMost(exceedances, runs, options.learning.confidence))}, ${percentWords(options.learning.confidence)} sure): ${exceedances} in ${runWords(runs)} replayed.`;
  return `Plan: ${parts.join(', ')}.${expected}`;
}
