import type { FreshnessState, Instant, JudgedRun, Policy, Run, RunIssue } from '@tardy/core';

/**
 * How a view stands to what it shows: not known yet, current, too old to tell what is well, a record of the past (a report), or
 * refused (not signed in, not allowed, not there, not to be asked).
 */
export type ViewPhase = 'loading' | 'live' | 'old' | 'record' | 'signed_out' | 'denied' | 'not_found' | 'misconfigured';

/** A run with its verdict; `previous` is the same attempt when its progress was further than now. */
export type StoreRun = JudgedRun & { readonly previous?: Run | undefined };

/** Why reading failed. `shape` is an answer that could not be read, `config` one that was never asked for,
 * `host` a callback of the host that threw. */
export type OpsFailure = {
  readonly kind: 'network' | 'http' | 'shape' | 'config' | 'host';
  readonly status: number | undefined;
  readonly message: string;
  /** When it is tried again, by the server's clock; `undefined` when it is not. */
  readonly retryAt: Instant | undefined;
};

/** A run whose state differs from the one last seen; `from` is `undefined` for a run that is new. */
export type RunChange = {
  readonly run: Run;
  readonly from: FreshnessState | undefined;
  readonly to: FreshnessState;
};

/** What is known at one instant. A new object each time that anything in it differs. */
export type StoreView = {
  readonly phase: ViewPhase;
  readonly runs: readonly StoreRun[];
  /** When this was so, by the server's clock. */
  readonly asOf: Instant | undefined;
  /** Rows that could not be read. */
  readonly issues: readonly RunIssue[];
  /** Rows of another tenant or workspace than asked for: not shown. */
  readonly foreign: number;
  /** Nothing that was asked for is missing. */
  readonly complete: boolean;
  /** Ended runs from before this instant were not asked for; `undefined` when all are here. */
  readonly endedSince: Instant | undefined;
  /** Ids that were asked for and do not exist. */
  readonly missing: ReadonlySet<string>;
  /** Why runs that were asked for by their id could not be read; each is tried again with the next load. */
  readonly failures: ReadonlyMap<string, OpsFailure>;
  readonly failure: OpsFailure | undefined;
};

/** What a listener wants to have read. Interests of all listeners are merged into the fewest requests. */
export type ListenerInterest = {
  /** All runs that are active. */
  readonly active?: boolean | undefined;
  /** So many of the newest runs, active or not. */
  readonly recent?: number | undefined;
  /** One run. */
  readonly id?: string | undefined;
  /** `auto` ends when nothing is active, `keep` goes on slowly, `off` reads once. */
  readonly poll?: 'auto' | 'keep' | 'off' | undefined;
};

/** Who shows a view. */
export interface StoreListener {
  /** What it wants to have read. */
  wants(): ListenerInterest;
  /** The view has changed, or the words of what is shown may have: `changes` is empty then. */
  viewChanged(changes: readonly RunChange[]): void;
  /** The next instant at which the words of what is shown differ; `Infinity` for never. */
  nextWordsAt(now: Instant): Instant;
}

/** Figures for a host's diagnostics and for tests. */
export type StoreStats = {
  readonly requests: number;
  readonly unchanged: number;
  readonly requestsPerMinute: number;
  readonly lastStatus: number | undefined;
  readonly failures: number;
  readonly offsetMs: number | undefined;
  readonly uncertaintyMs: number;
  readonly listeners: number;
  readonly polling: boolean;
  readonly eventsOpen: boolean;
};

/** One source in one scope, as all elements of a page share it. */
export interface OpsStore {
  readonly view: StoreView;
  readonly stats: StoreStats;
  /** What runs are judged by; a record was judged elsewhere, and its policy is known by its digest only. */
  readonly policy: Policy;
  readonly policyDigest?: string | undefined;
  /** The instant to judge and to tell times at: the server's now, or the last instant that is known of. */
  now(): Instant;
  /** The verdict at `now()`. */
  judge(run: StoreRun): StoreRun;
  /** Joins; the first to join starts the reading. Returns how to leave; the last to leave ends it. */
  join(listener: StoreListener): () => void;
  /** Plans the next wake anew: a listener shows other runs than before. */
  plan(): void;
  /** Reads now, also where reading has ended. */
  refresh(): Promise<void>;
  /** Work was started: reads now, and goes on for a while even if no run shows yet. */
  poke(): Promise<void>;
  /** Called when the last listener has left. */
  abandoned?: (() => void) | undefined;
  /** Forgets what is shown, such as for a viewer who is no longer signed in. */
  clear(): void;
}
