import {
  compareRuns,
  countTabs,
  DEFAULT_FILTER,
  filterToSearch,
  passesFilter,
  queryRuns,
  runKey,
  severityOf,
  TABS,
  type RunFilter,
  type Tab,
} from '@tardy/core';
import type { StoreRun } from '../store/ops-store.js';

/** Up to this share of the rows is exchanged; if more differ, all are sorted again. */
const FEW = 1 / 20;

/** A row before and after. */
type Pair = readonly [StoreRun, StoreRun];

/** The choices in the filters. */
export type Choices = {
  readonly types: readonly string[];
  readonly sources: readonly string[];
  /** Names by id. */
  readonly tenants: ReadonlyMap<string, string>;
  readonly workspaces: ReadonlyMap<string, string>;
};

/** The slice of a snapshot that matches a filter, in its order, with the counts of all tabs. Computed only when needed. */
export class ListSlice {
  rows: readonly StoreRun[] = [];
  counts: Readonly<Record<Tab, number>> = countTabs([], DEFAULT_FILTER);
  /** The worst run that needs attention. */
  worst: StoreRun | undefined;
  choices: Choices = choicesOf([]);
  #runs: readonly StoreRun[] = [];
  #search: string | undefined;

  update(runs: readonly StoreRun[], filter: RunFilter): void {
    const search = filterToSearch(filter);
    const changed = differences(this.#runs, runs);
    if (changed === undefined || changed.some(isOtherChoice)) this.choices = choicesOf(runs);
    if (changed === undefined || search !== this.#search) {
      this.rows = queryRuns(runs, filter);
      this.counts = countTabs(runs, filter);
      this.worst = worstOf(runs, filter);
    } else if (changed.length > 0) this.#exchange(changed, runs, filter);
    this.#runs = runs;
    this.#search = search;
  }

  /** Moves the few rows that differ to their places. */
  #exchange(changed: readonly Pair[], runs: readonly StoreRun[], filter: RunFilter): void {
    const gone = new Set(changed.map(([before]) => before));
    const { worst } = this;
    const rows = this.rows.filter((row) => !gone.has(row));
    const counts = { ...this.counts };
    const less = countTabs([...gone], filter);
    const after = changed.map(([, row]) => row);
    const more = countTabs(after, filter);
    for (const tab of TABS) counts[tab] += more[tab] - less[tab];
    for (const row of after.filter((one) => passesFilter(one, filter))) {
      let [low, high] = [0, rows.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        const other = rows[middle];
        if (other !== undefined && compareRuns(other, row, filter.sort) < 0) low = middle + 1;
        else high = middle;
      }
      rows.splice(low, 0, row);
    }
    this.rows = rows;
    this.counts = counts;
    this.worst = worst !== undefined && gone.has(worst) ? worstOf(runs, filter) : worstOf(after, filter, worst);
  }
}

/** The rows that differ, before and after; `undefined` if many do. */
function differences(before: readonly StoreRun[], after: readonly StoreRun[]): readonly Pair[] | undefined {
  if (before === after) return [];
  if (before.length !== after.length) return undefined;
  const changed: Pair[] = [];
  for (const [index, row] of after.entries()) {
    const old = before[index];
    if (old === row || old === undefined) continue;
    changed.push([old, row]);
    if (changed.length > after.length * FEW) return undefined;
  }
  return changed;
}

function isOtherChoice([before, after]: Pair): boolean {
  return choiceOf(before) !== choiceOf(after);
}

function choiceOf({ run: { type, source, tenant, workspace } }: StoreRun): string {
  return JSON.stringify([type, source, tenant, workspace]);
}

/** The worst of these and of `worst`. */
function worstOf(runs: readonly StoreRun[], filter: RunFilter, worst?: StoreRun): StoreRun | undefined {
  const attention = { ...filter, tab: 'active_stale_attention' } as const;
  for (const row of runs) {
    if (worst !== undefined && severityOf(row) <= severityOf(worst)) continue;
    if (passesFilter(row, attention)) worst = row;
  }
  return worst;
}

/** What came while somebody was reading. */
type News = { readonly problems: readonly StoreRun[]; readonly waiting: number };

const NO_NEWS: News = { problems: [], waiting: 0 };

function isProblem({ freshness }: StoreRun): boolean {
  return freshness.problemClass === 'active_stale_attention';
}

/** The rows that somebody is reading: they keep their places, and new rows wait. */
export class HeldRows {
  #all: readonly StoreRun[] = [];
  #page: readonly StoreRun[] = [];
  /** Whether each row was a problem. */
  #known: ReadonlyMap<string, boolean> | undefined;
  #pending: (News & { readonly of: readonly StoreRun[] }) | undefined;

  /** The rows on show were these. */
  hold(all: readonly StoreRun[], page: readonly StoreRun[]): void {
    this.#all = all;
    this.#page = page;
    this.#known = this.#pending = undefined;
  }

  /** The page as it was, with what is known of its rows now. A run that has become a problem since does not wait: it comes first. */
  rows(runs: readonly StoreRun[], slice: readonly StoreRun[]): StoreRun[] {
    const wanted = new Set(this.#page.map(({ run }) => runKey(run)));
    const found = new Map(runs.map((row) => [runKey(row.run), row] as const).filter(([key]) => wanted.has(key)));
    const page = [...wanted].flatMap((key) => found.get(key) ?? []);
    return [...this.#news(slice).problems.filter(({ run }) => !wanted.has(runKey(run))), ...page];
  }

  /** How many rows of the slice are new, and wait. */
  pending(slice: readonly StoreRun[]): number {
    return this.#news(slice).waiting;
  }

  #news(slice: readonly StoreRun[]): News {
    if (slice === this.#all) return NO_NEWS;
    if (this.#pending?.of !== slice) {
      const known = (this.#known ??= new Map(this.#all.map((row) => [runKey(row.run), isProblem(row)])));
      const problems = slice.filter((row) => isProblem(row) && known.get(runKey(row.run)) !== true);
      const waiting = slice.filter((row) => !isProblem(row) && !known.has(runKey(row.run))).length;
      this.#pending = { of: slice, problems, waiting };
    }
    return this.#pending;
  }
}

function choicesOf(runs: readonly StoreRun[]): Choices {
  const types = new Set<string>();
  const sources = new Set<string>();
  const tenants = new Map<string, string>();
  const workspaces = new Map<string, string>();
  for (const { run } of runs) {
    types.add(run.type);
    sources.add(run.source);
    if (run.tenant !== undefined) tenants.set(run.tenant.id, run.tenant.name ?? run.tenant.id);
    if (run.workspace !== undefined) workspaces.set(run.workspace.id, run.workspace.name ?? run.workspace.id);
  }
  return { types: [...types].sort(), sources: [...sources].sort(), tenants, workspaces };
}
