import type { Backtest } from '@tardy/core/learn';
import { UsageError } from '../errors.js';

/** What the caller wants to hold; absent where nothing was said. */
export type Promises = { readonly maxFalse: number | undefined; readonly minCaught: number | undefined };

/** Whether one policy kept one promise. `unproved`: there are too few runs to tell. */
export type KeptPromise = {
  /** The index of the policy. */
  readonly candidate: number;
  readonly promise: 'max_false' | 'min_caught';
  readonly kept: 'yes' | 'no' | 'unproved';
  readonly value: number | undefined;
  readonly bound: number;
};

/** No alarms in fewer runs than this divided by the rate prove nothing about it at 95 %: the rule of three. */
const RULE_OF_THREE = 3;

/**
 * Parses the two promises.
 *
 * @throws {UsageError} for one that is not a rate or a share.
 */
export function readPromises(maxFalse: string | undefined, minCaught: string | undefined): Promises {
  return {
    maxFalse: maxFalse === undefined ? undefined : readRate('--max-false', maxFalse),
    minCaught: minCaught === undefined ? undefined : readRate('--min-caught', minCaught),
  };
}

/**
 * Parses a rate: `1/1000`, `5%` or `0.005`.
 *
 * @throws {UsageError} for anything else, and for more than 1.
 */
export function readRate(name: string, text: string): number {
  const [, above, below = '1', percent] = /^(\d+(?:\.\d+)?)(?:\/(\d+)|(%))?$/.exec(text) ?? [];
  const rate = Number(above) / Number(below) / (percent === undefined ? 1 : 100);
  if (!(rate >= 0 && rate <= 1)) {
    throw new UsageError(`${name} "${text}" is not a rate.`, 'Write it as 1/1000, 0.1% or 0.001.');
  }
  return rate;
}

/** Whether each policy kept each promise. Only `stale` is promised: it is what fails a check. */
export function checkPromises({ candidates }: Backtest, { maxFalse, minCaught }: Promises): readonly KeptPromise[] {
  return candidates.flatMap(({ levels: { stale } }, candidate) => {
    const kept: KeptPromise[] = [];
    if (maxFalse !== undefined) {
      const value = stale.runs === 0 ? undefined : stale.falseAlarms / stale.runs;
      const proved = stale.runs * maxFalse >= RULE_OF_THREE;
      const verdict = value !== undefined && value > maxFalse ? 'no' : proved ? 'yes' : 'unproved';
      kept.push({ candidate, promise: 'max_false', kept: verdict, value, bound: maxFalse });
    }
    if (minCaught !== undefined) {
      const value = stale.hangs === 0 ? undefined : stale.hangsCaught / stale.hangs;
      const verdict = value === undefined ? 'unproved' : value >= minCaught ? 'yes' : 'no';
      kept.push({ candidate, promise: 'min_caught', kept: verdict, value, bound: minCaught });
    }
    return kept;
  });
}
