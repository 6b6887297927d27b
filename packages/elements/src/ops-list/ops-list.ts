import { html, isServer, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from 'lit';
import {
  clockTime,
  DEFAULT_FILTER,
  filterFromSearch,
  filterToSearch,
  numberText,
  runKey,
  TABS,
  type RunFilter,
  type Tab,
} from '@tardy/core';
import { OpsFilterChangeEvent } from '../events/ops-filter-change.js';
import { OpsPageChangeEvent } from '../events/ops-page-change.js';
import { OpsElement } from '../shared/ops-element.js';
import { numberFrom, object, oneOf, type Settings } from '../shared/settings.js';
import { sharedStyles } from '../shared/shared.styles.js';
import type { StoreRun, StoreView } from '../store/ops-store.js';
import { filterBar, isFiltered } from './list-filters.js';
import { pager } from './list-pager.js';
import { HeldRows, ListSlice } from './list-slice.js';
import { listTable, type Column } from './list-table.js';
import { tabBar } from './list-tabs.js';
import { placeFromUrl, placeToUrl, type SyncUrl } from './list-url.js';
import { opsListStyles } from './ops-list.styles.js';
import { RowReader } from './row-reader.js';
import { WidthWatch } from './width-watch.js';

const NEWEST: RunFilter = { tab: 'all', sort: { key: 'queued', descending: true } };
const NARROW_PX = 760;

/**
 * The list of operations with tabs, filters, order and pages over one snapshot, or only the newest runs (`density="compact"`).
 *
 * Rows that are hovered, focused or selected keep their places, and new rows wait behind a button.
 *
 * @tag ops-list
 * @slot - Shown until there is data.
 * @slot heading - Replaces the title of a compact list; above the tabs of a full one.
 * @slot toolbar - Next to the tabs.
 * @slot filters - Replaces the filters, for a host that has its own and sets `filter`.
 * @slot empty - Replaces the message that there are no runs at all.
 * @slot no-match - Replaces the message that no run matches the filters.
 * @slot footer - Below the rows.
 * @slot error - Replaces the message that nothing can be read.
 * @slot denied - Replaces the message that the viewer has no access, or is not signed in.
 * @csspart base - The container.
 * @csspart heading - The title of a compact list.
 * @csspart toolbar - The tabs, and what a host puts next to them.
 * @csspart tabs - The tabs.
 * @csspart tab - One tab.
 * @csspart tab-count - The number of its runs.
 * @csspart filters - The filters.
 * @csspart chip - One active filter; a button that removes it.
 * @csspart clear - The button that removes all filters.
 * @csspart table - The table.
 * @csspart head - Its header.
 * @csspart header-cell - The header of a column.
 * @csspart sort-button - The button that sorts by a column.
 * @csspart body - The rows.
 * @csspart row - One run. Also `row-warning`, `row-danger`, … by tone.
 * @csspart cell - One value. Also `cell-severity`, `cell-title`, … by column.
 * @csspart badge - The state of a run. Also `badge-danger`, … by tone.
 * @csspart headline - The state in a few words.
 * @csspart title - The name of a run; a link if the host has a page for it.
 * @csspart pager - The pages.
 * @csspart prev - The button to the previous page.
 * @csspart next - The button to the next page.
 * @csspart page-info - Which rows are on the page.
 * @csspart new-rows-button - The button that shows new rows.
 * @csspart more - The link of a compact list to the full one.
 * @csspart notice - The age of the view, and what is missing from it.
 * @cssprop --ops-surface - Background.
 * @cssprop --ops-accent - Colour of what is selected, and of buttons.
 * @cssprop --ops-warning - Colour of late runs.
 * @cssprop --ops-danger - Colour of runs that are likely stuck or have failed.
 * @cssstate filtered - Some runs are filtered out.
 * @cssstate has-pending-rows - New rows are waiting to be shown.
 * @cssstate narrow - The rows are cards.
 * @cssstate empty - There is no row to show.
 * @fires {OpsFilterChangeEvent} ops-filter-change - The viewer wants another slice; cancelable.
 * @fires {OpsPageChangeEvent} ops-page-change - The viewer turns the page; cancelable.
 * @fires {OpsNavigateEvent} ops-navigate - A link was followed; cancelable.
 * @fires {OpsRunChangeEvent} ops-run-change - A run changed its state.
 * @fires {OpsErrorEvent} ops-error - Reading failed.
 * @fires {OpsAuthRequiredEvent} ops-auth-required - The viewer is no longer signed in; once per page, cancelable.
 * @fires {OpsScopeViolationEvent} ops-scope-violation - The API returned rows of another tenant.
 */
export class OpsList extends OpsElement {
  static readonly tag = 'ops-list';
  static override readonly styles = [sharedStyles, opsListStyles];
  static override readonly properties: PropertyDeclarations = {
    density: { reflect: true },
    filter: { converter: { fromAttribute: (text) => filterFromSearch(text ?? '') } },
    page: { type: Number },
    pageSize: { type: Number, attribute: 'page-size' },
    recent: { type: Number },
    syncUrl: { attribute: 'sync-url' },
    urlPrefix: { attribute: 'url-prefix' },
  };

  protected static override readonly settings: Settings = {
    ...OpsElement.settings,
    density: oneOf('full', 'compact'),
    filter: (value) => (typeof value === 'string' ? filterFromSearch(value) : object(value)),
    page: numberFrom(1),
    pageSize: numberFrom(1),
    recent: numberFrom(0),
    syncUrl: oneOf('none', 'replace', 'push'),
  };

  /** `compact` shows the newest runs only, without tabs and filters. */
  declare density: 'full' | 'compact' | undefined;
  /** The filter; as an attribute the query of a link, such as `activeTab=active&type=sync`. */
  declare filter: RunFilter | undefined;
  /** The page, from 1. */
  declare page: number | undefined;
  /** How many rows a page has: 25 by default (10 if compact), 100 at most. */
  declare pageSize: number | undefined;
  /** How many of the newest runs are read in addition to the active ones; 500 by default. */
  declare recent: number | undefined;
  /** Keeps filter and page in the page's URL: in the current history entry (`replace`), or each in an entry of its own (`push`). */
  declare syncUrl: SyncUrl | undefined;
  /** A prefix for each key in the page's URL, so that two lists can share it. */
  declare urlPrefix: string | undefined;

  readonly #slice = new ListSlice();
  readonly #held = new HeldRows();
  #isHolding = false;
  #pending = 0;
  readonly #reader = new RowReader(this);
  readonly #width = new WidthWatch(this, NARROW_PX);
  #first: RunFilter | undefined;

  /** Shows the new rows that wait. */
  showPending(): void {
    this.#isHolding = false;
    this.requestUpdate();
  }

  /** Turns to the page with this run, if it matches the filter, and focuses its row. */
  async focusRow(id: string): Promise<boolean> {
    const index = this.#slice.rows.findIndex(({ run }) => run.id === id);
    const row = this.#slice.rows[index];
    if (row === undefined) return false;
    this.#reader.current = runKey(row.run);
    this.page = Math.floor(index / this.#size) + 1;
    this.showPending();
    await this.updateComplete;
    this.#reader.rows.find(({ tabIndex }) => tabIndex === 0)?.focus();
    return true;
  }

  protected override get interest() {
    const poll = 'keep';
    return this.#isCompact
      ? ({ recent: this.#size, poll } as const)
      : ({ active: true, recent: this.recent ?? 500, poll } as const);
  }

  protected override stateNames(): readonly string[] {
    return [
      ...(isFiltered(this.#filter) ? ['filtered'] : []),
      ...(this.#pending > 0 ? ['has-pending-rows'] : []),
      ...(this.#width.isNarrow ? ['narrow'] : []),
      ...(this.shown.length === 0 ? ['empty'] : []),
    ];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('popstate', this.#cameBack);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('popstate', this.#cameBack);
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    if (changed.has('syncUrl') && this.#syncs && !isServer) {
      this.#first = this.filter;
      const place = placeFromUrl(this.urlPrefix ?? '');
      if (place !== undefined) ({ filter: this.filter, page: this.page } = place);
    }
    if (['filter', 'page', 'pageSize', 'tenant', 'workspace'].some((name) => changed.has(name)))
      this.#isHolding = false;
  }

  protected override body(view: StoreView): TemplateResult {
    const filter = this.#filter;
    const slice = this.#slice;
    slice.update(view.runs, filter);
    const size = this.#size;
    const pages = Math.max(1, Math.ceil(slice.rows.length / size));
    const page = this.#isCompact ? 1 : Math.min(Math.max(1, Math.floor(this.page ?? 1)), pages);
    const start = (page - 1) * size;
    this.#isHolding &&= this.#reader.isReading;
    if (this.#isHolding) {
      this.shown = this.#held.rows(view.runs);
      this.#pending = this.#held.pending(slice.rows);
    } else {
      this.shown = slice.rows.slice(start, start + size);
      this.#held.hold(slice.rows, this.shown);
      this.#pending = 0;
      this.#isHolding = true;
    }
    const { list, tabs } = this.words.surfaces;
    const caption = this.#isCompact ? list.recent : `${list.title}: ${tabs[filter.tab]}`;
    const content = this.shown.length === 0 ? this.#nothing(view) : this.#table(filter, caption);
    const panel = html`<div
      class="rows"
      id="panel"
      role=${this.#isCompact ? nothing : 'tabpanel'}
      aria-labelledby=${this.#isCompact ? nothing : `tab-${filter.tab}`}
      @mouseleave=${this.#release}
      @focusout=${this.#release}
    >
      ${this.#pendingButton()} ${content}
    </div>`;
    if (this.#isCompact) {
      return html`<section part="base" class="base">
        <div class="toolbar">
          <slot name="heading"><h2 part="heading">${list.recent}</h2></slot>
        </div>
        ${panel}
        <p class="all links">${this.links.list({}, 'more', list.all)}</p>
        <slot name="footer"></slot>
      </section>`;
    }
    return html`<section part="base" class="base">
      <slot name="heading"></slot>
      <div part="toolbar" class="toolbar">${this.#tabs(filter)}<slot name="toolbar"></slot></div>
      <slot name="filters"
        >${
          view.runs.length === 0
            ? nothing
            : filterBar({
                filter,
                choices: slice.choices,
                scope: this.scope,
                narrow: this.#width.isNarrow,
                words: this.words,
                times: this.times,
                now: this.instant,
                change: (wanted) => this.#change(wanted),
              })
        }</slot
      >
      ${panel} ${this.#pager(page, pages, start)} ${this.#older(view)}<slot name="footer"></slot>
    </section>`;
  }

  get #isCompact(): boolean {
    return this.density === 'compact';
  }

  get #syncs(): boolean {
    return (this.syncUrl ?? 'none') !== 'none' && !this.#isCompact;
  }

  get #size(): number {
    return Math.min(Math.max(1, Math.floor(this.pageSize ?? (this.#isCompact ? 10 : 25))), 100);
  }

  /** The filter within the element's scope, which no filter widens. */
  get #filter(): RunFilter {
    const filter = this.#isCompact ? NEWEST : (this.filter ?? DEFAULT_FILTER);
    const { tenantId = filter.tenantId, workspaceId = filter.workspaceId } = this.links.scopeFilter;
    return { ...filter, tenantId, workspaceId };
  }

  #number(value: number): string {
    return numberText(value, this.words.messages);
  }

  #table(filter: RunFilter, caption: string): TemplateResult {
    const columns: Column[] = ['severity', 'title'];
    if (!this.#isCompact) {
      if (this.scope.tenant === undefined) columns.push('tenant');
      columns.push('progress', 'started');
    }
    const ended = filter.tab === 'completed' || filter.tab === 'terminal_follow_up';
    columns.push(this.#isCompact ? 'queued' : ended ? 'ended' : 'heartbeat');
    return html`<div @keydown=${this.#reader.keyDown} @focusin=${this.#reader.focusIn}>
      ${listTable({
        rows: this.shown,
        columns,
        sort: this.#isCompact ? undefined : filter.sort,
        caption,
        current: this.#reader.current,
        old: this.isOld,
        words: this.words,
        times: this.times,
        now: this.instant,
        present: (row: StoreRun) => this.present(row),
        link: (run) => this.links.run(run),
        sortBy: (sort) => this.#change({ ...filter, sort }),
      })}
    </div>`;
  }

  #tabs(filter: RunFilter): TemplateResult {
    const { counts, worst } = this.#slice;
    const exact = this.view?.complete !== false;
    const count = (tab: Tab) => {
      const text = this.#number(counts[tab]);
      return exact ? text : this.words.surfaces.atLeast(text);
    };
    return tabBar({
      selected: filter.tab,
      counts: Object.fromEntries(TABS.map((tab) => [tab, count(tab)])) as Record<Tab, string>,
      tone: worst && this.present(worst).tone,
      words: this.words.surfaces,
      open: (tab) => this.#openTab(tab),
      step: (tab) => {
        this.#openTab(tab);
        void this.updateComplete.then(() =>
          this.renderRoot.querySelector<HTMLElement>('[aria-selected=true]')?.focus(),
        );
      },
    });
  }

  #pendingButton(): TemplateResult | typeof nothing {
    if (this.#pending === 0) return nothing;
    const show = ({ detail }: MouseEvent) => {
      this.page = 1;
      this.showPending();
      // The button disappears; who pressed it by the keyboard continues at the first row.
      if (detail === 0) void this.updateComplete.then(() => this.#reader.rows[0]?.focus());
    };
    return html`<button part="new-rows-button" class="pending" type="button" @click=${show}>
      ${this.words.surfaces.list.pending(this.#pending)}
    </button>`;
  }

  #nothing(view: StoreView): TemplateResult | typeof nothing {
    const { list } = this.words.surfaces;
    if (view.runs.length > 0)
      return html`<slot name="no-match"><p part="empty" class="empty muted">${list.noMatch}</p></slot>`;
    // With rows missing this is unknown: the notice above says so.
    if (view.asOf === undefined || !view.complete || view.foreign > 0) return nothing;
    return html`<slot name="empty"><p part="empty" class="empty muted">${list.empty}</p></slot>`;
  }

  #pager(page: number, pages: number, start: number): TemplateResult | typeof nothing {
    const total = this.#slice.rows.length;
    if (total === 0) return nothing;
    const { list } = this.words.surfaces;
    const last = Math.min(start + this.#size, total);
    const info = list.range(this.#number(start + 1), this.#number(last), this.#number(total));
    return pager({ page, pages, info, words: list, turnTo: (to) => this.#turnTo(to) });
  }

  /** Says where the list ends if it was not read to its end. */
  #older({ endedSince }: StoreView): TemplateResult | typeof nothing {
    if (endedSince === undefined || !Number.isFinite(endedSince)) return nothing;
    const time = clockTime(endedSince, this.instant, this.times);
    return html`<p part="notice" class="notice">${this.words.surfaces.list.endedSince(time)}</p>`;
  }

  #openTab(tab: Tab): void {
    const { problemClass, ...rest } = this.#filter;
    // A problem class that belongs to the tab is dropped with it.
    this.#change({ ...rest, tab, problemClass: problemClass === rest.tab ? undefined : problemClass });
  }

  #change(filter: RunFilter): void {
    const before = this.#filter;
    const search = filterToSearch(filter);
    if (this.dispatchEvent(new OpsFilterChangeEvent(filter, search))) {
      this.filter = filter;
      this.page = 1;
      this.#isHolding = false;
      // A letter that is typed is no history entry.
      this.#write(before.q !== undefined && before.q !== filter.q ? 'replace' : this.syncUrl);
      void this.updateComplete.then(() => {
        this.say(`found ${search}`, this.words.surfaces.list.found(this.#number(this.#slice.rows.length)));
      });
    }
    // A control shows what was chosen, even if the host prevented it.
    this.requestUpdate();
  }

  #turnTo(page: number): void {
    if (!this.dispatchEvent(new OpsPageChangeEvent(page))) return;
    this.page = page;
    this.#isHolding = false;
    this.#write(this.syncUrl);
  }

  #write(sync: SyncUrl = 'none'): void {
    if (this.#syncs) placeToUrl(this.urlPrefix ?? '', { filter: this.#filter, page: this.page ?? 1 }, sync);
  }

  readonly #cameBack = (): void => {
    if (!this.#syncs) return;
    const place = placeFromUrl(this.urlPrefix ?? '');
    this.filter = place?.filter ?? this.#first;
    this.page = place?.page ?? 1;
  };

  readonly #release = (): void => {
    // Where the focus moves to is known only afterwards.
    setTimeout(() => this.requestUpdate());
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'ops-list': OpsList;
  }
}
