import { isActive, runKey, trustPolicy, type Run, type RunIssue } from '@tardy/core';
import { ShapeError, type RunPage } from './answer.js';
import { ApiClient, HttpError } from './api-client.js';
import { backoffOf, IDLE_MS, paceOf, YOUNG_MS } from './cadence.js';
import type { Environment, Fetcher } from './environment.js';
import { mergeInterests, type Interest } from './interest.js';
import { differences } from './judged-rows.js';
import type { OpsFailure } from './ops-store.js';
import { RunEvents } from './run-events.js';
import type { Facts, Feed, RunStore, StoreScope } from './run-store.js';

/** Where a feed reads. */
export type ApiFeedOptions = {
  /** Absolute address of the API, without a slash at its end. */
  readonly base: string;
  readonly scope: StoreScope;
  /** The host's; without one the page's own `fetch`, and server-sent events. */
  readonly fetcher: Fetcher | undefined;
};

const PAGE_LIMIT = 500;
/** Pages of active runs read at most; more leave the view incomplete. */
const MOST_PAGES = 20;
/** Runs that left the list, looked up one by one to see how they ended. */
const MOST_VANISHED = 5;
/** How long the host's word that work was started is trusted though no run shows yet. */
const POKED_MS = 30_000;

/** Polls a run API: one load in flight, quicker while runs are young, ended when nothing is active, silent in a hidden tab. */
export class ApiFeed implements Feed {
  readonly #store: RunStore;
  readonly #environment: Environment;
  readonly #client: ApiClient;
  readonly #events: RunEvents | undefined;
  readonly #scope: string;
  #abort = new AbortController();
  #loading: Promise<void> | undefined;
  /** The interest of the last load, as text. */
  #asked = '';
  #pages: readonly RunPage[] = [];
  #last: Facts | undefined;
  #paceMs: number | undefined = YOUNG_MS;
  #requestsPerLoad = 1;
  #failures = 0;
  #pokedAt = -Infinity;
  /** No further poll before the host asks: not signed in, or not allowed. */
  #refused = false;
  #judges = false;
  #timer: unknown;
  #unwatch = () => {};

