import {
  classify,
  formatInstant,
  isActive,
  parseRun,
  runKey,
  runToWire,
  trustPolicy,
  type Instant,
  type Policy,
  type Run,
} from '@tardy/core';
import { policyDigest } from '@tardy/core/digest';
import { memoryStore, type MemoryStore } from '@tardy/core/server';
import type { Reading } from '../read/read-sources.js';
import { inLocalTime, steadyOffset } from './local-times.js';
import { servedPolicy } from './served-policy.js';

/** What `LiveRuns` works with. */
export type LiveRunsOptions = {
  /** The policy of the command line or the config. */
  readonly given: Policy | undefined;
  /** How many sources there are. */
  readonly sources: number;
  readonly now: () => Instant;
  /** Removes secrets from the JSON of a run. */
  readonly scrub: (text: string) => string;
  /** How old the last news of a run may be before it is no longer called healthy, in milliseconds. */
  readonly patienceMs: number;
};

/** A run as it was read last, and as it is served. `turn` is the reading that it was in. */
type Kept = { readonly run: Run; readonly seenAt: Instant; readonly turn: number; shown: Run };

type SourceRuns = {
  readonly kept: Map<string, Kept>;
  turn: number;
  policy: Policy;
  clockOffsetMs: number;
  complete: boolean;
  /** Runs that another source has already. */
  taken: number;
};

/** How long an incomplete list that keeps arriving may leave out a run before the run counts as gone, in milliseconds. */
const FORGET_MS = 3_600_000;

/** The runs of all sources as they were read last, as one store for the run API. */
export class LiveRuns {
  readonly store: MemoryStore;
  readonly #options: LiveRunsOptions;
  readonly #sources: readonly SourceRuns[];
  /** Which source a run belongs to. */
  readonly #owners = new Map<string, SourceRuns>();
  #policy: Policy;

  constructor(options: LiveRunsOptions) {
    this.#options = options;
    this.store = memoryStore([], { now: options.now });
    this.store.setComplete(false);
    this.#policy = options.given ?? trustPolicy({ version: 1 });
    this.#sources = Array.from({ length: options.sources }, () => ({
      kept: new Map<string, Kept>(),
      turn: 0,
      policy: this.#policy,
      clockOffsetMs: 0,
      complete: false,
      taken: 0,
    }));
  }

  /** What all runs are judged by. */
  get policy(): Policy {
    return this.#policy;
  }

  /** Whether all runs of all sources are here. */
  get complete(): boolean {
    return this.#sources.every(({ complete, taken }) => complete && taken === 0);
  }

  /** The runs as they are served. */
  *runs(): Iterable<Run> {
    for (const { run } of this.entries()) yield run;
  }

  /** The runs as they are served, each with the number of its source. */
  *entries(): Iterable<{ readonly run: Run; readonly source: number }> {
    for (const [source, { kept }] of this.#sources.entries()) {
      for (const { shown } of kept.values()) yield { run: shown, source };
    }
  }

  /** How many runs of a source another one has already: they have the same source, id and attempt. */
  takenOf(index: number): number {
    return this.#sources[index]?.taken ?? 0;
  }

  /** Takes what was read from one source. What a reading that is not complete leaves out stays as it was. */
  accept(index: number, { sources: [report], basis: [basis], runs }: Reading): void {
    const source = this.#sources[index];
    if (source === undefined || report === undefined || basis === undefined) return;
    const now = this.#options.now();
    source.clockOffsetMs = steadyOffset(source.clockOffsetMs, basis.clockOffsetMs);
    if (report.error === null) source.policy = basis.policy;
    source.taken = 0;
    source.turn++;
    for (const { run } of runs) this.#keep(source, this.#own(inLocalTime(run, source.clockOffsetMs)), now);
    for (const [key, { run, seenAt, turn }] of source.kept) {
      if (turn === source.turn) continue;
      if (report.complete || (report.error === null && now - seenAt > FORGET_MS)) this.#forget(source, key, run);
    }
    source.complete = report.complete;
    this.#judgeBy(
      servedPolicy(
        this.#options.given,
        this.#sources.map(({ policy, kept }) => ({
          policy,
          names: new Set([...kept.values()].map(({ run }) => run.source)),
        })),
      ),
    );
    for (const kept of source.kept.values()) {
      kept.shown = this.#shown(kept);
      this.store.put(kept.shown);
    }
    this.store.setComplete(this.complete);
  }

  #keep(source: SourceRuns, run: Run, now: Instant): void {
    const key = runKey(run);
    const owner = this.#owners.get(key);
    if (owner !== undefined && owner !== source) {
      source.taken++;
      return;
    }
    this.#owners.set(key, source);
    source.kept.set(key, { run, seenAt: now, turn: source.turn, shown: run });
  }

  #forget(source: SourceRuns, key: string, run: Run): void {
    source.kept.delete(key);
    this.#owners.delete(key);
    this.store.remove(run);
  }

  #judgeBy(policy: Policy): void {
    if (policyDigest(policy) !== policyDigest(this.#policy)) this.#policy = policy;
  }

  /**
   * A run as it is served. One that was healthy when it was last heard of, too long ago, may not be by now: it counts as unknown, and its
   * last heartbeat is no evidence, neither for it nor against it.
   */
  #shown({ run, seenAt }: Kept): Run {
    if (!isActive(run) || this.#options.now() - seenAt <= this.#options.patienceMs) return run;
    if (classify(run, this.#policy, seenAt).state !== 'fresh') return run;
    const native = { status: `${run.native?.status ?? run.status}, as of ${formatInstant(seenAt)}` };
    return { ...run, outcome: 'unknown', heartbeatAt: undefined, native };
  }

  /** The run without secrets that its source sent along. */
  #own(run: Run): Run {
    const text = JSON.stringify(runToWire(run));
    const scrubbed = this.#options.scrub(text);
    if (scrubbed === text) return run;
    const parsed = parseRun(JSON.parse(scrubbed), run.source);
    // Only texts can hold a secret, and a text that is replaced stays a text.
    if (!parsed.ok) throw new Error(`A run could not be read back: ${parsed.issue.reason}`);
    return parsed.run;
  }
}
