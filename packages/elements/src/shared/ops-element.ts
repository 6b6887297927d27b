import {
  adoptStyles,
  html,
  isServer,
  LitElement,
  nothing,
  type PropertyDeclarations,
  type PropertyValues,
  type TemplateResult,
} from 'lit';
import {
  absoluteTime,
  clockTime,
  DEFAULT_FILTER,
  filterToSearch,
  isActive,
  present,
  type Instant,
  type PolicyDocument,
  type Presentation,
  type Run,
  type RunFilter,
  type TimeOptions,
} from '@tardy/core';
import { icon } from '../icons/icons.js';
import { OpsAuthRequiredEvent } from '../events/ops-auth-required.js';
import { OpsErrorEvent } from '../events/ops-error.js';
import { OpsRunChangeEvent } from '../events/ops-run-change.js';
import { OpsScopeViolationEvent } from '../events/ops-scope-violation.js';
import type { NavigationTarget } from '../events/ops-navigate.js';
import type { Fetcher } from '../store/environment.js';
import type {
  ListenerInterest,
  OpsFailure,
  OpsStore,
  RunChange,
  StoreRun,
  StoreView,
  ViewPhase,
} from '../store/ops-store.js';
import { currentPage } from '../store/page.js';
import { announce } from './announcer.js';
import type { StoreScope } from '../store/run-store.js';
import { link } from './links.js';
import { catalogueOf, langOf, type Catalogue } from './catalogue.js';
import { GivenSource } from './given-source.js';
import { notices, phaseText } from './notices.js';
import { wordsChangeAt } from './words-change.js';

const SCOPE = ['tenant', 'workspace', 'policy', 'now'] as const;
const SOURCES = ['src', 'fetcher', 'report', 'store', ...SCOPE] as const;

