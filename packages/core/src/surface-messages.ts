import type { FreshnessState } from './classify.js';
import type { Tab } from './query.js';

/** The figures of a dashboard. */
export type FigureName = 'active' | 'late' | 'likely_stale' | 'unknown' | 'follow_up_lately';

/**
 * The words around the runs on a page, in one language: tabs, figures, and what is said of the view itself.
 *
 * Apart from `Messages`, so that whoever shows single runs need not carry them. Times and spans come in as text. Sentences of
 * their own end with a full stop.
 */
export type SurfaceMessages = {
  readonly tabs: Readonly<Record<Tab, string>>;
  readonly states: Readonly<Record<FreshnessState, string>>;
  readonly figures: Readonly<Record<FigureName, string>>;
  /** Beneath the figure of the active runs. */
  readonly unhealthy: (count: number) => string;
  readonly allHealthy: string;
  /** Beneath the figure of what failed lately. */
  readonly lately: string;
  /** A figure that may be higher, since not everything was read. */
  readonly atLeast: (count: string) => string;
  /** How many runs are not shown. */
  readonly more: (count: number) => string;
  /** Beside it, when some of those need attention. */
  readonly moreUnhealthy: (count: number) => string;
  readonly running: { readonly title: string; readonly none: string; readonly noneThen: (time: string) => string };
  readonly attention: {
    readonly title: string;
    /** Said only where it is known. */
    readonly none: string;
    readonly noneThen: (time: string) => string;
    /** Leads from a run to the slice of the list that it is in. */
    readonly open: string;
  };
  readonly view: {
    readonly loading: string;
    readonly asOf: (time: string) => string;
    readonly record: (time: string) => string;
    readonly unreachable: string;
    readonly nextTry: (time: string) => string;
    readonly refresh: string;
    readonly unreadable: (count: number) => string;
    readonly foreign: (count: number) => string;
    readonly incomplete: string;
    readonly signedOut: string;
    readonly denied: string;
    readonly notFound: string;
    readonly runNotFound: string;
    readonly misconfigured: string;
  };
  readonly announce: {
    readonly changed: (title: string, label: string) => string;
    readonly progressed: (title: string, percent: string) => string;
    readonly others: (count: number) => string;
    readonly notUpdating: string;
  };
};
