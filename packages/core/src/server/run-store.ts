import type { Policy } from '../policy.js';
import type { RunFilter } from '../query.js';
import type { Instant, Run, RunStatus } from '../run.js';
import type { Summary } from '../summary.js';
import type { ParsedRun, RunIssue } from '../wire.js';
import type { Scope } from './viewer.js';

/** Which runs are asked for, with the meaning that `passesFilter` gives these fields; what is absent does not filter. */
export type StoreFilter = Pick<
  RunFilter,
  'tenantId' | 'workspaceId' | 'type' | 'source' | 'problemClass' | 'q' | 'since'
> & {
  /** Any of these. */
  readonly statuses?: readonly RunStatus[] | undefined;
};

/**
 * Where a run stands in the list: by `at`, then by `key`.
 *
 * Neither ever changes in the life of a run, which is what keeps pages right while runs are added and finish: `at` is when
 * the run was queued (where nobody knows, when the store first saw it), `key` a text of the store's own that no other run has.
 */
export type Position = { readonly at: Instant; readonly key: string };

/** A row of the store with its place. A row that cannot be read stands as its issue, so that it cannot disappear. */
export type StoredRun = ParsedRun & { readonly position: Position };

/** What the caller may see. The store answers as if nothing else existed, in the same number of steps. */
export type StoreContext = {
  readonly scope: Scope;
  readonly policy: Policy;
  readonly now: Instant;
};

/** Asks for one page of rows. */
export type StoreQuery = StoreContext & {
  readonly filter: StoreFilter;
  readonly order: 'newest_first' | 'oldest_first';
  /** Only rows beyond this place, in the order asked for. */
  readonly after: Position | undefined;
  /** At most so many rows; fewer mean that there are no more. */
  readonly limit: number;
};

/** Rows in order. A row that cannot be read is in every page whose filter it is not known to fail. */
export type StorePage = {
  readonly rows: readonly StoredRun[];
  /** How many runs pass the filter on all pages, where that is cheap to say. */
  readonly total?: number | undefined;
  /** Figures by tab over the same scope, where they are cheap to say. */
  readonly counts?: Readonly<Record<string, number>> | undefined;
};

/** Which run is meant: the newest attempt of this id, in any source where none is named. */
export type RunReference = { readonly id: string; readonly source?: string | undefined };

/** Asks for figures. */
export type SummaryQuery = StoreContext & {
  readonly filter: Pick<StoreFilter, 'tenantId' | 'workspaceId'>;
  /** Where "lately" begins. */
  readonly since: Instant;
};

/** Figures, and the rows that could not be counted because they cannot be read. */
export type StoredSummary = Summary & { readonly issues: readonly RunIssue[] };

/** Something that happened in the store, at an instant that never goes back from one event to the next. */
export type StoreEvent =
  | { readonly kind: 'run'; readonly at: Instant; readonly run: Run }
  /** The run as it last was, which says who may hear that it is gone. A run that changes its owner is gone for the old one. */
  | { readonly kind: 'gone'; readonly at: Instant; readonly run: Run }
  /** Events were lost: whoever listens must read the list again. */
  | { readonly kind: 'reset'; readonly at: Instant };

/** Where a host keeps its runs: facts only, verdicts are made from them. */
export interface RunStore {
  /**
   * Whether `list` applies `filter.problemClass` itself (in its database). Otherwise it ignores that field, and the kit
   * reads on and judges row by row.
   */
  readonly filtersProblemClass?: boolean;
  list(query: StoreQuery): Promise<StorePage>;
  get(reference: RunReference, context: StoreContext): Promise<ParsedRun | undefined>;
  summary(query: SummaryQuery): Promise<StoredSummary>;
  /**
   * Tells of every change from now on, of all tenants: the kit picks what a viewer may see. With `after`, first of every
   * change at or after that instant; where these are no longer known, of a `reset`. Returns how to stop. A store that
   * cannot tell leaves it out, and there are no server-sent events.
   */
  subscribe?(listener: (event: StoreEvent) => void, after: Instant | undefined): () => void;
}
