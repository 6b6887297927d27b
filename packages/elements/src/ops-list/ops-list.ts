import { css, isServer, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from 'lit';
import { DEFAULT_FILTER, filterFromSearch, filterToSearch, type RunFilter } from '@tardy/core';
import { listBody } from '#parts/list-body';
import { OpsFilterChangeEvent } from '../events/ops-filter-change.js';
import { OpsPageChangeEvent } from '../events/ops-page-change.js';
import { OpsElement } from '../shared/ops-element.js';
import { numberFrom, object, oneOf, type Settings } from '../shared/settings.js';
import { sharedStyles } from '../shared/shared.styles.js';
import type { StoreView } from '../store/ops-store.js';
import type { ListBody } from './list-body.js';
import { placeFromUrl, placeToUrl, type SyncUrl } from './list-url.js';

const NEWEST: RunFilter = { tab: 'all', sort: { key: 'queued', descending: true } };

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
 * @csspart about - Why a row stands out, what it waits for, or how it failed.
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
  static override readonly styles = [
    sharedStyles,
    css`
      :host {
        --reserved: 30rem;
      }
      :host([density='compact']) {
        --reserved: 16rem;
      }
    `,
    listBody.value?.styles ?? [],
  ];
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

  #body: ListBody | undefined;
  #first: RunFilter | undefined;

  /** Shows the new rows that wait. */
  showPending(): void {
    this.#body?.release();
    this.requestUpdate();
  }

  /** Turns to the page with this run, if it matches the filter, and focuses its row. */
  async focusRow(id: string): Promise<boolean> {
    const page = this.#body?.pageOf(id);
    if (page === undefined) return false;
    this.page = page;
    this.showPending();
    await this.updateComplete;
    this.#body?.focus();
    return true;
  }

  protected override get code() {
    return listBody;
  }

  protected override get interest() {
    const poll = 'keep';
    return this.#isCompact
      ? ({ recent: this.#size, poll } as const)
      : ({ active: true, recent: this.recent ?? 500, poll } as const);
  }

  protected override stateNames(): readonly string[] {
    return this.#body?.states ?? [];
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
    if (['filter', 'page', 'pageSize', 'tenant', 'workspace'].some((name) => changed.has(name))) this.#body?.release();
  }

  protected override body(view: StoreView): TemplateResult | typeof nothing {
    if (listBody.value === undefined) return nothing;
    const body = (this.#body ??= new listBody.value.ListBody(this, {
      present: (row) => this.present(row),
      link: (run, tabIndex) => this.links.run(run, tabIndex),
      all: (text) => this.links.list({}, 'more', text),
      change: (filter) => this.#change(filter),
      turnTo: (page) => this.#turnTo(page),
      toFirst: () => {
        this.page = 1;
        this.showPending();
      },
    }));
    const drawn = body.draw({
      view,
      filter: this.#filter,
      page: this.#isCompact ? 1 : Math.max(1, Math.floor(this.page ?? 1)),
      size: this.#size,
      compact: this.#isCompact,
      level: this.level,
      scope: this.scope,
      words: this.words,
      times: this.times,
      now: this.instant,
      old: this.isOld,
    });
    this.shown = body.shown;
    return drawn;
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

  #change(filter: RunFilter): void {
    const before = this.#filter;
    const search = filterToSearch(filter);
    if (this.dispatchEvent(new OpsFilterChangeEvent(filter, search))) {
      this.filter = filter;
      this.page = 1;
      this.#body?.release();
      // A letter that is typed is no history entry.
      this.#write(before.q !== undefined && before.q !== filter.q ? 'replace' : this.syncUrl);
      void this.updateComplete.then(() => this.say(`found ${search}`, this.#body?.found ?? ''));
    }
    // A control shows what was chosen, even if the host prevented it.
    this.requestUpdate();
  }

  #turnTo(page: number): void {
    if (!this.dispatchEvent(new OpsPageChangeEvent(page))) return;
    this.page = page;
    this.#body?.release();
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
}

declare global {
  interface HTMLElementTagNameMap {
    'ops-list': OpsList;
  }
}
