import type { Policy } from '../policy.js';
import type { RunFilter } from '../query.js';
import type { Instant, Run, RunStatus } from '../run.js';
import type { Summary } from '../summary.js';
import type { ParsedRun, RunIssue } from '../wire.js';
import type { Scope } from './viewer.js';

/** The requested runs; fields have the meaning that `passesFilter` gives them, and an absent field does not filter. */
export type StoreFilter = Pick<
  RunFilter,
  'tenantId' | 'workspaceId' | 'type' | 'source' | 'problemClass' | 'q' | 'since'
> & {
  /** Any of these. */
  readonly statuses?: readonly RunStatus[] | undefined;
};

/**
 * The position of a run in the list: by `at`, then by `key`.
 *
 * Neither ever changes, which keeps pagination correct while runs are added and finish: `at` is when the run was queued (or,
 * if unknown, when the store first saw it), `key` is a text of the store that no other run has.
 * `at` is a whole number of milliseconds in the years 0001 to 9999, `key` holds no NUL: what a cursor can hold.
 */
export type Position = { readonly at: Instant; readonly key: string };

/** A row of the store with its position. A row that cannot be read is returned as its issue, so that it cannot disappear. */
export type StoredRun = ParsedRun & { readonly position: Position };

/** What the caller may see. The store behaves as if nothing else existed, in the same number of steps. */
export type StoreContext = {
  readonly scope: Scope;
  readonly policy: Policy;
  readonly now: Instant;
};

/** A request for one page of rows. */
export type StoreQuery = StoreContext & {
  readonly filter: StoreFilter;
  readonly order: 'newest_first' | 'oldest_first';
  /** Only rows after this position, in the requested order. */
  readonly after: Position | undefined;
  /** The most rows to return; fewer mean that there are no more. */
  readonly limit: number;
};

/** Rows in order. A row that cannot be read is in every page whose filter it may match. */
export type StorePage = {
  readonly rows: readonly StoredRun[];
  /** How many runs pass the filter on all pages, where that is cheap to count. */
  readonly total?: number | undefined;
  /** Counts by tab over the same scope, where they are cheap to compute. */
  readonly counts?: Readonly<Record<string, number>> | undefined;
  /** False where runs may be missing of which there is not even a row, such as those of a source that does not respond. */
  readonly complete?: boolean | undefined;
};

/** The requested run: the newest attempt of this id, in any source where none is named. */
export type RunReference = { readonly id: string; readonly source?: string | undefined };

/** A request for totals. */
export type SummaryQuery = StoreContext & {
  readonly filter: Pick<StoreFilter, 'tenantId' | 'workspaceId'>;
  /** The start of the time range of recent runs. */
  readonly since: Instant;
};

/** Totals, and the rows that could not be counted because they cannot be read; `complete` as in `StorePage`. */
export type StoredSummary = Summary & { readonly issues: readonly RunIssue[]; readonly complete?: boolean | undefined };

/**
 * Where an event stands among the changes of a store, as text of the store's own. Whoever resumes there gets every change
 * that was committed after it; some that came before may be repeated.
 *
 * It must follow the order of commits and not a clock: a slow transaction commits behind a later one, and the clocks of two
 * servers differ. Clients see it, so it must not reveal how much happens that they may not see, as a running number would.
 */
export type EventPlace = string;

/** Something that happened in the store. */
export type StoreEvent =
  /** Nothing happened: where a subscription begins, for a client that leaves before the first change. */
  | { readonly kind: 'place'; readonly at: EventPlace }
  | { readonly kind: 'run'; readonly at: EventPlace; readonly run: Run }
  /** The last version of the run, which decides who may learn that it is gone. A run that changes owner is gone for the old one. */
  | { readonly kind: 'gone'; readonly at: EventPlace; readonly run: Run }
  /** Events were lost: listeners must read the list again. */
  | { readonly kind: 'reset'; readonly at: EventPlace };

/** Where a host keeps its runs: facts only, verdicts are derived from them. */
export interface RunStore {
  /**
   * Whether `list` applies `filter.problemClass` itself (in its database). Otherwise it ignores that field, and the kit
   * reads further rows and judges them one by one.
   */
  readonly filtersProblemClass?: boolean;
  list(query: StoreQuery): Promise<StorePage>;
  get(reference: RunReference, context: StoreContext): Promise<ParsedRun | undefined>;
  summary(query: SummaryQuery): Promise<StoredSummary>;
  /**
   * Reports every change from now on, of all tenants: the kit picks what a viewer may see. Without `after` it begins with a
   * `place`. With `after` it begins with every change since that place, and then a `place`; or with a `reset` where it does
   * not know them, also for a place that it never gave: `after` comes from the caller. Returns how to stop. A store that
   * cannot report changes leaves it out, and there are no server-sent events.
   */
  subscribe?(listener: (event: StoreEvent) => void, after: EventPlace | undefined): () => void;
}
