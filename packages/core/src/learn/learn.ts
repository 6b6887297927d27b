import type { Instant } from '../run.js';
import { groupsBySource, type History } from './history.js';
import type { Bar } from './histogram.js';
import type { LearnedClock, LearnOptions } from './levels.js';
import { SourceLearner, type SourceLesson } from './source-learner.js';

/** What the history of one source says about one clock, with the distributions behind it. */
export type Lesson = SourceLesson & {
  /** How long the runs took: for each of `types`, in their order; for `all` if there are none. */
  readonly histograms: readonly (readonly Bar[])[];
};

/**
 * What a history says about these clocks of each of its sources, source by source in the order of their first runs.
 *
 * @param until only runs that ended before this instant count; `Infinity` for all.
 */
export function learn(
  history: History,
  clocks: readonly LearnedClock[],
  options: LearnOptions,
  until: Instant = Infinity,
): Lesson[] {
  return [...groupsBySource(history).values()].flatMap((groups) =>
    clocks.map((clock) => {
      const learner = new SourceLearner(history, groups, clock, options);
      learner.learnUntil(until);
      return { ...learner.lesson(), histograms: learner.histograms() };
    }),
  );
}
