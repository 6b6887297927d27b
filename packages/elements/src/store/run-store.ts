import {
  classify,
  defaultThresholds,
  isActive,
  runKey,
  type Freshness,
  type Instant,
  type Run,
  type RunIssue,
  type ThresholdSource,
} from '@tardy/core';
import { JudgedRows } from './judged-rows.js';
import type {
  OpsFailure,
  OpsStore,
  ReadInterest,
  RunChange,
  StoreListener,
  StoreRun,
  StoreStats,
  StoreView,
  ViewPhase,
} from './ops-store.js';
import type { Page } from './page.js';
import { ServerClock } from './server-clock.js';

/** The tenant and the workspace that a store is for; a row of another is never shown. */
export type StoreScope = { readonly tenant?: string | undefined; readonly workspace?: string | undefined };

/** Runs as read, before they are judged. */
export type Facts = {
  readonly runs: readonly Run[];
  readonly issues: readonly RunIssue[];
  readonly complete: boolean;
  readonly endedSince?: Instant | undefined;
  /** When the last of the active runs began. */
  readonly youngest?: Instant | undefined;
  readonly missing?: ReadonlySet<string> | undefined;
  /** Runs that were read by their id: one of another scope concerns only who asked for it. */
  readonly singles?: ReadonlySet<Run> | undefined;
  readonly failures?: ReadonlyMap<string, OpsFailure> | undefined;
  /** Why part of it could not be read. */
  readonly failure?: OpsFailure | undefined;
  /** What was asked for. */
  readonly read?: ReadInterest | undefined;
  /** Verdicts that came with the runs (a report); such a view is a record and is never judged again. */
  readonly verdicts?: ReadonlyMap<Run, Freshness> | undefined;
};

/** Where a store's runs come from. */
export interface Feed {
  start(): void;
  stop(): void;
  /** The merged interest of the listeners has changed. */
  interestChanged(): void;
  refresh(): Promise<void>;
  poke(): Promise<void>;
  /** How old the view may grow before it is old, in milliseconds. */
  readonly patienceMs: number;
  readonly stats: Pick<StoreStats, 'requests' | 'unchanged' | 'lastStatus' | 'failures' | 'polling' | 'eventsOpen'>;
}

/** How long data that a host hands over counts as current. */
const PATIENCE_MS = 120_000;
/** How long a store is kept after its last listener has left: pages swap their elements, and viewers come back. */
const LINGER_MS = 60_000;
/** How long what was kept is shown to a listener that comes back before it counts as old. */
const RESUME_MS = 5000;

const EMPTY: StoreView = {
  phase: 'loading',
  runs: [],
  asOf: undefined,
  issues: [],
  foreign: 0,
  complete: false,
  endedSince: undefined,
  missing: new Set(),
  failures: new Map(),
  failure: undefined,
  read: { active: false, recent: 0 },
  waitsUntil: undefined,
};

/** Keeps judged runs, flips them when they are due, and notifies its listeners. Knows no framework. */
export class RunStore implements OpsStore {
  readonly clock: ServerClock;
  readonly page: Page;
  readonly listeners = new Set<StoreListener>();
  /** What runs are judged by. */
  policy: ThresholdSource = defaultThresholds();
  /** Set if the source publishes it. */
  policyDigest: string | undefined;
  /** Set once the store is made. */
  feed: Feed | undefined;
  abandoned: (() => void) | undefined;
  /** The instant at which the clock is stopped. */
  frozenAt: Instant | undefined;
  readonly #scope: StoreScope;
  #rows = new JudgedRows();
  #view = EMPTY;
  /** Monotonic instant at which the view was current. */
  #heardAt = 0;
  /** Monotonic instant at which the first listener joined. */
  #joinedAt = -Infinity;
  #leaving: unknown;
  /** The time of a clock that was stopped because the view is not live. */
  #stoppedAt = 0;

  constructor(page: Page, scope: StoreScope = {}) {
    this.page = page;
    this.clock = new ServerClock(page.environment);
    this.#scope = scope;
  }

  get view(): StoreView {
    return this.#view;
  }

  get stats(): StoreStats {
    const { offsetMs, uncertaintyMs } = this.clock;
    return {
      requests: 0,
      unchanged: 0,
      lastStatus: undefined,
      failures: 0,
      polling: false,
      eventsOpen: false,
      ...this.feed?.stats,
      requestsPerMinute: this.page.requestsPerMinute,
      offsetMs,
      uncertaintyMs,
      listeners: this.listeners.size,
    };
  }

  now(): Instant {
    const { phase } = this.#view;
    return phase === 'live' || phase === 'loading' ? this.#clockNow() : this.#stoppedAt;
  }

