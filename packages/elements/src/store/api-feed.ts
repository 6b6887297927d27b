import type { PolicyDocument, ThresholdSource } from '@tardy/core';
import { policyReader } from '#parts/policy-reader';
import { runEvents } from '#parts/run-events';
import { ApiClient, HttpError, type PublishedPolicy } from './api-client.js';
import { readLoad, type Loaded } from './api-load.js';
import { backoffOf, IDLE_MS, paceOf, YOUNG_MS } from './cadence.js';
import type { Environment, Fetcher } from './environment.js';
import { failureOf } from './failure.js';
import { mergeInterests, type Interest } from './interest.js';
import type { OpsFailure } from './ops-store.js';
import type { RunEvents } from './run-events.js';
import { ShapeError, type RunPage } from './run-page.js';
import type { Facts, Feed, RunStore, StoreScope } from './run-store.js';

/** Where a feed reads. */
export type ApiFeedOptions = {
  /** Absolute URL of the API, without a slash at its end. */
  readonly base: string;
  readonly scope: StoreScope;
  /** The host's fetcher; without one, the page's own `fetch` and server-sent events. */
  readonly fetcher: Fetcher | undefined;
};

/** A load whose request has waited this long may hang: the next refresh replaces it. */
const STALLED_MS = 5000;
/** How long polling continues after the host said that work was started, even if no run is listed. */
const POKED_MS = 30_000;

/** Polls a run API: one load in flight, faster while runs are young, until nothing is active unless a listener wants more, never in a hidden tab. */
export class ApiFeed implements Feed {
  readonly #store: RunStore;
  readonly #environment: Environment;
  readonly #client: ApiClient;
  /** `undefined` where there are no events to listen to. */
  readonly #eventsUrl: string | undefined;
  #events: RunEvents | undefined;
  readonly #scope: string;
  /** Under this the policy is remembered for all stores of the page. */
  readonly #policyKey: string;
  /** Monotonic instant at which this load asked for the policy, which may be on its way for another store. */
  #askedPolicyAt: number | undefined;
  /** Monotonic instant of the last load. */
  #loadedAt = -Infinity;
  #abort = new AbortController();
  #loading: Promise<void> | undefined;
  /** The interest of the last load, as text. */
  #asked = '';
  #pages: readonly RunPage[] = [];
  #wasExact = true;
  #last: Facts | undefined;
  #paceMs: number | undefined = YOUNG_MS;
  #requestsPerLoad = 1;
  #failures = 0;
  #pokedAt = -Infinity;
  /** No further poll until the host refreshes: not signed in, or no access. */
  #refused = false;
  #judges = false;
  #isStarted = false;
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
    this.#client = new ApiClient(base, fetcher ?? page.environment.fetcher, page, clock, (ms) => store.waits(ms));
    this.#policyKey = `policy ${page.fetcherId(fetcher)} ${base}`;
    if (fetcher === undefined && page.environment.openEvents !== undefined)
      this.#eventsUrl = `${base}/runs/events?${this.#scope}`;
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
    this.#isStarted = true;
    this.#unwatch = this.#environment.watchVisibility(() => {
      if (!this.#environment.isVisible()) this.#pause();
      else if (!this.#refused && this.#interest.poll !== 'off') void this.refresh();
    });
    if (JSON.stringify(this.#interest) !== this.#asked) this.#soon();
    else if (this.#paceMs !== undefined) {
      // What was kept for a listener that comes back is read again no sooner than if nobody had left.
      this.#schedule(Math.max(0, this.#loadedAt + this.#paceMs - this.#environment.monotonic()));
      this.#openEvents();
    }
  }

  stop(): void {
    this.#isStarted = false;
    this.#unwatch();
    this.#pause();
    this.#abandon();
  }

  interestChanged(): void {
    if (!this.#refused && this.#asked !== '' && JSON.stringify(this.#interest) !== this.#asked) this.#soon();
  }

  /** Reads for a person: at once, unless too much was asked for already. */
  refresh(): Promise<void> {
    this.#client.isUrgent = true;
    const since = this.#client.waitingSince ?? this.#askedPolicyAt;
    if (since !== undefined && this.#environment.monotonic() - since > STALLED_MS) {
      if (this.#askedPolicyAt !== undefined) this.#store.page.forget(this.#policyKey);
      this.#abandon();
    }
    return this.#poll();
  }

  poke(): Promise<void> {
    this.#pokedAt = this.#environment.monotonic();
    return this.refresh();
  }

  get #interest(): Interest {
    return mergeInterests(this.#store.listeners);
  }

  /** Reads what an element needs that has just been put into the page. */
  #soon(): void {
    this.#client.isUrgent = true;
    this.#schedule(0);
  }

  #poll(): Promise<void> {
    this.#unschedule();
    return (this.#loading ??= this.#load());
  }

  #abandon(): void {
    this.#abort.abort();
    this.#loading = undefined;
  }

  async #load(): Promise<void> {
    const { signal } = (this.#abort = new AbortController());
    const interest = this.#interest;
    this.#asked = JSON.stringify(interest);
    let wait: number | undefined;
    try {
      const failure = await this.#readPolicy(signal);
      const loaded = await readLoad({
        client: this.#client,
        scope: this.#scope,
        interest,
        last: this.#last?.runs ?? [],
        rows: this.#store.view.runs,
        now: this.#store.clock.now(),
        signal,
      });
      // Who waits for a load that was abandoned waits for the one that replaced it.
      if (signal.aborted) return this.#loading;
      wait = this.#accept(failure === undefined ? loaded : withoutPolicy(loaded, failure), interest);
    } catch (error) {
      if (signal.aborted) return this.#loading;
      wait = this.#fail(error);
    }
    this.#loading = undefined;
    this.#loadedAt = this.#environment.monotonic();
    this.#client.isUrgent = false;
    this.#schedule(wait);
    this.interestChanged();
  }

  /** Takes what was read; returns when to read again. */
  #accept({ facts, pages, isExact, retryAfterMs }: Loaded, interest: Interest): number | undefined {
    this.#client.turn();
    this.#failures = 0;
    this.#refused = false;
    this.#store.page.keepsSignedOut = undefined;
    this.#requestsPerLoad = pages.length;
    const unchanged =
      isExact &&
      this.#wasExact &&
      this.#events?.isEmpty !== false &&
      isSame(pages, this.#pages) &&
      this.#store.view.asOf !== undefined;
    this.#pages = pages;
    this.#wasExact = isExact;
    this.#last = unchanged ? this.#last : (this.#events?.applyTo(facts) ?? facts);
    let wait = (this.#paceMs = this.#paceOf(interest));
    if (unchanged) this.#store.confirm();
    else if (this.#last !== undefined) this.#store.accept(this.#last);
    if (wait !== undefined) wait *= 0.9 + 0.2 * this.#environment.random();
    this.#openEvents();
    // A run that failed is tried again, though nothing else may be active.
    if (isExact || interest.poll === 'off') return wait;
    return Math.max(Math.min(wait ?? IDLE_MS, IDLE_MS), retryAfterMs ?? 0);
  }

  /** Reads the policy once. Without it the runs are still shown, judged by the default policy; returns why it could not be read. */
  async #readPolicy(signal: AbortSignal): Promise<OpsFailure | undefined> {
    if (this.#judges) return undefined;
    try {
      this.#askedPolicyAt = this.#environment.monotonic();
      const document = await this.#policy(signal);
      if (document !== undefined) this.#store.policy = await trusted(document);
      signal.throwIfAborted();
      this.#store.policyDigest = document?.digest;
      this.#judges = true;
      return undefined;
    } catch (error) {
      this.#store.page.forget(this.#policyKey);
      if (signal.aborted || (error instanceof HttpError && error.status === 401)) throw error;
      return failureOf(error, undefined);
    } finally {
      this.#askedPolicyAt = undefined;
    }
  }

  async #policy(signal: AbortSignal): Promise<PublishedPolicy | undefined> {
    const ask = () => this.#store.page.remember(this.#policyKey, () => this.#client.policy(signal));
    try {
      return await ask();
    } catch (error) {
      // Another store asked, and was left before the response came.
      if (signal.aborted || !(error instanceof DOMException && error.name === 'AbortError')) throw error;
      return ask();
    }
  }

  #openEvents(): void {
    const url = this.#eventsUrl;
    const { page } = this.#store;
    const key = `events ${this.#policyKey}`;
    if (url === undefined || page.isLacking(key)) return;
    runEvents.use(({ RunEvents: Events }) => {
      // Everybody may have left while the code was being loaded.
      if (!this.#isStarted) return;
      this.#events ??= new Events(url, this.#environment, {
        arrived: () => this.#takeEvents(),
        reset: () => void this.#poll(),
        closed: () => this.#schedule(this.#paceMs),
        none: () => page.lacks(key),
      });
      this.#events.openIfVisible();
    });
  }

