import { parseInstant } from '../instant.js';
import type { Policy } from '../policy.js';
import { endingOf } from './ending.js';
import { groupsBySource, type History } from './history.js';
import type { Tested } from './learner.js';
import { LEVELS, type Level } from './levels.js';
import { limitsOf } from './limits.js';
import { replay, replayedRun } from './replay.js';
import { isHardlyPossible } from './source-learner.js';

/** A learned rule whose promise no longer holds: too many runs since have passed its threshold and ended by themselves. */
export type WornRule = Tested & {
  /** Its place among the rules of the policy. */
  readonly rule: number;
  readonly level: Level;
  /** The day on which it was learned. */
  readonly since: string;
  /** The false alarms per run that it promised. */
  readonly target: number;
};

const DAY = 86_400_000;

/**
 * The learned rules of a policy that no longer fit: of the runs since the day after they were learned, so many passed the threshold that this is
 * hardly possible (less than 1 in 100) where the promise holds. Rules of the `run` clock.
 */
export function wornRules(history: History, policy: Policy): WornRule[] {
  const { rules } = policy.document;
  const counts = rules.map(() => ({ late: { runs: 0, exceedances: 0 }, stale: { runs: 0, exceedances: 0 } }));
  for (const groups of groupsBySource(history).values()) {
    const limits = limitsOf(history, groups);
    for (const row of groups.flatMap((group) => group.rows)) {
      if (endingOf(history, row, limits) !== 'ended') continue;
      const run = replayedRun(history, row, 'ended', limits, 'run');
      if (run === undefined) continue;
      const origins = policy.thresholdsFor(run.run).rules;
      const { alarms } = replay(run, policy, 'run', run.to);
      for (const level of LEVELS) {
        const index = Number(/^rules\[(\d+)\]/.exec(origins[`run.${level}`])?.[1] ?? NaN);
        const at = parseInstant(`${rules[index]?.learned?.at ?? ''}T00:00:00Z`);
        const count = counts[index]?.[level];
        if (count === undefined || at === undefined || run.from < at + DAY) continue;
        count.runs++;
        if (alarms[level] !== undefined) count.exceedances++;
      }
    }
  }
  return counts.flatMap((count, rule) =>
    LEVELS.flatMap((level) => {
      const learned = rules[rule]?.learned;
      if (learned === undefined || !isHardlyPossible(count[level], learned.target[level])) return [];
      return [{ ...count[level], rule, level, since: learned.at, target: learned.target[level] }];
    }),
  );
}
