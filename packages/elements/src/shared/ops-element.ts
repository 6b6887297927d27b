import {
  adoptStyles,
  html,
  isServer,
  LitElement,
  nothing,
  type CSSResult,
  type PropertyDeclarations,
  type PropertyValues,
  type TemplateResult,
} from 'lit';
import {
  clockTime,
  isActive,
  present,
  type Instant,
  type PolicyDocument,
  type Presentation,
  type Run,
  type TimeOptions,
} from '@tardy/core';
import type { NavigationTarget } from '../events/ops-navigate.js';
import { OpsRunChangeEvent } from '../events/ops-run-change.js';
import type { Fetcher } from '../store/environment.js';
import type { ListenerInterest, OpsStore, RunChange, StoreRun, StoreView } from '../store/ops-store.js';
import { currentPage } from '../store/page.js';
import type { StoreScope } from '../store/run-store.js';
import { announcer } from '#parts/announcer';
import { policyReader } from '#parts/policy-reader';
import { reportReader } from '#parts/report-reader';
import type { Part } from '../parts/part.js';
import { catalogueOf, langOf, partOf, type Catalogue, type PageCatalogue } from './catalogue.js';
import { CodeLoader } from './code-loader.js';
import { HostLinks } from './links.js';
import { isAwaited, loadingText, notice, noticeText, phaseText } from './notices.js';
import {
  anything,
  callback,
  instantText,
  numberFrom,
  object,
  oneOf,
  readSettings,
  timeZone,
  type Settings,
} from './settings.js';
import { StoreConnection } from './store-connection.js';
import { isSpokesman } from './spokesman.js';
import { titleOf } from './title.js';
import { ViewReporter } from './view-reporter.js';
import { wordsChangeAt } from './words-change.js';

/**
 * What all elements have in common: their properties, their language, and the frame around what they draw. An element says what
 * it wants to have read (`interest`), and draws `body` from `view`.
 *
 * Data comes from the first of these that is set: `store`, `report`, `src`, a `<script type="application/json">` inside.
 */
export abstract class OpsElement extends LitElement {
  static override readonly properties: PropertyDeclarations = {
    src: {},
    tenant: {},
    workspace: {},
    poll: {},
    announce: {},
    now: {},
    lang: { reflect: true },
    timeZone: { attribute: 'time-zone' },
    headingLevel: { type: Number, attribute: 'heading-level' },
    listHref: { attribute: 'list-href' },
    runHref: { attribute: 'run-href' },
    fetcher: { attribute: false },
    report: { attribute: false },
    store: { attribute: false },
    policy: { attribute: false },
    catalogue: { attribute: false },
    hrefFor: { attribute: false },
  };

  /** What the properties can be set to that are no plain text. */
  protected static readonly settings: Settings = {
    poll: oneOf('auto', 'keep', 'off'),
    headingLevel: numberFrom(1),
    announce: oneOf('polite', 'off'),
    now: instantText,
    timeZone,
    fetcher: callback,
    report: anything,
    store: object,
    policy: object,
    catalogue: object,
    hrefFor: callback,
  };

  /** URL of a run API. One of another origin needs a `fetcher`. */
  declare src: string | undefined;
  /** Shows the runs of this tenant only. */
  declare tenant: string | undefined;
  /** Shows the runs of this workspace only. */
  declare workspace: string | undefined;
  /** `keep` polls at least once a minute, `auto` until nothing is active, `off` reads once. By default `keep`, and `auto` for a single run. */
  declare poll: 'auto' | 'keep' | 'off' | undefined;
  /** `off` keeps this element from announcing changes to assistive technology. */
  declare announce: 'polite' | 'off' | undefined;
  /** Stops the clock at this instant (RFC 3339) for data from `report` or inside, for screenshots and server rendering. */
  declare now: string | undefined;
  /** IANA name of the zone of absolute times; by default the browser's. */
  declare timeZone: string | undefined;
  /** The level of the element's heading among those of the page, from 1 to 6; 2 by default. */
  declare headingLevel: number | undefined;
  /** URL of the host's operations list; the filter is added as its query. */
  declare listHref: string | undefined;
  /** URL of the host's page of one run, with `{id}` and, if needed, `{source}`. By default the run's own `url`. */
  declare runHref: string | undefined;
  /** Reads a URL like `fetch`; with it a host adds a token or asks another origin. */
  declare fetcher: Fetcher | undefined;
  /** A report of the command line, or a page of the run API: shown instead of reading `src`. */
  declare report: unknown;
  /** A store of the host. */
  declare store: OpsStore | undefined;
  /** The policy that judges a page of the run API in `report`; the default policy where there is none. */
  declare policy: PolicyDocument | undefined;
  /** The host's own words, instead of those of `lang`. */
  declare catalogue: Catalogue | undefined;
  /** Maps a link to a route of the host; `undefined` makes it plain text. */
  declare hrefFor: ((target: NavigationTarget) => string | undefined) | undefined;

