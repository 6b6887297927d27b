import { isActive, LATELY_MS, runKey, type Instant, type Run, type RunIssue } from '@tardy/core';
import type { RunPage } from './run-page.js';
import { HttpError, type ApiClient } from './api-client.js';
import type { Interest } from './interest.js';
import { failureOf } from './failure.js';
import { differences } from './judged-rows.js';
import type { OpsFailure, StoreRun } from './ops-store.js';
import type { Facts } from './run-store.js';

/** What a load reads, and what is known before it. */
export type LoadOptions = {
  readonly client: ApiClient;
  /** The query of the scope; ends with `&` unless it is empty. */
  readonly scope: string;
  readonly interest: Interest;
  /** The runs of the load before. */
  readonly last: readonly Run[];
  /** The rows on show. */
  readonly rows: readonly StoreRun[];
  readonly now: Instant;
  readonly signal: AbortSignal;
};

/** What a load has read. */
export type Loaded = {
  readonly facts: Facts;
  readonly pages: readonly RunPage[];
  /** Everything was read that was asked for. */
  readonly isExact: boolean;
  /** The longest wait that a response for a single run asked for, in milliseconds. */
  readonly retryAfterMs: number | undefined;
};

const PAGE_LIMIT = 500;
/** Pages of active runs read at most; with more the view is incomplete. */
const MOST_PAGES = 20;
/** Runs that left the list and are looked up one by one to see how they ended. */
const MOST_VANISHED = 5;
/** Runs kept at most because they were a problem when they were last listed. */
const MOST_KEPT = 100;

/** Reads what the listeners want. What fails for one run is that run's failure; what fails for a list fails the load. */
export async function readLoad(options: LoadOptions): Promise<Loaded> {
  const load = new Load(options);
  await load.read();
  return load.result();
}

class Load {
  readonly #options: LoadOptions;
  readonly #runs: Run[] = [];
  readonly #issues = new Map<string, readonly RunIssue[]>();
  readonly #missing = new Set<string>();
  /** Runs that were read one by one. */
  readonly #singles = new Set<Run>();
  readonly #failures = new Map<string, OpsFailure>();
  readonly #pages: RunPage[] = [];
  #complete = true;
  /** No run that was asked for failed. */
  #isExact = true;
  #endedSince: Instant | undefined = Infinity;
  #youngest: Instant | undefined;
  #retryAfterMs: number | undefined;

  constructor(options: LoadOptions) {
    this.#options = options;
  }

