import {
  classify,
  countRun,
  emptyTotals,
  isActive,
  runKey,
  type Instant,
  type JudgedRun,
  type Policy,
  type Run,
  type Totals,
} from '@tardy/core';
import type { Selection } from './selectors.js';

/** A run with its verdict, the time it was judged at and its source. */
export type SeenRun = JudgedRun & { readonly now: Instant; readonly sourceIndex: number };

/** Which runs to keep: all, or those that need attention. */
export type Keep = (judged: JudgedRun) => boolean;

/** How many runs are kept only to check their holds. */
const HOLD_LIMIT = 10_000;

/**
 * Judges the runs of one source as they arrive and keeps some of them. The others are only counted, so that a million healthy runs
 * need no memory.
 */
export class Tally {
  /** Runs read, each counted once. */
  read = 0;
  /** The first run with a time further in the future than its policy tolerates. */
  ahead: SeenRun | undefined;
  readonly #sourceIndex: number;
  readonly #policy: Policy;
  readonly #keep: Keep;
  readonly #checksHold: Keep;
  readonly #selection: Pick<Selection, 'takes'> | undefined;
  #holds = 0;
  readonly #passed = emptyTotals();
  /** The ids seen, by the source that a run names: one string for both would cost as much as judging. */
  readonly #seen = new Map<string, Set<string>>();
  readonly #kept = new Map<string, SeenRun>();

  /** `checksHold` says which runs are kept in addition, up to a limit, because their hold is to be checked. */
  constructor(
    sourceIndex: number,
    policy: Policy,
    keep: Keep,
    checksHold: Keep = () => false,
    selection?: Pick<Selection, 'takes'>,
  ) {
    this.#sourceIndex = sourceIndex;
    this.#policy = policy;
    this.#keep = keep;
    this.#checksHold = checksHold;
    this.#selection = selection;
  }

  /** Judges a page at `now`, the source's clock. A run that arrives twice is counted once. */
  add(runs: readonly Run[], now: Instant): void {
    for (const run of runs) {
      if (!this.#isNew(run)) {
        // A stale list may still have a run as active although another row says that it has ended.
        const key = runKey(run);
        if (!isActive(run) && this.#kept.has(key)) this.#kept.set(key, this.judge(run, now));
        continue;
      }
      this.read++;
      if (this.#selection?.takes(run) === false) continue;
      const judged = this.judge(run, now);
      if (judged.freshness.skewed.length > 0) this.ahead ??= judged;
      if (this.#keep(judged) || this.#keepsHold(judged)) this.#kept.set(runKey(run), judged);
      else countRun(this.#passed, judged, -Infinity);
    }
  }

  #keepsHold(judged: JudgedRun): boolean {
    return this.#checksHold(judged) && ++this.#holds <= HOLD_LIMIT;
  }

  #isNew({ source, id, attempt }: Run): boolean {
    let ids = this.#seen.get(source);
    if (ids === undefined) this.#seen.set(source, (ids = new Set()));
    const before = ids.size;
    ids.add(attempt === 1 ? id : `${id}\n${attempt}`);
    return ids.size > before;
  }

  /** Judges one run without counting it. */
  judge(run: Run, now: Instant): SeenRun {
    return { run, freshness: classify(run, this.#policy, now), now, sourceIndex: this.#sourceIndex };
  }

  /** Puts what a second look at a kept run showed in its place. */
  replace(again: SeenRun): void {
    this.#kept.set(runKey(again.run), again);
  }

  /** Removes a kept run that its source no longer has. */
  remove({ run }: SeenRun): void {
    this.#kept.delete(runKey(run));
  }

  /** The kept runs in order of arrival. */
  kept(): SeenRun[] {
    return [...this.#kept.values()].filter((seen) => this.#keep(seen));
  }

  /** The kept runs whose hold is to be checked. */
  holds(): SeenRun[] {
    return [...this.#kept.values()].filter((seen) => this.#checksHold(seen));
  }

  /** The totals over all runs read. */
  totals(): Totals {
    const totals = { ...this.#passed };
    for (const seen of this.#kept.values()) countRun(totals, seen, -Infinity);
    return totals;
  }
}

/** Adds totals up. */
export function addTotals(all: readonly Totals[]): Totals {
  const sum = emptyTotals();
  for (const totals of all) {
    for (const key of Object.keys(sum) as (keyof Totals)[]) sum[key] += totals[key];
  }
  return sum;
}