  /** The words of the element's language. */
  protected words: PageCatalogue = catalogueOf('');
  /** The runs whose words are on show: only these are drawn again as time passes. */
  protected shown: readonly StoreRun[] = [];
  /** The links into the host's pages. */
  protected readonly links = new HostLinks(this);
  readonly #loader = new CodeLoader(() => {
    this.#adopt(this.renderRoot);
    this.requestUpdate();
  });
  /** A server has drawn it. */
  #isTakenOver = false;
  #isLoading = false;
  /** There is nothing to show yet. */
  #isWaiting = false;
  readonly #internals = this.attachInternals();
  readonly #reporter = new ViewReporter(this);
  readonly #connection = new StoreConnection(this, {
    given: () => {
      const { store, report, src, fetcher, policy, now } = this;
      return { ...this.scope, store, report, src, fetcher, policy, now };
    },
    wants: () => ({ ...this.interest, poll: this.poll ?? this.interest.poll }),
    nextWordsAt: (now) => this.nextWordsAt(now),
    opened: () => {
      this.shown = [];
      this.#reporter.reset();
    },
    viewChanged: (store, changes) => this.#viewChanged(store, changes),
  });

  /** What is known at the moment; `undefined` before there is anything to read. */
  get view(): StoreView | undefined {
    return this.source?.view;
  }

  /** Reads now. */
  async refresh(): Promise<void> {
    await Promise.all([this.#loader.load(), this.source?.refresh()]);
  }

  /** Call it when work was started: reads now, and polls for a while even if no run is listed yet. */
  async workStarted(): Promise<void> {
    await this.source?.poke();
  }

  /** What the element wants to have read. */
  protected abstract get interest(): ListenerInterest;

  /** Draws what is known. */
  protected abstract body(view: StoreView): TemplateResult | typeof nothing;

  /** Code that the element draws with, beside its own. */
  protected get code(): Part<{ readonly styles: CSSResult }> | undefined {
    return undefined;
  }

  /** Custom states beside those of the phase. */
  protected stateNames(_view: StoreView): readonly string[] {
    return [];
  }

  /** Whether the element is about this run: only then it reports its changes. */
  protected concerns(_run: Run): boolean {
    return true;
  }

  /** The store that the runs come from. */
  protected get source(): OpsStore | undefined {
    return this.#connection.store;
  }

  /** The tenant and the workspace that the element is for. */
  protected get scope(): StoreScope {
    return { tenant: this.tenant || undefined, workspace: this.workspace || undefined };
  }

  /** The level of the element's heading. */
  protected get level(): number {
    return Math.min(Math.floor(this.headingLevel ?? 2), 6);
  }

  /** How times are written. */
  protected get times(): TimeOptions {
    return { messages: this.words.messages, timeZone: this.timeZone ?? browserZone() };
  }

  /** The instant that words are for. */
  protected get instant(): Instant {
    return this.source?.now() ?? 0;
  }

  /** The instant of the data on show, in words. */
  protected get asOfText(): string {
    const at = this.view?.asOf;
    return at === undefined ? '' : clockTime(at, this.instant, this.times);
  }

  /** The view is too old to call a run healthy. */
  protected get isOld(): boolean {
    const phase = this.view?.phase;
    return phase !== 'live' && phase !== 'record';
  }

  /** The words for a run, at this very instant. */
  protected present(row: StoreRun): Presentation {
    const { run, freshness, previous } = this.source?.judge(row) ?? row;
    return present(run, freshness, this.instant, { messages: this.words.messages, previous, withheld: this.isOld });
  }

  /** The name of a run's tenant, where the element shows several. */
  protected tenantOf({ tenant }: Run): string | undefined {
    return this.scope.tenant === undefined ? (tenant?.name ?? tenant?.id) : undefined;
  }

  /** The text instead of a run that is not known: it does not exist, cannot be read, or has not been read yet. */
  protected absenceText(id: string): string {
    const { view } = this;
    const { runNotFound, unreachable, loading } = this.words.surfaces.view;
    const failure = view?.failures.get(id);
    if (failure !== undefined) return failure.status === 403 ? runNotFound : unreachable;
    const isMissing = view?.missing.has(id) === true || view?.endedSince === undefined || view.phase === 'record';
    return isMissing ? runNotFound : loading;
  }

  /** The next instant at which the words on show differ. */
  protected nextWordsAt(now: Instant): Instant {
    return this.shown.reduce((next, row) => Math.min(next, wordsChangeAt(row, now)), Infinity);
  }

  /** A run that the element is about has changed its state. */
  protected changed(change: RunChange): void {
    this.dispatchEvent(new OpsRunChangeEvent(change));
    const row = this.view?.runs.find(({ run }) => run === change.run);
    if (row === undefined || change.to === 'fresh') return;
    const { announce: texts } = this.words.surfaces;
    this.say(`${row.run.source} ${row.run.id} ${change.to}`, texts.changed(titleOf(row.run), this.present(row).label));
  }

  /** Announces a text politely; `key` names its subject, so that several elements announce it once. */
  protected say(key: string, text: string): void {
    if (this.announce === 'off') return;
    const page = currentPage();
    const { surfaces } = this.words;
    announcer.use(({ announce }) => announce(page, key, text, surfaces));
  }

  /** A strict host may forbid the styles that a server wrote into the page, but never those of the class. */
  protected override createRenderRoot(): HTMLElement | DocumentFragment {
    this.#isTakenOver = this.shadowRoot !== null;
    const root = super.createRenderRoot();
    this.#adopt(root);
    return root;
  }

  /** What a server drew is taken over with all the code that it was drawn by. */
  protected override scheduleUpdate(): void | Promise<unknown> {
    if (!this.#isTakenOver || this.hasUpdated) return super.scheduleUpdate();
    this.#loader.need([this.code, partOf(this.#lang), reportReader, this.policy && policyReader]);
    return this.#loader.load().then(() => super.scheduleUpdate());
  }

  protected override willUpdate(changed: PropertyValues): void {
    readSettings(this, (this.constructor as typeof OpsElement).settings, changed.keys());
    this.#connection.open();
    const language = this.catalogue === undefined ? partOf(this.#lang) : undefined;
    this.#loader.need([this.code, language]);
    const isForeign = language !== undefined && language.value === undefined;
    // The words on show stay until the others are here; the first ones are waited for.
    if (!isForeign || language.hasFailed) this.words = this.catalogue ?? catalogueOf(this.#lang);
    this.#isLoading = isForeign && !language.hasFailed && (this.#isLoading || !this.hasUpdated);
  }

  /** Drawn with everything that it needs, which may have to be loaded. */
  protected override async getUpdateComplete(): Promise<boolean> {
    const isDone = await super.getUpdateComplete();
    const loading = this.#loader.loading ?? reportReader.loading ?? policyReader.loading;
    if (loading === undefined) return isDone;
    await loading;
    return this.getUpdateComplete();
  }

  protected override render(): TemplateResult | typeof nothing {
    const { view } = this;
    const { surfaces } = this.words;
    // Several elements of one store say the same: the first one at length.
    const refresh = isServer || isSpokesman(this.source, this) ? () => this.refresh() : undefined;
    this.#isWaiting = false;
    if (this.#isLoading) return html`<slot></slot>`;
    const { code } = this;
    const isIncomplete = code !== undefined && code.value === undefined;
    if (view === undefined || isAwaited(view, this.interest) || (isIncomplete && !code.hasFailed)) {
      this.#isWaiting = true;
      const text = loadingText(view, surfaces, this.instant, this.times);
      return html`<slot>${notice(text, 'live', 'panel notice', surfaces, refresh)}</slot>`;
    }
    const instead = phaseText(view, surfaces) ?? (isIncomplete ? surfaces.view.unreachable : undefined);
    if (instead !== undefined) {
      return html`<slot name=${view.failure?.status === undefined ? 'error' : 'denied'}
        >${notice(instead, isIncomplete ? 'old' : view.phase, 'panel notice', surfaces, refresh)}</slot
      >`;
    }
    const above = noticeText(view, surfaces, this.instant, this.times);
    return html`${above === '' ? nothing : notice(above, view.phase, 'notice', surfaces, refresh)}${this.body(view)}`;
  }

  protected override updated(_changed: PropertyValues): void {
    const { view } = this;
    const { states } = this.#internals;
    states.clear();
    if (view === undefined) return;
    const own = this.#isWaiting ? ['loading'] : this.stateNames(view);
    for (const name of [view.phase, ...own]) states.add(name.replaceAll('_', '-'));
  }

  get #lang(): string {
    return this.lang || (isServer ? '' : langOf(this));
  }

  #adopt(root: HTMLElement | DocumentFragment): void {
    const { elementStyles } = this.constructor as typeof LitElement;
    const { styles } = this.code?.value ?? {};
    adoptStyles(root as ShadowRoot, styles === undefined ? elementStyles : [...elementStyles, styles]);
  }

  #viewChanged(store: OpsStore, changes: readonly RunChange[]): void {
    if (this.#reporter.report(store, this.interest.id) && store.view.phase === 'old')
      this.say('old', this.words.surfaces.announce.notUpdating);
    for (const change of changes) {
      if (this.concerns(change.run) && (change.from !== undefined || !isActive(change.run))) this.changed(change);
    }
  }
}

let zone: string | undefined;

function browserZone(): string {
  return (zone ??= new Intl.DateTimeFormat().resolvedOptions().timeZone);
}
