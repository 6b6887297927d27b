import type { Messages } from './messages.js';
import { numberText } from './number-text.js';
import { isActive, type Run } from './run.js';

/**
 * How far a run has got.
 *
 * `fraction` (0 to 1) is present only if a share of a known total can be claimed; a bar without it is indeterminate.
 */
export type ProgressWords = {
  readonly kind: 'count' | 'part' | 'finishing' | 'over';
  readonly fraction: number | undefined;
  readonly text: string;
};

/**
 * The words for a run's progress; `undefined` when the source reports none.
 *
 * `previous` is the same run as last seen: with it, decreasing progress and a new attempt are named.
 */
export function presentProgress(run: Run, messages: Messages, previous?: Run): ProgressWords | undefined {
  const { progress } = run;
  if (progress === undefined) return undefined;
  const { processed, total, failed = 0, skipped = 0, unit = '' } = progress;
  const words = messages.progress;
  const number = (value: number) => numberText(value, messages);

  let kind: ProgressWords['kind'];
  let text: string;
  if (total === undefined || total === 0) {
    kind = 'count';
    text = isActive(run) ? words.count(number(processed), unit) : words.counted(number(processed), unit);
  } else if (processed > total) {
    kind = 'over';
    text = words.over(number(processed), number(total), unit);
  } else if (processed === total && isActive(run)) {
    kind = 'finishing';
    text = words.finishing(number(total), unit);
  } else {
    kind = 'part';
    text = words.part(number(processed), number(total), unit);
  }
  if (failed > 0) text += `, ${words.failed(number(failed))}`;
  if (skipped > 0) text += `, ${words.skipped(number(skipped))}`;
  if (run.attempt > 1) text = words.attempt(run.attempt, text);
  const before = previous?.attempt === run.attempt ? previous.progress?.processed : undefined;
  if (before !== undefined && before > processed) text = words.wentBack(text, number(before));
  return { kind, fraction: kind === 'part' && total ? processed / total : undefined, text };
}
