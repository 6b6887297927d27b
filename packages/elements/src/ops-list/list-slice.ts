import { countTabs, filterToSearch, queryRuns, runKey, type Run, type RunFilter, type Tab } from '@tardy/core';
import type { StoreRun } from '../store/ops-store.js';

/** What there is to choose from in the filters. */
export type Choices = {
  readonly types: readonly string[];
  readonly sources: readonly string[];
  /** Names by id. */
  readonly tenants: ReadonlyMap<string, string>;
};

/** The slice of a snapshot that a filter lets through, in its order, with the counts of all tabs. Computed only when needed. */
export class ListSlice {
  rows: readonly StoreRun[] = [];
  counts: Readonly<Record<Tab, number>> = countTabs([], { tab: 'all', sort: { key: 'severity', descending: false } });
  choices: Choices = { types: [], sources: [], tenants: new Map() };
  #runs: readonly StoreRun[] | undefined;
  #search = '';
  #asOf: number | undefined;
  #ranks = new Map<Run, number>();

  update(runs: readonly StoreRun[], filter: RunFilter, asOf: number | undefined): void {
    const search = filterToSearch(filter);
    if (runs === this.#runs && search === this.#search) return;
    // A verdict that flips brings no new choices: those come with an answer only.
    if (asOf !== this.#asOf || this.#runs === undefined) this.choices = choicesOf(runs);
    this.rows = queryRuns(this.#inLastOrder(runs), filter);
    this.counts = countTabs(runs, filter);
    this.#ranks = new Map(this.rows.map(({ run }, rank) => [run, rank]));
    this.#runs = runs;
    this.#search = search;
    this.#asOf = asOf;
  }

  /** What is nearly in order is sorted in a single pass. */
  #inLastOrder(runs: readonly StoreRun[]): readonly StoreRun[] {
    const known: StoreRun[] = [];
    const others: StoreRun[] = [];
    for (const row of runs) {
      const rank = this.#ranks.get(row.run);
      if (rank === undefined) others.push(row);
      else known[rank] = row;
    }
    return [...known.filter(Boolean), ...others];
  }
}

/** The rows that are read at the moment: they keep their places, and what is new waits. */
export class HeldRows {
  #all: readonly StoreRun[] = [];
  #page: readonly StoreRun[] = [];
  #known: ReadonlySet<string> | undefined;
  #pending: { readonly of: readonly StoreRun[]; readonly count: number } | undefined;

  /** The rows on show were these. */
  hold(all: readonly StoreRun[], page: readonly StoreRun[]): void {
    this.#all = all;
    this.#page = page;
    this.#known = this.#pending = undefined;
  }

  /** The page as it was, with what is known of its rows now. */
  rows(runs: readonly StoreRun[]): StoreRun[] {
    const wanted = new Set(this.#page.map(({ run }) => runKey(run)));
    const found = new Map(runs.map((row) => [runKey(row.run), row] as const).filter(([key]) => wanted.has(key)));
    return [...wanted].flatMap((key) => found.get(key) ?? []);
  }

  /** How many rows of the slice are new. */
  pending(all: readonly StoreRun[]): number {
    if (all === this.#all) return 0;
    if (this.#pending?.of !== all) {
      const known = (this.#known ??= new Set(this.#all.map(({ run }) => runKey(run))));
      this.#pending = { of: all, count: all.filter(({ run }) => !known.has(runKey(run))).length };
    }
    return this.#pending.count;
  }
}

function choicesOf(runs: readonly StoreRun[]): Choices {
  const types = new Set<string>();
  const sources = new Set<string>();
  const tenants = new Map<string, string>();
  for (const { run } of runs) {
    types.add(run.type);
    sources.add(run.source);
    if (run.tenant !== undefined) tenants.set(run.tenant.id, run.tenant.name ?? run.tenant.id);
  }
  return { types: [...types].sort(), sources: [...sources].sort(), tenants };
}
