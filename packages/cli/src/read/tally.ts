import {
  classify,
  countRun,
  emptyTotals,
  isActive,
  type Instant,
  type JudgedRun,
  type Policy,
  type Run,
  type Totals,
} from '@tardy/core';

/** A run with its verdict, the instant it was judged at and the source it came from. */
export type SeenRun = JudgedRun & { readonly now: Instant; readonly sourceIndex: number };

/** Which of the runs that are read are kept: all of them, or those that need attention. */
export type Keep = (judged: JudgedRun) => boolean;

/**
 * Judges the runs of one source as they arrive and keeps those wanted; of the others it keeps the figures only, so that a
 * million healthy runs need no memory.
 */
export class Tally {
  /** Runs read, each once. */
  read = 0;
  readonly #sourceIndex: number;
  readonly #policy: Policy;
  readonly #keep: Keep;
  readonly #passed = emptyTotals();
  readonly #seen = new Set<string>();
  readonly #kept = new Map<string, SeenRun>();

  constructor(sourceIndex: number, policy: Policy, keep: Keep) {
    this.#sourceIndex = sourceIndex;
    this.#policy = policy;
    this.#keep = keep;
  }

  /** Judges a page at `now`, the source's clock. A run that arrives again is not counted again. */
  add(runs: readonly Run[], now: Instant): void {
    for (const run of runs) {
      const key = identity(run);
      const before = this.#seen.size;
      this.#seen.add(key);
      if (this.#seen.size === before) {
        // A list that lags behind may still hold a run as active that another row tells the end of.
        if (!isActive(run) && this.#kept.has(key)) this.#kept.set(key, this.judge(run, now));
        continue;
      }
      this.read++;
      const judged = this.judge(run, now);
      if (this.#keep(judged)) this.#kept.set(key, judged);
      else countRun(this.#passed, judged, -Infinity);
    }
  }

  /** Judges one run without counting it. */
  judge(run: Run, now: Instant): SeenRun {
    return { run, freshness: classify(run, this.#policy, now), now, sourceIndex: this.#sourceIndex };
  }

  /** Puts what a second look showed in the place of a kept run; `undefined` when the run is gone. */
  replace(seen: SeenRun, again: SeenRun | undefined): void {
    this.#kept.delete(identity(seen.run));
    if (again !== undefined) this.#kept.set(identity(again.run), again);
  }

  /** The kept runs, in the order they arrived. */
  kept(): SeenRun[] {
    return [...this.#kept.values()].filter((seen) => this.#keep(seen));
  }

  /** The figures over all that was read. */
  totals(): Totals {
    const totals = { ...this.#passed };
    for (const seen of this.#kept.values()) countRun(totals, seen, -Infinity);
    return totals;
  }
}

/** Within one tally the configured source is the same, but a stored report may hold runs of several. */
function identity(run: Run): string {
  return run.attempt === 1 ? `${run.id}\n${run.source}` : `${run.id}\n${run.source}\n${run.attempt}`;
}

/** Adds figures up. */
export function addTotals(all: readonly Totals[]): Totals {
  const sum = emptyTotals();
  for (const totals of all) {
    for (const key of Object.keys(sum) as (keyof Totals)[]) sum[key] += totals[key];
  }
  return sum;
}