/**
 * What all elements have in common: where their data comes from, their language, and what they say when the data is old or
 * refused. An element says what it wants to have read (`interest`), and draws `body` from `view`.
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
    listHref: { attribute: 'list-href' },
    runHref: { attribute: 'run-href' },
    fetcher: { attribute: false },
    report: { attribute: false },
    store: { attribute: false },
    policy: { attribute: false },
    catalogue: { attribute: false },
    hrefFor: { attribute: false },
  };

  /** Address of a run API. One of another origin needs a `fetcher`. */
  declare src: string | undefined;
  /** Shows the runs of this tenant only. */
  declare tenant: string | undefined;
  /** Shows the runs of this workspace only. */
  declare workspace: string | undefined;
  /** `auto` (the default) polls until nothing is active, `keep` goes on slowly, `off` reads once. */
  declare poll: 'auto' | 'keep' | 'off' | undefined;
  /** `off` keeps this element from announcing changes to assistive technology. */
  declare announce: 'polite' | 'off' | undefined;
  /** Stands the clock still at this instant (RFC 3339), for data from `report` or inside: for pictures and server rendering. */
  declare now: string | undefined;
  /** IANA name of the zone of absolute times; by default the browser's. */
  declare timeZone: string | undefined;
  /** Address of the host's operations list; the filter is added as its query. */
  declare listHref: string | undefined;
  /** Address of the host's page of one run, with `{id}` and, if needed, `{source}`. By default the run's own `url`. */
  declare runHref: string | undefined;
  /** Reads an address like `fetch`; with it a host adds a token or asks another origin. */
  declare fetcher: Fetcher | undefined;
  /** A report of the command line, or a page of the run API: shown instead of asking. */
  declare report: unknown;
  /** A store of the host. */
  declare store: OpsStore | undefined;
  /** What a page of the run API in `report` is judged by; the default policy where there is none. */
  declare policy: PolicyDocument | undefined;
  /** Words of the host's own, instead of those of `lang`. */
  declare catalogue: Catalogue | undefined;
  /** Maps a link to the host's routes; `undefined` makes plain text of it. */
  declare hrefFor: ((target: NavigationTarget) => string | undefined) | undefined;

  readonly #internals = this.attachInternals();
  #source: OpsStore | undefined;
  readonly #given = new GivenSource();
  #leave: (() => void) | undefined;
  #failure: OpsFailure | undefined;
  #foreign = 0;
  #words = catalogueOf('');
  /** The runs whose words are on show: only these are told again as time passes. */
  protected shown: readonly StoreRun[] = [];

  /** What is known at the moment; `undefined` before there is anywhere to read. */
  get view(): StoreView | undefined {
    return this.#source?.view;
  }

  /** Reads now. */
  async refresh(): Promise<void> {
    await this.#source?.refresh();
  }

  /** Work was started: reads now, and polls for a while though no run may show yet. */
  async workStarted(): Promise<void> {
    await this.#source?.poke();
  }

  /** What the element wants to have read. */
  protected abstract get interest(): ListenerInterest;

  /** Draws what is known. */
  protected abstract body(view: StoreView): TemplateResult | typeof nothing;

  /** Custom states beside those of the phase. */
  protected stateNames(_view: StoreView): readonly string[] {
    return [];
  }

  /** Whether the element is about this run: only then it tells of its changes. */
  protected concerns(_run: Run): boolean {
    return true;
  }

  /** Where the runs come from. */
  protected get source(): OpsStore | undefined {
    return this.#source;
  }

  /** The tenant and the workspace it is for. */
  protected get scope(): StoreScope {
    return { tenant: this.tenant || undefined, workspace: this.workspace || undefined };
  }

  /** The words of the element's language. */
  protected get words(): Catalogue {
    return this.#words;
  }

  /** How times are written. */
  protected get times(): TimeOptions {
    return { messages: this.words.messages, timeZone: this.timeZone ?? browserZone() };
  }

  /** The instant that words are for. */
  protected get instant(): Instant {
    return this.#source?.now() ?? 0;
  }

  /** When what is shown was so, in words. */
  protected get asOfText(): string {
    const at = this.view?.asOf;
    return at === undefined ? '' : clockTime(at, this.instant, this.times);
  }

  /** The view is too old to say what is well. */
  protected get isOld(): boolean {
    const phase = this.view?.phase;
    return phase !== 'live' && phase !== 'record';
  }

  /** The words of a run, at this very instant. */
  protected present(row: StoreRun): Presentation {
    const { run, freshness, previous } = this.#source?.judge(row) ?? row;
    return present(run, freshness, this.instant, { messages: this.words.messages, previous, withheld: this.isOld });
  }

  /** Where a link leads in the host's pages. */
  protected href(target: NavigationTarget): string | undefined {
    if (this.hrefFor !== undefined) {
      try {
        return this.hrefFor(target);
      } catch (error) {
        const failure = { kind: 'host', status: undefined, message: String(error), retryAt: undefined } as const;
        this.dispatchEvent(new OpsErrorEvent(failure));
        return undefined;
      }
    }
    if (target.kind === 'list') return this.listHref === undefined ? undefined : `${this.listHref}?${target.search}`;
    const { id, source, url } = target.run;
    return (
      this.runHref?.replaceAll('{id}', encodeURIComponent(id)).replaceAll('{source}', encodeURIComponent(source)) ?? url
    );
  }

  /** The filter of the element's own scope, for links. */
  protected get scopeFilter(): Pick<RunFilter, 'tenantId' | 'workspaceId'> {
    return { tenantId: this.scope.tenant, workspaceId: this.scope.workspace };
  }

  /** A link to a run, by its title. */
  protected runLink(run: Run): TemplateResult {
    const target = { kind: 'run', run } as const;
    return link(this.href(target), target, 'title', run.title);
  }

  /** A link to a slice of the list within the element's own scope; nothing where the host has no list. */
  protected listLink(slice: Partial<RunFilter>, part: string, content: unknown): TemplateResult | typeof nothing {
    const filter: RunFilter = { ...DEFAULT_FILTER, ...this.scopeFilter, ...slice };
    const target = { kind: 'list', filter, search: filterToSearch(filter) } as const;
    const href = this.href(target);
    return href === undefined ? nothing : link(href, target, part, content);
  }

  /** The name of a run's tenant, where the element shows several. */
  protected tenantOf({ tenant }: Run): string | undefined {
    return this.scope.tenant === undefined ? (tenant?.name ?? tenant?.id) : undefined;
  }

  /** Whether a run is known not to be there; otherwise it may not have been read yet. */
  protected isMissing(id: string): boolean {
    const { view } = this;
    return view !== undefined && (view.missing.has(id) || view.endedSince === undefined);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // A store is forgotten when its last element leaves: one that comes back asks for it again.
    if (this.hasUpdated) this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#leave?.();
    this.#leave = undefined;
  }

  /** The styles that a server wrote into the page may be forbidden there; those of the class never are. */
  protected override createRenderRoot(): HTMLElement | DocumentFragment {
    const root = super.createRenderRoot();
    adoptStyles(root as ShadowRoot, (this.constructor as typeof LitElement).elementStyles);
    return root;
  }

  protected override willUpdate(changed: PropertyValues): void {
    this.#words = this.catalogue ?? catalogueOf(this.lang || (isServer ? '' : langOf(this)));
    if (this.#leave === undefined || SOURCES.some((name) => changed.has(name))) this.#open(changed);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { view } = this;
    if (view === undefined || (view.asOf === undefined && view.phase === 'loading' && view.failure === undefined)) {
      return html`<slot @slotchange=${this.#slotChanged}
        >${this.#notice(this.words.surfaces.view.loading, 'live', 'panel notice')}</slot
      >`;
    }
    const text = phaseText(view, this.words.surfaces);
    if (text !== undefined) {
      return html`<slot name=${view.failure?.status === undefined ? 'error' : 'denied'}
        >${this.#notice(text, view.phase, 'panel notice')}</slot
      >`;
    }
    return html`${this.#notices(view)}${this.body(view)}`;
  }

  protected override updated(_changed: PropertyValues): void {
    const { view } = this;
    const { states } = this.#internals;
    states.clear();
    if (view !== undefined)
      for (const name of [view.phase, ...this.stateNames(view)]) states.add(name.replaceAll('_', '-'));
    this.#source?.plan();
  }

  #open(changed: PropertyValues): void {
    if (SCOPE.some((name) => changed.has(name))) this.#given.forget();
    const source = this.#given.open(this, this.scope);
    if (source === this.#source && this.#leave !== undefined) return;
    this.#leave?.();
    this.#leave = undefined;
    this.#source = source;
    this.#failure = undefined;
    this.shown = [];
    if (source === undefined || !this.isConnected || isServer) return;
    this.#leave = source.join({
      wants: () => ({ ...this.interest, poll: this.poll }),
      viewChanged: (changes) => this.#viewChanged(changes),
      nextWordsAt: (now) => this.nextWordsAt(now),
    });
    this.#report(source.view);
  }

  /** The next instant at which the words on show differ. */
  protected nextWordsAt(now: Instant): Instant {
    return this.shown.reduce((next, row) => Math.min(next, wordsChangeAt(row, now)), Infinity);
  }

  #viewChanged(changes: readonly RunChange[]): void {
    this.requestUpdate();
    const { view } = this;
    if (view !== undefined) this.#report(view);
    for (const change of changes) {
      if (!this.concerns(change.run)) continue;
      if (change.from !== undefined || !isActive(change.run)) this.changed(change);
    }
  }

  /** A run that the element is about has changed its state. */
  protected changed(change: RunChange): void {
    this.dispatchEvent(new OpsRunChangeEvent(change));
    const row = this.view?.runs.find(({ run }) => run === change.run);
    if (row === undefined || change.to === 'fresh') return;
    const { announce: texts } = this.words.surfaces;
    this.say(`${row.run.source} ${row.run.id} ${change.to}`, texts.changed(row.run.title, this.present(row).label));
  }

  /** Announces a text politely; `key` names what it is about, so that several elements say it once. */
  protected say(key: string, text: string): void {
    if (this.announce !== 'off') announce(currentPage(), key, text, this.words.surfaces);
  }

  /** Tells the host, once, of what is wrong with a view. */
  #report({ phase, failure, foreign, asOf }: StoreView): void {
    const isNew = failure !== undefined && failure !== this.#failure;
    const more = foreign > this.#foreign;
    this.#failure = failure;
    this.#foreign = foreign;
    if (more) this.dispatchEvent(new OpsScopeViolationEvent(foreign));
    if (!isNew) return;
    this.dispatchEvent(new OpsErrorEvent(failure));
    if (phase === 'old') this.say('old', this.words.surfaces.announce.notUpdating);
    if (phase !== 'signed_out') return;
    const page = currentPage();
    // One event for the page; what its answer was holds for every store.
    page.keepsSignedOut ??= !this.dispatchEvent(new OpsAuthRequiredEvent());
    if (!page.keepsSignedOut && asOf !== undefined) this.#source?.clear();
  }

  #notices(view: StoreView): TemplateResult | typeof nothing {
    const now = this.instant;
    const time = (at: Instant) => clockTime(at, now, this.times);
    const texts = notices(view, this.words.surfaces, {
      time,
      exact: (at) => clockTime(at, now, this.times, true),
      full: (at) => absoluteTime(at, this.times),
    });
    return texts.length === 0 ? nothing : this.#notice(texts.join(' '), view.phase, 'notice');
  }

  /** What may not be trusted, or not be seen, catches the eye. */
  #notice(text: string, phase: ViewPhase, look: string): TemplateResult {
    const isCalm = phase === 'live' || phase === 'record';
    return html`<p part="notice" class=${look} data-tone=${isCalm ? nothing : 'warning'}>
      ${isCalm ? nothing : icon('late')}<span>${text}</span>
      ${
        isCalm || phase === 'misconfigured'
          ? nothing
          : html`<button part="refresh" type="button" @click=${() => void this.refresh()}>
              ${this.words.surfaces.view.refresh}
            </button>`
      }
    </p>`;
  }

  readonly #slotChanged = (): void => {
    if (this.#source === undefined) this.requestUpdate();
  };
}

let zone: string | undefined;

function browserZone(): string {
  return (zone ??= new Intl.DateTimeFormat().resolvedOptions().timeZone);
}
