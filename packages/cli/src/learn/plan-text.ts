import { type Policy } from '@tardy/core';
import { rateAtMost, type LearnOptions, type WornRule } from '@tardy/core/learn';
import { paint } from '../output/colors.js';
import { sanitizeInline } from '../output/sanitize.js';
import type { Terminal } from '../output/terminal.js';
import { grouped, percentWords, rateWords, runWords } from './learn-words.js';
import { thresholdsOf, type Plan } from './plan.js';

/** The learned rules in use whose promise no longer holds. */
export function wornLines(worn: readonly WornRule[], policy: Policy, terminal: Terminal): string[] {
  return worn.map(({ rule, level, since, target, runs, exceedances }) => {
    const match = policy.document.rules[rule]?.match;
    const name = `${String(match?.['source'])} · ${String(match?.['type'] ?? 'all types')}`;
    const words = `${grouped(exceedances)} of ${runWords(runs)} since ${since} passed its ${level}, ${rateWords(target)} promised`;
    return paint(sanitizeInline(`worn      ${name}   ${words}`), 'warning', terminal);
  });
}

/** What changes in the policy, a line for each rule. */
export function changeLines(plan: Plan, terminal: Terminal): string[] {
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
export function planWords(plan: Plan, { confidence }: Pick<LearnOptions, 'confidence'>): string {
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
      : ` Expect ${rate(exceedances / runs)} false alarms per 1,000 runs (at most ${rate(rateAtMost(exceedances, runs, confidence))}, ${percentWords(confidence)} sure): ${exceedances} in ${runWords(runs)} replayed.`;
  return `Plan: ${parts.join(', ')}.${expected}`;
}