  async read(): Promise<void> {
    const { interest } = this.#options;
    if (interest.active && (await this.#list('status=queued,running&', MOST_PAGES * PAGE_LIMIT)) !== undefined)
      this.#complete = false;
    if (interest.recent !== undefined) this.#endedSince = await this.#list('', interest.recent);
    await this.#asked();
    await this.#vanished();
    this.#keepProblems();
  }

  result(): Loaded {
    const issues = [...this.#issues.values()].flat();
    const facts = {
      runs: this.#runs,
      issues,
      complete: this.#complete && issues.length === 0,
      endedSince: this.#endedSince,
      youngest: this.#youngest,
      missing: this.#missing,
      singles: this.#singles,
      failures: this.#failures,
      read: { active: this.#options.interest.active, recent: this.#options.interest.recent ?? 0 },
    };
    return { facts, pages: this.#pages, isExact: this.#isExact, retryAfterMs: this.#retryAfterMs };
  }

  /** Reads so many runs of a list; returns when the oldest of them began if there are more. */
  async #list(query: string, most: number): Promise<Instant | undefined> {
    const limit = Math.min(most, PAGE_LIMIT);
    const issues: RunIssue[] = [];
    let next: string | undefined;
    let oldest = Infinity;
    for (let read = 0; read < most; read += limit) {
      const cursor = next === undefined ? '' : `&cursor=${encodeURIComponent(next)}`;
      const page = await this.#page(`/runs?${this.#options.scope}${query}limit=${limit}${cursor}`);
      issues.push(...page.issues);
      oldest = Math.min(oldest, page.oldest);
      next = page.next;
      if (next === undefined) break;
    }
    this.#report(issues);
    return next === undefined ? undefined : oldest;
  }

  async #page(path: string): Promise<RunPage> {
    const page = await this.#options.client.runs(path, this.#options.signal);
    this.#pages.push(page);
    this.#runs.push(...page.runs);
    if (!page.complete) this.#complete = false;
    if (page.youngest !== undefined) this.#youngest = Math.max(this.#youngest ?? -Infinity, page.youngest);
    return page;
  }

  /** Takes the rows of one list that could not be read. A row that two lists hold counts once. */
  #report(issues: readonly RunIssue[]): void {
    const groups = new Map<string, RunIssue[]>();
    for (const issue of issues) {
      const key = JSON.stringify(issue);
      groups.set(key, [...(groups.get(key) ?? []), issue]);
    }
    for (const [key, group] of groups)
      if (group.length > (this.#issues.get(key)?.length ?? 0)) this.#issues.set(key, group);
  }

  /** Runs that were asked for by their id. */
  async #asked(): Promise<void> {
    let first: unknown;
    for (const id of this.#options.interest.ids) {
      if (this.#runs.some((run) => run.id === id)) continue;
      const error = await this.#one(`/runs/${encodeURIComponent(id)}`);
      if (error === undefined) continue;
      if (error instanceof HttpError && error.status === 404) {
        this.#missing.add(id);
        continue;
      }
      first ??= error;
      this.#isExact = false;
      this.#failures.set(id, failureOf(error, undefined));
      if (!isForbidden(error)) {
        const known = this.#options.rows.filter(({ run }) => run.id === id);
        this.#keep(known.map(({ run }) => run));
      }
    }
    // Nothing at all could be read: that is more than one run's failure.
    if (first !== undefined && this.#pages.length === 0) throw first;
  }

  /** Runs that were active and are not listed any more: how did they end? */
  async #vanished(): Promise<void> {
    const { interest, last, rows } = this.#options;
    // Where the very same runs are listed, none has left.
    if (!interest.active || differences(last, this.#runs) !== undefined) return;
    const seen = new Set(this.#runs.map(runKey));
    const vanished = rows.flatMap(({ run }) => (isActive(run) && !seen.has(runKey(run)) ? [run] : []));
    for (const [index, run] of vanished.slice(0, MOST_VANISHED).entries()) {
      const error = await this.#one(`/runs/${encodeURIComponent(run.id)}?source=${encodeURIComponent(run.source)}`);
      if (error === undefined || isForbidden(error)) continue;
      if (error instanceof HttpError && error.status === 404) continue;
      // Without any response the next one is not tried: each could take as long.
      const isHttp = error instanceof HttpError;
      this.#keep(isHttp ? [run] : vanished.slice(index, MOST_VANISHED));
      if (!isHttp) break;
    }
  }

  /** Reads one run; returns what went wrong. Throws what goes wrong for all. */
  async #one(path: string): Promise<unknown> {
    try {
      const page = await this.#page(path);
      for (const run of page.runs) this.#singles.add(run);
      this.#report(page.issues);
      return undefined;
    } catch (error) {
      this.#options.signal.throwIfAborted();
      if (error instanceof HttpError) {
        if (error.status === 401) throw error;
        this.#retryAfterMs = Math.max(this.#retryAfterMs ?? 0, error.retryAfterMs ?? 0) || undefined;
      }
      return error;
    }
  }

  /** Keeps what was last known of runs that cannot be read at the moment, and says so. */
  #keep(runs: readonly Run[]): void {
    this.#isExact = false;
    this.#runs.push(...runs);
    this.#report(runs.map(({ id }) => ({ id, reason: 'could not be read again' })));
  }

  /** Keeps recent failures that newer runs have pushed off the end of the list. */
  #keepProblems(): void {
    const { interest, rows, now } = this.#options;
    const since = this.#endedSince;
    if (interest.recent === undefined || since === undefined) return;
    const isKept = ({ queuedAt, startedAt, endedAt, reconciliation }: Run) =>
      (endedAt ?? reconciliation?.at ?? -Infinity) > now - LATELY_MS &&
      // A list that goes back that far would hold it if it were still there.
      (queuedAt ?? startedAt ?? -Infinity) < since;
    const problems = rows.filter(({ freshness }) => freshness.problemClass === 'terminal_follow_up');
    const kept = problems.flatMap(({ run }) => (isKept(run) ? [run] : []));
    const isReplaced = ({ source, id, attempt }: Run) =>
      this.#runs.some((other) => other.id === id && other.source === source && other.attempt >= attempt);
    this.#runs.push(...kept.slice(0, MOST_KEPT).filter((run) => !isReplaced(run)));
  }
}

/** The viewer may not see this run (any more). */
function isForbidden(error: unknown): boolean {
  return error instanceof HttpError && error.status === 403;
}
