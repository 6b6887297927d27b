import type { Instant } from '../run.js';
import { atLeast } from './binomial.js';
import type { History, HistoryGroup } from './history.js';
import { histogram, type Bar } from './histogram.js';
import { Learner, type Tested } from './learner.js';
import { LEVELS, LEVEL_RULES, type LearnedClock, type LearnOptions, type Level } from './levels.js';
import { limitsOf, type LimitOrigin } from './limits.js';
import { propose, type Proposal } from './proposal.js';
import { samplesOf } from './samples.js';

/** What the history of one source says about one clock. */
export type SourceLesson = {
  readonly source: string;
  readonly clock: LearnedClock;
  readonly limits: LimitOrigin;
  /** What a rule for all types of the source may say: for those that are refused, and for those to come. */
  readonly all: Proposal;
  /** What a rule for each type may say; empty for a clock that is learned for all types together. */
  readonly types: readonly Proposal[];
  /** What the rules of the types, learned day by day, would have done on the days of the self-test. */
  readonly lived: Readonly<Record<Level, Tested>>;
  /** The levels whose target the types broke together, so that each got a larger margin than the one that it has proved, or none. */
  readonly widened: readonly Level[];
};

/** The margins of a rule for all types must hold for work of any kind. */
const LEAST_FACTORS_OF_ALL = { late: 1, stale: 2 } as const;
const LEAST_FACTORS = { late: 1, stale: 1 } as const;

/** A target counts as broken when this few histories that keep it would look as bad. */
const BROKEN = 0.01;

/** Once so many exceedances were to be expected, it also counts as broken by any more than that. */
const EXPECTED = 5;

/** Learns one clock of one source. */
export class SourceLearner {
  readonly #source: string;
  readonly #clock: LearnedClock;
  readonly #options: LearnOptions;
  readonly #origin: LimitOrigin;
  readonly #all: Learner;
  readonly #types: readonly { readonly type: string; readonly learner: Learner; proposed: Proposal | undefined }[];
  #steps = '';

  /**
   * @param groups all groups of the source.
   * @param keepCut learns from runs that reached their limit, as if nothing had recognised them.
   */
  constructor(
    history: History,
    groups: readonly HistoryGroup[],
    clock: LearnedClock,
    options: LearnOptions,
    keepCut = false,
  ) {
    const limits = limitsOf(history, groups);
    const { all, byGroup } = samplesOf(history, groups, { clock, limits, keepCut });
    this.#source = groups[0]?.source ?? '';
    this.#clock = clock;
    this.#options = options;
    this.#origin = limits.origin;
    this.#all = new Learner(all, options, LEAST_FACTORS_OF_ALL);
    // Waiting and heartbeats depend on the system more than on the work.
    const perType = clock === 'run' ? groups : [];
    this.#types = perType.map(({ type }, index) => ({
      type,
      learner: new Learner(byGroup[index] ?? all, options, LEAST_FACTORS),
      proposed: undefined,
    }));
  }

  /** Learns from the runs that ended before the beginning of a day; `Infinity` for all. */
  learnUntil(end: Instant): void {
    this.#all.learnUntil(end);
    for (const { learner } of this.#types) learner.learnUntil(end);
  }

  /** What the runs so far say. */
  lesson(): SourceLesson {
    const steps = { late: this.#stepsOf('late'), stale: this.#stepsOf('stale') };
    const lived = { late: this.#lived('late', steps.late), stale: this.#lived('stale', steps.stale) };
    const widened = LEVELS.filter((level) => steps[level] > 0);
    const key = `${steps.late} ${steps.stale}`;
    const isSame = this.#steps === key;
    this.#steps = key;
    const about = { source: this.#source, clock: this.#clock };
    for (const one of this.#types) {
      if (isSame && one.proposed?.runs === one.learner.runs) continue;
      one.proposed = propose({ ...about, type: one.type }, one.learner, this.#options, steps);
    }
    return {
      ...about,
      limits: this.#origin,
      all: propose({ ...about, type: undefined }, this.#all, this.#options, steps),
      types: this.#types.flatMap(({ proposed }) => proposed ?? []),
      lived,
      widened,
    };
  }

  /** How long the runs took: for each type, or for all of them where there is one rule for all. */
  histograms(): (readonly Bar[])[] {
    const learners = this.#types.length === 0 ? [this.#all] : this.#types.map(({ learner }) => learner);
    return learners.map(({ samples }) => histogram(samples.ended.values, samples.cut));
  }

  /** How many steps above the margins that the types have proved their rules keep the target together; more than there are if they never do. */
  #stepsOf(level: Level): number {
    const { length } = LEVEL_RULES[level].margins;
    for (let steps = 0; steps < length; steps++) {
      if (!isBroken(this.#lived(level, steps), this.#options.targets[level])) return steps;
    }
    return length;
  }

  #lived(level: Level, steps: number): Tested {
    let runs = 0;
    let exceedances = 0;
    for (const { learner } of this.#types) {
      const lived = learner.lived(level, steps);
      runs += lived.runs;
      exceedances += lived.exceedances;
    }
    return { runs, exceedances };
  }
}

/**
 * Whether rules have broken their target: chance hardly explains it, or they were tried so often that they should have kept it.
 */
export function isBroken(tested: Tested, target: number): boolean {
  const expected = tested.runs * target;
  return isHardlyPossible(tested, target) || (expected >= EXPECTED && tested.exceedances > expected);
}

/** Whether so many exceedances are hardly possible where a target holds. */
export function isHardlyPossible({ runs, exceedances }: Tested, target: number): boolean {
  return exceedances > 0 && atLeast({ trials: runs, chance: target }, exceedances) < BROKEN;
}
