import type { DurationMs } from '../duration.js';
import type { Instant } from '../run.js';
import { LEVELS, LEVEL_RULES, SHARE_OF_LIMIT, type LearnOptions, type Level } from './levels.js';
import { REACHED } from './limits.js';
import { RankedCounts } from './ranked-counts.js';
import type { Samples } from './samples.js';
import { toleranceRank } from './tolerance.js';

/** The bound of one level, before the margin. */
export type Bound = {
  /** In milliseconds. */
  readonly value: DurationMs;
  /** The rank of the value among the sorted ones. */
  readonly rank: number;
  /** The bound is the longest run, since there are too few for the share. */
  readonly isLongest: boolean;
};

/** Runs that were replayed, and how many of them a threshold would have called too long. */
export type Tested = { readonly runs: number; readonly exceedances: number };

/** What the self-test counted for one level on some days. */
type Count = {
  runs: number;
  /** With each margin. */
  readonly exceedances: number[];
  /** With the margin that the days before had chosen, where they had chosen one, and with each one above it: by the steps above. */
  readonly lived: { runs: number; exceedances: number }[];
};

const DAY = 86_400_000;

/**
 * Reads the samples of one type in the order in which its runs ended, keeps what a threshold is made of, and at the end of each day
 * replays it: the bounds of the days before against the runs of the day. So a threshold is always judged by runs that it did not learn
 * from, and so is the choice of its margin (`lived`).
 */
export class Learner {
  readonly samples: Samples;
  readonly #options: LearnOptions;
  readonly #leastFactor: Readonly<Record<Level, number>>;
  readonly #sorted: Float64Array;
  readonly #ranks: Uint32Array;
  readonly #counts: RankedCounts;
  readonly #tested: Readonly<Record<Level, { readonly days: Count[]; readonly sum: Count }>>;
  #next = 0;
  #days = 0;

  /** @param leastFactor no smaller margin is chosen, whatever the self-test says. */
  constructor(samples: Samples, options: LearnOptions, leastFactor: Readonly<Record<Level, number>>) {
    this.samples = samples;
    this.#options = options;
    this.#leastFactor = leastFactor;
    const { values } = samples.ended;
    this.#sorted = values.slice().sort();
    this.#ranks = Uint32Array.from(values, (value) => firstIndexOf(this.#sorted, value));
    this.#counts = new RankedCounts(values.length);
    this.#tested = { late: { days: [], sum: noCount('late') }, stale: { days: [], sum: noCount('stale') } };
  }

  /** How many runs it has learned from. */
  get runs(): number {
    return this.#next;
  }

  /** On how many days they ended. */
  get days(): number {
    return this.#days;
  }

  /** Whether there are enough runs to learn anything. */
  get suffices(): boolean {
    return this.#next >= this.#options.minRuns && this.#days >= this.#options.minDays;
  }

  /** Learns from the runs that ended before an instant, which must be the beginning of a day, and not before the last one. */
  learnUntil(end: Instant): void {
    const { ends } = this.samples.ended;
    while (this.#next < ends.length && (ends[this.#next] as number) < end) this.#learnDay();
  }

  /** The k-th shortest of the runs it has learned from, counted from 1. */
  valueAt(position: number): DurationMs {
    return this.#sorted[this.#counts.at(position)] as number;
  }

  /** The bound of a level; there must be runs. */
  bound(level: Level): Bound {
    const rank = toleranceRank(this.runs, LEVEL_RULES[level].share, this.#options.confidence);
    return { value: this.valueAt(rank ?? this.runs), rank: rank ?? this.runs, isLongest: rank === undefined };
  }

  /** What a margin, named by its index, would have done on the last days with runs. */
  tested(level: Level, margin: number): Tested {
    const { runs, exceedances } = this.#tested[level].sum;
    return { runs, exceedances: exceedances[margin] as number };
  }

  /**
   * What the thresholds would have done that it would have learned day by day, on the same days.
   *
   * @param steps with a margin so many steps above the one that was proved then; where there is none, nothing was learned.
   */
  lived(level: Level, steps = 0): Tested {
    return this.#tested[level].sum.lived[steps] ?? { runs: 0, exceedances: 0 };
  }

  /** The index of the least margin that the self-test has proved; `undefined` if it has proved none. */
  provedMargin(level: Level): number | undefined {
    const { runs, exceedances } = this.#tested[level].sum;
    if (runs < this.#options.minTested) return undefined;
    const most = runs * this.#options.targets[level];
    const index = LEVEL_RULES[level].margins.findIndex(
      ({ factor, needs }, index) =>
        runs >= needs && factor >= this.#leastFactor[level] && (exceedances[index] as number) <= most,
    );
    return index < 0 ? undefined : index;
  }

  #learnDay(): void {
    const { ends } = this.samples.ended;
    const first = this.#next;
    const day = Math.floor((ends[first] as number) / DAY);
    let end = first + 1;
    while (end < ends.length && Math.floor((ends[end] as number) / DAY) === day) end++;
    if (this.suffices) for (const level of LEVELS) this.#testDay(level, first, end);
    for (let index = first; index < end; index++) this.#counts.add(this.#ranks[index] as number);
    this.#next = end;
    this.#days++;
  }

  #testDay(level: Level, first: number, end: number): void {
    const { days, sum } = this.#tested[level];
    const proved = this.provedMargin(level);
    const count = this.#countDay(level, first, end);
    count.exceedances.slice(proved ?? Infinity).forEach((exceedances, steps) => {
      count.lived[steps] = { runs: count.runs, exceedances };
    });
    days.push(count);
    addCount(sum, count, 1);
    const old = days.length > this.#options.testDays ? days.shift() : undefined;
    if (old !== undefined) addCount(sum, old, -1);
  }

  #countDay(level: Level, first: number, end: number): Count {
    const { values } = this.samples.ended;
    const { margins, floor } = LEVEL_RULES[level];
    const { value } = this.bound(level);
    const limit = this.samples.limit ?? Infinity;
    const thresholds = margins.map(({ factor }) => Math.min(Math.max(factor * value, floor), SHARE_OF_LIMIT * limit));
    const count = noCount(level);
    for (let index = first; index < end; index++) {
      const duration = values[index] as number;
      // What reaches the limit has hung, although nothing marks it.
      if (duration >= REACHED * limit) continue;
      count.runs++;
      thresholds.forEach((threshold, margin) => {
        if (duration >= threshold) count.exceedances[margin] = (count.exceedances[margin] as number) + 1;
      });
    }
    return count;
  }
}

function noCount(level: Level): Count {
  const { margins } = LEVEL_RULES[level];
  return { runs: 0, exceedances: margins.map(() => 0), lived: margins.map(() => ({ runs: 0, exceedances: 0 })) };
}

function addCount(sum: Count, count: Count, times: 1 | -1): void {
  sum.runs += times * count.runs;
  count.lived.forEach(({ runs, exceedances }, steps) => {
    const total = sum.lived[steps] as Count['lived'][number];
    total.runs += times * runs;
    total.exceedances += times * exceedances;
  });
  count.exceedances.forEach((exceedances, margin) => {
    sum.exceedances[margin] = (sum.exceedances[margin] as number) + times * exceedances;
  });
}

/** Equal values share the rank of the first of them. */
function firstIndexOf(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