  judge(row: StoreRun): StoreRun {
    if (this.#view.phase === 'record' || !isActive(row.run)) return row;
    return { ...row, freshness: classify(row.run, this.policy, this.now()) };
  }

  join(listener: StoreListener): () => void {
    const { monotonic, setTimer, clearTimer } = this.page.environment;
    this.listeners.add(listener);
    if (this.listeners.size === 1) {
      clearTimer(this.#leaving);
      this.#joinedAt = monotonic();
      this.feed?.start();
    } else this.feed?.interestChanged();
    return () => {
      if (!this.listeners.delete(listener)) return;
      // In a microtask, since frameworks move an element by removing and adding it.
      queueMicrotask(() => {
        if (this.listeners.size > 0) return;
        this.feed?.stop();
        this.page.wake(this.#tick, Infinity);
        const { phase } = this.#view;
        if (this.feed === undefined || (phase !== 'live' && phase !== 'old')) this.abandoned?.();
        else this.#leaving = setTimer(() => this.listeners.size > 0 || this.abandoned?.(), LINGER_MS);
      });
    };
  }

  async refresh(): Promise<void> {
    await this.feed?.refresh();
  }

  async poke(): Promise<void> {
    await this.feed?.poke();
  }

  clear(): void {
    this.#rows = new JudgedRows();
    this.#publish({ ...EMPTY, phase: this.#view.phase, failure: this.#view.failure });
  }

  /** Takes what was read, and judges what differs. */
  accept(facts: Facts): void {
    const { verdicts } = facts;
    const own = this.#own(facts.runs);
    const foreign = foreignOf(facts.runs, own);
    const first = this.#view.asOf === undefined;
    const now = this.#clockNow();
    const changes = this.#rows.take(own, now, (run) => verdicts?.get(run) ?? classify(run, this.policy, now));
    this.#heardAt = this.page.environment.monotonic();
    this.#stoppedAt = now;
    this.#publish(
      {
        phase: verdicts === undefined ? 'live' : 'record',
        asOf: now,
        runs: this.#rows.rows,
        issues: facts.issues,
        foreign: foreign.filter((run) => facts.singles?.has(run) !== true).length,
        complete: facts.complete,
        endedSince: facts.endedSince,
        missing: new Set([...(facts.missing ?? []), ...foreign.map(({ id }) => id)]),
        failures: facts.failures ?? EMPTY.failures,
        failure: facts.failure,
        read: facts.read,
        waitsUntil: undefined,
      },
      first ? [] : changes,
    );
  }

  /** The response is the one we have: nothing but the time has changed. */
  confirm(): void {
    const { phase, failure } = this.#view;
    this.#heardAt = this.page.environment.monotonic();
    this.#view = { ...this.#view, asOf: this.#clockNow(), phase: 'live', failure: undefined, waitsUntil: undefined };
    this.#flip(phase !== 'live' || failure !== undefined);
  }

  /** Reading failed. `phase` replaces the one of the view; a scope that is refused loses its data at once. */
  fail(failure: OpsFailure, phase: ViewPhase = this.#view.phase): void {
    if (phase === 'denied' || phase === 'not_found') {
      this.#rows = new JudgedRows();
      this.#publish({ ...EMPTY, phase, failure });
    } else {
      this.#view = { ...this.#view, failure, waitsUntil: undefined };
      this.#enter(phase === 'old' && this.#view.asOf === undefined ? 'loading' : phase);
    }
  }

  /** The page may send nothing for so long. */
  waits(ms: number): void {
    this.#publish({ ...this.#view, waitsUntil: this.clock.now() + ms });
  }

  plan(): void {
    this.feed?.interestChanged();
    if (this.frozenAt !== undefined) return;
    let wait = Infinity;
    if (this.#view.phase === 'live') {
      const now = this.now();
      let next = this.#rows.nextFlipAt;
      for (const listener of this.listeners) next = Math.min(next, listener.nextWordsAt(now));
      wait = Math.min(next - now, this.#oldAt - this.page.environment.monotonic());
    }
    this.page.wake(this.#tick, Math.max(wait, 0));
  }

  /** Monotonic instant at which the view is old unless a response arrives. */
  get #oldAt(): number {
    return Math.max(this.#heardAt + (this.feed?.patienceMs ?? PATIENCE_MS), this.#joinedAt + RESUME_MS);
  }

  readonly #tick = (): void => {
    if (this.#view.phase === 'live' && this.page.environment.monotonic() >= this.#oldAt) this.#enter('old');
    else this.#flip(true);
  };

  /** Changes the phase. A view that is no longer live stops its clock, at the latest when its patience ended. */
  #enter(phase: ViewPhase): void {
    const { phase: before, asOf } = this.#view;
    if (before === 'live' && phase !== 'live') {
      this.#stoppedAt = Math.min(this.#clockNow(), (asOf ?? Infinity) + (this.feed?.patienceMs ?? PATIENCE_MS));
    }
    this.#view = { ...this.#view, phase };
    this.#flip(true);
  }

  /** Judges again the runs that are due, and only those. */
  #flip(tellAnyway: boolean): void {
    const now = this.now();
    const changes = this.#view.phase === 'record' ? [] : this.#rows.flip(now, (run) => classify(run, this.policy, now));
    if (changes.length > 0) this.#publish({ ...this.#view, runs: this.#rows.rows }, changes);
    else if (tellAnyway) this.#tell(changes);
    else this.plan();
  }

  #publish(view: StoreView, changes: readonly RunChange[] = []): void {
    this.#view = view;
    this.#tell(changes);
  }

  #tell(changes: readonly RunChange[]): void {
    for (const listener of [...this.listeners]) listener.viewChanged(changes);
    this.plan();
  }

  #clockNow(): Instant {
    return this.frozenAt ?? this.clock.now();
  }

  #own(runs: readonly Run[]): readonly Run[] {
    const { tenant, workspace } = this.#scope;
    if (tenant === undefined && workspace === undefined) return runs;
    return runs.filter(
      (run) =>
        (tenant === undefined || run.tenant?.id === tenant) &&
        (workspace === undefined || run.workspace?.id === workspace),
    );
  }
}

/** The runs that are not our own, each once however often it was listed. */
function foreignOf(runs: readonly Run[], own: readonly Run[]): readonly Run[] {
  if (runs.length === own.length) return [];
  const ours = new Set(own);
  return [...new Map(runs.filter((run) => !ours.has(run)).map((run) => [runKey(run), run])).values()];
}
