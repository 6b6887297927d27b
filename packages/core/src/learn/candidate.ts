import type { DurationMs } from '../duration.js';
import { trustPolicy, type Policy } from '../policy.js';
import type { Instant } from '../run.js';
import type { History, HistoryGroup } from './history.js';
import { learnedRules } from './learned-rules.js';
import type { LearnOptions } from './levels.js';
import type { ReplayedClock } from './replay.js';
import { SourceLearner } from './source-learner.js';

/** A policy to replay: a fixed one, or one that is learned again and again from the runs that had ended by then. */
export type Candidate =
  | { readonly kind: 'fixed'; readonly name: string; readonly policy: Policy }
  | {
      readonly kind: 'relearned';
      readonly name: string;
      readonly options: LearnOptions;
      /** In milliseconds, a multiple of a day; `Infinity` to learn once. */
      readonly every: DurationMs;
      /** Learns from hung runs too, as if nothing had recognised them. */
      readonly keepCut: boolean;
    }
  /** Some other rule, to compare with; asked with rising instants. */
  | { readonly kind: 'other'; readonly name: string; readonly policyAt: (at: Instant) => Policy };

const DAY = 86_400_000;

/** What is not learned judges nothing, so that a result speaks of learned rules only. */
const NOTHING_BUILT_IN = { late: 'never', stale: 'never' } as const;

/**
 * The policy of a candidate at an instant; it is called with rising ones.
 *
 * @param groups the groups of each source.
 * @param from when the replay begins.
 */
export function policyOf(
  candidate: Candidate,
  history: History,
  groups: readonly (readonly HistoryGroup[])[],
  clock: ReplayedClock,
  from: Instant,
): (at: Instant) => Policy {
  switch (candidate.kind) {
    case 'fixed':
      return () => candidate.policy;
    case 'other':
      return candidate.policyAt;
    case 'relearned': {
      const { options, every, keepCut } = candidate;
      const learners = groups.map((own) => new SourceLearner(history, own, clock, options, keepCut));
      let next = Math.floor(from / DAY) * DAY;
      let policy: Policy | undefined;
      return (at) => {
        if (policy !== undefined && at < next) return policy;
        // Weeks without a run teach nothing.
        const today = every === Infinity ? next : next + Math.floor((at - next) / every) * every;
        for (const learner of learners) learner.learnUntil(today);
        policy = trustPolicy({
          version: 1,
          defaults: { [clock]: NOTHING_BUILT_IN },
          rules: learnedRules(
            learners.map((learner) => learner.lesson()),
            options,
          ).map(({ rule }) => rule),
        });
        next = today + every;
        return policy;
      };
    }
  }
}