  constructor(store: RunStore, { base, scope, fetcher }: ApiFeedOptions) {
    const { page, clock } = store;
    this.#store = store;
    this.#environment = page.environment;
    const named = { tenant_id: scope.tenant, workspace_id: scope.workspace };
    this.#scope = Object.entries(named)
      .map(([name, id]) => (id === undefined ? '' : `${name}=${encodeURIComponent(id)}&`))
      .join('');
    this.#client = new ApiClient(base, fetcher ?? page.environment.fetcher, page, clock);
    if (fetcher === undefined) {
      this.#events = new RunEvents(`${base}/runs/events?${this.#scope}`, page.environment, {
        arrived: () => this.#takeEvents(),
        reset: () => void this.refresh(),
        closed: () => this.#schedule(this.#paceMs),
      });
    }
  }

  get patienceMs(): number {
    return this.#events?.isOpen === true && this.#paceMs === undefined ? Infinity : 2 * (this.#paceMs ?? IDLE_MS);
  }

  get stats() {
    const { requests, unchanged, lastStatus } = this.#client;
    const polling = this.#timer !== undefined || this.#loading !== undefined;
    return {
      requests,
      unchanged,
      lastStatus,
      failures: this.#failures,
      polling,
      eventsOpen: this.#events?.isOpen === true,
    };
  }

  start(): void {
    this.#unwatch = this.#environment.watchVisibility(() => {
      if (!this.#environment.isVisible()) this.#pause();
      else if (!this.#refused && this.#interest.poll !== 'off') void this.refresh();
    });
    this.#schedule(0);
  }

  stop(): void {
    this.#unwatch();
    this.#pause();
    this.#abort.abort();
    this.#loading = undefined;
  }

  interestChanged(): void {
    if (!this.#refused && this.#asked !== '' && JSON.stringify(this.#interest) !== this.#asked) this.#schedule(0);
  }

  refresh(): Promise<void> {
    this.#unschedule();
    return (this.#loading ??= this.#load());
  }

  poke(): Promise<void> {
    this.#pokedAt = this.#environment.monotonic();
    return this.refresh();
  }

  get #interest(): Interest {
    return mergeInterests(this.#store.listeners);
  }

  async #load(): Promise<void> {
    const { signal } = (this.#abort = new AbortController());
    const interest = this.#interest;
    this.#asked = JSON.stringify(interest);
    let wait: number | undefined;
    try {
      const pages: RunPage[] = [];
      const read = await this.#read(interest, pages, signal);
      if (signal.aborted) return;
      this.#client.turn();
      this.#failures = 0;
      this.#refused = false;
      this.#store.page.keepsSignedOut = undefined;
      this.#requestsPerLoad = pages.length;
      const unchanged =
        this.#events?.isEmpty !== false && isSame(pages, this.#pages) && this.#store.view.asOf !== undefined;
      this.#pages = pages;
      this.#last = unchanged ? this.#last : (this.#events?.applyTo(read) ?? read);
      wait = this.#paceMs = this.#paceOf(interest);
      if (unchanged) this.#store.confirm();
      else if (this.#last !== undefined) this.#store.accept(this.#last);
      if (wait !== undefined) wait *= 0.9 + 0.2 * this.#environment.random();
      this.#events?.openIfVisible();
    } catch (error) {
      if (signal.aborted) return;
      wait = this.#fail(error);
    }
    this.#loading = undefined;
    this.#schedule(wait);
    this.interestChanged();
  }

  async #read(interest: Interest, pages: RunPage[], signal: AbortSignal): Promise<Facts> {
    const { runs, issues }: { runs: Run[]; issues: RunIssue[] } = { runs: [], issues: [] };
    const missing = new Set<string>();
    let complete = true;
    let endedSince: number | undefined = Infinity;
    let youngest: number | undefined;
    if (!this.#judges) {
      const document = await this.#client.policy(signal);
      if (document !== undefined) this.#store.policy = trustPolicy(document);
      this.#store.policyDigest = document?.digest;
      this.#judges = true;
    }
    const take = async (path: string) => {
      const page = await this.#client.runs(path, signal);
      pages.push(page);
      runs.push(...page.runs);
      issues.push(...page.issues);
      if (!page.complete) complete = false;
      if (page.youngest !== undefined) youngest = Math.max(youngest ?? -Infinity, page.youngest);
      return page;
    };
    const list = async (query: string, most: number) => {
      const limit = Math.min(most, PAGE_LIMIT);
      let next: string | undefined;
      let oldest = Infinity;
      for (let read = 0; read < most; read += limit) {
        const cursor = next === undefined ? '' : `&cursor=${encodeURIComponent(next)}`;
        const page = await take(`/runs?${this.#scope}${query}limit=${limit}${cursor}`);
        oldest = Math.min(oldest, page.oldest);
        next = page.next;
        if (next === undefined) return undefined;
      }
      return oldest;
    };
    const one = async (path: string) => {
      try {
        await take(path);
      } catch (error) {
        if (!(error instanceof HttpError) || error.status !== 404) throw error;
        return false;
      }
      return true;
    };

    if (interest.active && (await list('status=queued,running&', MOST_PAGES * PAGE_LIMIT)) !== undefined)
      complete = false;
    if (interest.recent !== undefined) endedSince = await list('', interest.recent);
    for (const id of interest.ids) {
      if (!runs.some((run) => run.id === id) && !(await one(`/runs/${encodeURIComponent(id)}`))) missing.add(id);
    }
    // Where the very same runs are listed, none has left.
    if (interest.active && differences(this.#last?.runs ?? [], runs) === undefined) {
      const seen = new Set(runs.map(runKey));
      const vanished = this.#store.view.runs.filter(({ run }) => isActive(run) && !seen.has(runKey(run)));
      for (const { run } of vanished.slice(0, MOST_VANISHED)) {
        await one(`/runs/${encodeURIComponent(run.id)}?source=${encodeURIComponent(run.source)}`);
      }
    }
    return { runs, issues, complete: complete && issues.length === 0, endedSince, youngest, missing };
  }

  #takeEvents(): void {
    if (this.#loading !== undefined || this.#last === undefined || this.#events === undefined) return;
    this.#last = this.#events.applyTo(this.#last);
    const before = this.#paceMs;
    this.#paceMs = this.#paceOf(this.#interest);
    this.#store.accept(this.#last);
    if (before === undefined || this.#paceMs === undefined) this.#schedule(this.#paceMs);
  }

  /** Tells the store what failed; returns when to try again. */
  #fail(error: unknown): number | undefined {
    const status = error instanceof HttpError ? error.status : undefined;
    this.#refused = status === 401 || status === 403 || status === 404;
    const { random } = this.#environment;
    const { floorMs } = this.#store.page.limits;
    const retryAfter = error instanceof HttpError ? error.retryAfterMs : undefined;
    this.#failures++;
    const wait = this.#refused
      ? undefined
      : Math.max(retryAfter ?? backoffOf(this.#paceMs ?? YOUNG_MS, this.#failures, random()), floorMs);
    const failure: OpsFailure = {
      kind: status !== undefined ? 'http' : error instanceof ShapeError ? 'shape' : 'network',
      status,
      message: error instanceof Error ? error.message : String(error),
      retryAt: wait === undefined ? undefined : this.#store.clock.now() + wait,
    };
    if (this.#refused) {
      this.#events?.close();
      this.#last = undefined;
      this.#pages = [];
    }
    if (status === 401) this.#store.fail(failure, 'signed_out');
    else if (status === 403) this.#store.fail(failure, 'denied');
    else if (status === 404) this.#store.fail(failure, 'not_found');
    else if (this.#failures > 1 || retryAfter !== undefined) this.#store.fail(failure, 'old');
    else this.#store.fail(failure);
    return wait;
  }

  /** The pace that the runs ask for, slowed to what the page's budget can bear. */
  #paceOf({ poll }: Interest): number | undefined {
    const { page, clock } = this.#store;
    if (poll === 'off') return undefined;
    let pace = paceOf(this.#last?.youngest, clock.now()) ?? (poll === 'keep' ? IDLE_MS : undefined);
    if (this.#environment.monotonic() < this.#pokedAt + POKED_MS) pace = YOUNG_MS;
    if (pace === undefined) return undefined;
    if (this.#events?.isOpen === true) pace = IDLE_MS;
    const { budget, floorMs } = page.limits;
    return Math.max(pace, floorMs, (this.#requestsPerLoad * page.stores.size * 60_000) / budget);
  }

  #schedule(ms: number | undefined): void {
    this.#unschedule();
    if (ms === undefined || this.#refused || !this.#environment.isVisible()) return;
    this.#timer = this.#environment.setTimer(() => void this.refresh(), ms);
  }

  #unschedule(): void {
    this.#environment.clearTimer(this.#timer);
    this.#timer = undefined;
  }

  #pause(): void {
    this.#unschedule();
    this.#events?.close();
  }
}

function isSame(pages: readonly RunPage[], before: readonly RunPage[]): boolean {
  return pages.length === before.length && pages.every((page, index) => page === before[index]);
}
