import type { FreshnessState, Instant, JudgedRun, Run, RunIssue, ThresholdSource } from '@tardy/core';

/**
 * The state of a view: nothing known yet, current, too old to call a run healthy, a record of the past (a report), or refused (not
 * signed in, no access, not found, misconfigured).
 */
export type ViewPhase = 'loading' | 'live' | 'old' | 'record' | 'signed_out' | 'denied' | 'not_found' | 'misconfigured';

/** A run with its verdict; `previous` is the same attempt at a time when it had more progress. */
export type StoreRun = JudgedRun & { readonly previous?: Run | undefined };

/** Why reading failed: `shape` is a response that could not be read, `config` a request that was not sent, `host` a callback of the host that threw. */
export type OpsFailure = {
  readonly kind: 'network' | 'http' | 'shape' | 'config' | 'host';
  readonly status: number | undefined;
  readonly message: string;
  /** When it is retried, by the server's clock; `undefined` if it is not. */
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
  /** Rows of another tenant or workspace than requested: not shown. */
  readonly foreign: number;
  /** Nothing that was requested is missing. */
  readonly complete: boolean;
  /** Ended runs from before this instant were not requested; `undefined` if all are here. */
  readonly endedSince: Instant | undefined;
  /** Ids that were requested and do not exist. */
  readonly missing: ReadonlySet<string>;
  /** Why runs that were asked for by their id could not be read; each is tried again with the next load. */
  readonly failures: ReadonlyMap<string, OpsFailure>;
  readonly failure: OpsFailure | undefined;
  /** What was read; `undefined` for data that was handed over, which is all there is. */
  readonly read: ReadInterest | undefined;
  /** The page has sent as many requests as it may: the next one is sent at this instant. */
  readonly waitsUntil: Instant | undefined;
};

/** What the listeners together had read: whether all active runs, and how many of the newest ones. */
export type ReadInterest = { readonly active: boolean; readonly recent: number };

/** What a listener wants to have read. Interests of all listeners are merged into the fewest requests. */
export type ListenerInterest = {
  /** All runs that are active. */
  readonly active?: boolean | undefined;
  /** So many of the newest runs, active or not. */
  readonly recent?: number | undefined;
  /** One run. */
  readonly id?: string | undefined;
  /** `auto` polls until nothing is active, `keep` continues slowly, `off` reads once. */
  readonly poll?: 'auto' | 'keep' | 'off' | undefined;
};

/** Shows a view. */
export interface StoreListener {
  /** What it wants to have read. */
  wants(): ListenerInterest;
  /** The view has changed, or (with no `changes`) only the words on show may have. */
  viewChanged(changes: readonly RunChange[]): void;
  /** The next instant at which the words of what is shown differ; `Infinity` for never. */
  nextWordsAt(now: Instant): Instant;
}

/** Metrics for a host's diagnostics and for tests. */
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
  /** What the runs are judged by; a record was judged elsewhere, and only the digest of its policy is known. */
  readonly policy: ThresholdSource;
  readonly policyDigest?: string | undefined;
  /** The instant for verdicts and relative times: the server's now, or the last instant that is known. */
  now(): Instant;
  /** The verdict at `now()`. */
  judge(run: StoreRun): StoreRun;
  /** Joins; the first listener starts the reading. Returns a function to leave; the last listener to leave ends it. */
  join(listener: StoreListener): () => void;
  /** Plans the next wake again: a listener shows other runs than before. */
  plan(): void;
  /** Reads now, also where reading has ended. */
  refresh(): Promise<void>;
  /** Work was started: reads now, and polls for a while even if no run is listed yet. */
  poke(): Promise<void>;
  /** Called when the last listener has left. */
  abandoned?: (() => void) | undefined;
  /** Forgets what is shown, such as for a viewer who is no longer signed in. */
  clear(): void;
}
