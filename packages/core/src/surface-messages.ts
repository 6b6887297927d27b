import type { HistoryWords } from './run-history.js';
import type { FreshnessState, ProblemClass } from './classify.js';
import type { ClockName } from './run-clocks.js';
import type { SortKey, Tab } from './query.js';
import type { InitiatorKind } from './run.js';

/** The metrics of a dashboard. */
export type FigureName = 'active' | 'late' | 'likely_stale' | 'unknown' | 'follow_up_lately';

/**
 * The words around the runs on a page, in one language: tabs, metrics, and messages about the view itself.
 *
 * Separate from `Messages`, so that a page that shows single runs need not load them. Times and spans come in as text.
 * Sentences end with a full stop.
 */
export type SurfaceMessages = {
  readonly tabs: Readonly<Record<Tab, string>>;
  readonly states: Readonly<Record<FreshnessState, string>>;
  readonly figures: Readonly<Record<FigureName, string>>;
  /** The name of the metrics together. */
  readonly totals: string;
  /** Below the metric of the active runs. */
  readonly unhealthy: (count: number) => string;
  readonly allHealthy: string;
  /** Below the metric of the runs that failed recently. */
  readonly lately: string;
  /** A metric that may be higher, since not everything was read. */
  readonly atLeast: (count: string) => string;
  /** How many runs are not shown. */
  readonly more: (count: number) => string;
  /** Beside it, when some of those need attention. */
  readonly moreUnhealthy: (count: number) => string;
  readonly running: { readonly title: string; readonly none: string; readonly noneThen: (time: string) => string };
  readonly attention: {
    readonly title: string;
    /** Shown only if everything was read. */
    readonly none: string;
    readonly noneThen: (time: string) => string;
    /** The link from a run to the slice of the list that contains it. */
    readonly open: string;
  };
  readonly view: {
    readonly loading: string;
    readonly asOf: (time: string) => string;
    readonly record: (time: string) => string;
    readonly unreachable: string;
    readonly nextTry: (time: string) => string;
    /** The page has sent as many requests as it may. */
    readonly waiting: (time: string) => string;
    readonly refresh: string;
    readonly unreadable: (count: number) => string;
    readonly foreign: (count: number) => string;
    readonly incomplete: string;
    readonly signedOut: string;
    readonly denied: string;
    readonly notFound: string;
    readonly runNotFound: string;
    readonly misconfigured: string;
    /** Where the list of ended runs stops. */
    readonly endedSince: (time: string) => string;
  };
  readonly list: {
    readonly title: string;
    readonly recent: string;
    readonly all: string;
    /** The columns, by what they are sorted by. */
    readonly columns: Readonly<Record<SortKey | 'progress' | 'duration', string>>;
    readonly sort: string;
    readonly search: string;
    readonly filters: string;
    readonly fields: Readonly<
      Record<'state' | 'problemClass' | 'type' | 'source' | 'tenantId' | 'workspaceId' | 'since', string>
    >;
    readonly any: string;
    readonly problems: Readonly<Record<ProblemClass, string>>;
    readonly within: (span: string) => string;
    readonly since: (time: string) => string;
    readonly remove: (filter: string) => string;
    readonly clear: string;
    /** How many new rows wait until the reader is done. */
    readonly pending: (count: number) => string;
    readonly empty: string;
    readonly noMatch: string;
    readonly found: (count: string) => string;
    readonly pages: string;
    readonly range: (from: string, to: string, total: string) => string;
    readonly previous: string;
    readonly next: string;
    readonly attempt: (attempt: number) => string;
  };
  readonly detail: {
    readonly title: string;
    readonly since: (time: string) => string;
    readonly why: string;
    readonly whatToDo: string;
    readonly timeline: string;
    readonly now: string;
    /** An instant at which a clock turns late or stale. */
    readonly late: (clock: string) => string;
    readonly stale: (clock: string) => string;
    /** Heading above the attempts of a run that has several. */
    readonly attempts: string;
    readonly lineage: string;
    readonly lineageText: (from: string, reason: string, time: string) => string;
    readonly facts: string;
    readonly fields: Readonly<
      Record<
        'type' | 'source' | 'id' | 'attempt' | 'tenant' | 'workspace' | 'initiator' | 'labels' | 'progress',
        string
      >
    >;
    readonly initiators: Readonly<Record<InitiatorKind, string>>;
    readonly open: string;
    readonly diagnostics: string;
    readonly clocks: Readonly<Record<ClockName, string>>;
    readonly columns: Readonly<Record<'clock' | 'start' | 'age' | 'late' | 'stale', string>>;
    readonly never: string;
    readonly decides: string;
    readonly skewed: string;
    readonly vouched: (time: string) => string;
    readonly notJudged: string;
    readonly history: HistoryWords;
    readonly policy: (digest: string) => string;
    readonly raw: string;
    readonly copy: string;
    readonly copied: string;
  };
  readonly announce: {
    readonly changed: (title: string, label: string) => string;
    readonly progressed: (title: string, percent: string) => string;
    readonly others: (count: number) => string;
    readonly notUpdating: string;
  };
};

/** The words that every surface needs; those of the list and of the page of one run come with them. */
export type PageMessages = Omit<SurfaceMessages, 'list' | 'detail'>;