  #takeEvents(): void {
    if (this.#loading !== undefined || this.#last === undefined || this.#events === undefined) return;
    this.#last = this.#events.applyTo(this.#last);
    const before = this.#paceMs;
    this.#paceMs = this.#paceOf(this.#interest);
    this.#store.accept(this.#last);
    if (before === undefined || this.#paceMs === undefined) this.#schedule(this.#paceMs);
  }

  /** Reports a failure to the store; returns when to retry. */
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
    const failure = failureOf(error, wait === undefined ? undefined : this.#store.clock.now() + wait);
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

  /** The pace for the age of the runs, slowed down to what the page's budget allows. */
  #paceOf({ poll }: Interest): number | undefined {
    const { page, clock } = this.#store;
    if (poll === 'off') return undefined;
    let pace = paceOf(this.#last?.youngest, clock.now()) ?? (poll === 'keep' ? IDLE_MS : undefined);
    if (this.#environment.monotonic() < this.#pokedAt + POKED_MS) pace = YOUNG_MS;
    if (pace === undefined) return undefined;
    if (this.#events?.isOpen === true) pace = IDLE_MS;
    const { budget, floorMs } = page.limits;
    return Math.max(pace, floorMs, (this.#requestsPerLoad * page.activeStores * 60_000) / budget);
  }

  #schedule(ms: number | undefined): void {
    this.#unschedule();
    if (ms === undefined || this.#refused || !this.#environment.isVisible()) return;
    this.#timer = this.#environment.setTimer(() => void this.#poll(), ms);
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

async function trusted(document: PolicyDocument): Promise<ThresholdSource> {
  const code = await policyReader.load();
  if (code === undefined) throw new Error('The code that reads a policy cannot be loaded.');
  try {
    return code.trustPolicy(document);
  } catch (error) {
    throw new ShapeError(`The policy cannot be used: ${String(error)}`);
  }
}

/** Runs that were judged without the policy of their API: nothing may be called healthy by them. */
function withoutPolicy(loaded: Loaded, failure: OpsFailure): Loaded {
  return { ...loaded, facts: { ...loaded.facts, complete: false, failure }, isExact: false };
}
