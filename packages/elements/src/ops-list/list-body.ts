import { html, nothing, type LitElement, type TemplateResult } from 'lit';
import {
  clockTime,
  enListMessages,
  numberText,
  runKey,
  TABS,
  type Instant,
  type Presentation,
  type Run,
  type RunFilter,
  type Tab,
  type TimeOptions,
} from '@tardy/core';
import type { ListWords, PageCatalogue } from '../shared/catalogue.js';
import type { StoreRun, StoreView } from '../store/ops-store.js';
import type { StoreScope } from '../store/run-store.js';
import { filterBar, isFiltered } from './list-filters.js';
import { pager } from './list-pager.js';
import { HeldRows, ListSlice } from './list-slice.js';
import { listTable, type Column } from './list-table.js';
import { tabBar } from './list-tabs.js';
import { RowReader } from './row-reader.js';
import { WidthWatch } from './width-watch.js';

export { opsListStyles as styles } from './ops-list.styles.js';

const NARROW_PX = 520;

/** What a list is drawn from at the moment. */
export type ListInput = {
  readonly view: StoreView;
  /** The filter within the element's scope. */
  readonly filter: RunFilter;
  /** The page that is asked for, from 1. */
  readonly page: number;
  /** How many rows a page has. */
  readonly size: number;
  readonly compact: boolean;
  /** The level of the heading of a compact list. */
  readonly level: number;
  /** The tenant and the workspace that the element is for. */
  readonly scope: StoreScope;
  readonly words: PageCatalogue;
  readonly times: TimeOptions;
  readonly now: Instant;
  /** The view is too old to call a run healthy. */
  readonly old: boolean;
};

/** What a list asks of its element. */
export type ListActions = {
  readonly present: (row: StoreRun) => Presentation;
  readonly link: (run: Run, tabIndex: number) => TemplateResult;
  /** The link to the list with all runs. */
  readonly all: (text: string) => TemplateResult | typeof nothing;
  readonly change: (filter: RunFilter) => void;
  readonly turnTo: (page: number) => void;
  /** Shows the first page as it is now. */
  readonly toFirst: () => void;
};

/** Draws a list, and remembers what somebody is reading in it. */
export class ListBody {
  /** The rows on show. */
  shown: readonly StoreRun[] = [];
  readonly #slice = new ListSlice();
  readonly #held = new HeldRows();
  readonly #reader: RowReader;
  readonly #width: WidthWatch;
  readonly #element: LitElement;
  readonly #actions: ListActions;
  #isHolding = false;
  #pending = 0;
  #input: (Omit<ListInput, 'words'> & { readonly words: ListWords }) | undefined;

  constructor(element: LitElement, actions: ListActions) {
    this.#element = element;
    this.#actions = actions;
    this.#reader = new RowReader(element);
    this.#width = new WidthWatch(element, NARROW_PX);
  }

  /** Custom states of the element. */
  get states(): readonly string[] {
    return [
      ...(this.#input !== undefined && isFiltered(this.#input.filter) ? ['filtered'] : []),
      ...(this.#pending > 0 ? ['has-pending-rows'] : []),
      ...(this.#width.isNarrow ? ['narrow'] : []),
      ...(this.shown.length === 0 ? ['empty'] : []),
    ];
  }

  /** How many runs match, in words. */
  get found(): string {
    return this.#words.surfaces.list.found(this.#number(this.#slice.rows.length));
  }

  /** Shows what there is from now on, whatever somebody reads. */
  release(): void {
    this.#isHolding = false;
  }

  /** The page with a run, if it matches the filter; its row is the one to focus. */
  pageOf(id: string): number | undefined {
    const index = this.#slice.rows.findIndex(({ run }) => run.id === id);
    const row = this.#slice.rows[index];
    if (row === undefined) return undefined;
    this.#reader.current = runKey(row.run);
    return Math.floor(index / this.#known.size) + 1;
  }

  /** Focuses the row that the keyboard is at. */
  focus(): void {
    this.#reader.rows.find(({ tabIndex }) => tabIndex === 0)?.focus();
  }

  draw(input: ListInput): TemplateResult {
    const { messages, surfaces } = input.words;
    const words = { messages, surfaces: { ...surfaces, list: surfaces.list ?? enListMessages } };
    this.#input = { ...input, words };
    const { view, filter, size, compact, scope } = input;
    const slice = this.#slice;
    slice.update(view.runs, filter);
    const pages = Math.max(1, Math.ceil(slice.rows.length / size));
    const page = Math.min(input.page, pages);
    const start = (page - 1) * size;
    this.#isHolding &&= this.#reader.isReading;
    if (this.#isHolding) {
      this.shown = this.#held.rows(view.runs, slice.rows);
      this.#pending = this.#held.pending(slice.rows);
    } else {
      this.shown = slice.rows.slice(start, start + size);
      this.#held.hold(slice.rows, this.shown);
      this.#pending = 0;
      this.#isHolding = true;
    }
    const { list, tabs } = words.surfaces;
    const caption = compact ? list.recent : `${list.title}: ${tabs[filter.tab]}`;
    const content = this.shown.length === 0 ? this.#nothing(view) : this.#table(filter, caption);
    const panel = html`<div
      class="rows"
      id="panel"
      role=${compact ? nothing : 'tabpanel'}
      aria-labelledby=${compact ? nothing : `tab-${filter.tab}`}
      @mouseleave=${this.#left}
      @focusout=${this.#left}
    >
      ${content}
    </div>`;
    if (compact) {
      return html`<section part="base" class="base" aria-label=${list.recent}>
        <div class="toolbar">
          <slot name="heading"><h2 part="heading" aria-level=${input.level}>${list.recent}</h2></slot
          >${this.#pendingButton()}
        </div>
        ${panel}
        <p class="all links">${this.#actions.all(list.all)}</p>
        <slot name="footer"></slot>
      </section>`;
    }
    return html`<section part="base" class="base" aria-label=${list.title}>
      <slot name="heading"></slot>
      <div part="toolbar" class="toolbar">
        ${this.#tabs(filter)}${this.#pendingButton()}<slot name="toolbar"></slot>
      </div>
      <slot name="filters"
        >${
          view.runs.length === 0
            ? nothing
            : filterBar({
                filter,
                choices: slice.choices,
                scope,
                narrow: this.#width.isNarrow,
                words,
                times: input.times,
                now: input.now,
                change: this.#actions.change,
              })
        }</slot
      >
      ${panel} ${this.#pager(page, pages, start)} ${this.#older(view)}<slot name="footer"></slot>
    </section>`;
  }

  get #known(): Omit<ListInput, 'words'> & { readonly words: ListWords } {
    if (this.#input === undefined) throw new Error('The list has not been drawn yet.');
    return this.#input;
  }

  get #words(): ListWords {
    return this.#known.words;
  }

  #number(value: number): string {
    return numberText(value, this.#words.messages);
  }

  #table(filter: RunFilter, caption: string): TemplateResult {
    const { compact, scope, old, times, now } = this.#known;
    const columns: Column[] = ['severity', 'title'];
    if (!compact) {
      if (scope.tenant === undefined) columns.push('tenant');
      columns.push('progress', 'duration');
    }
    const ended = filter.tab === 'completed' || filter.tab === 'terminal_follow_up';
    columns.push(compact ? 'queued' : ended ? 'ended' : 'started');
    return html`<div @keydown=${this.#reader.keyDown} @focusin=${this.#reader.focusIn} @click=${this.#reader.click}>
      ${listTable({
        rows: this.shown,
        columns,
        sort: compact ? undefined : filter.sort,
        caption,
        current: this.#reader.current,
        old,
        words: this.#words,
        times,
        now,
        present: this.#actions.present,
        link: this.#actions.link,
        sortBy: (sort) => this.#actions.change({ ...filter, sort }),
      })}
    </div>`;
  }

  #tabs(filter: RunFilter): TemplateResult {
    const { counts, worst } = this.#slice;
    const exact = this.#known.view.complete;
    const count = (tab: Tab) => {
      const text = this.#number(counts[tab]);
      return exact ? text : this.#words.surfaces.atLeast(text);
    };
    return tabBar({
      selected: filter.tab,
      counts: Object.fromEntries(TABS.map((tab) => [tab, count(tab)])) as Record<Tab, string>,
      tone: worst && this.#actions.present(worst).tone,
      words: this.#words.surfaces,
      open: (tab) => this.#openTab(tab),
      step: (tab) => {
        this.#openTab(tab);
        const { updateComplete, renderRoot } = this.#element;
        void updateComplete.then(() => renderRoot.querySelector<HTMLElement>('[aria-selected=true]')?.focus());
      },
    });
  }

  #openTab(tab: Tab): void {
    const { problemClass, ...rest } = this.#known.filter;
    // A problem class that belongs to the tab is dropped with it.
    this.#actions.change({ ...rest, tab, problemClass: problemClass === rest.tab ? undefined : problemClass });
  }

  #pendingButton(): TemplateResult | typeof nothing {
    if (this.#pending === 0) return nothing;
    const show = ({ detail }: MouseEvent) => {
      this.#actions.toFirst();
      // The button disappears; who pressed it by the keyboard continues at the first row.
      if (detail === 0) void this.#element.updateComplete.then(() => this.#reader.rows[0]?.focus());
    };
    return html`<button part="new-rows-button" class="pending" type="button" @click=${show}>
      ${this.#words.surfaces.list.pending(this.#pending)}
    </button>`;
  }

  #nothing(view: StoreView): TemplateResult | typeof nothing {
    const { list } = this.#words.surfaces;
    if (view.runs.length > 0)
      return html`<slot name="no-match"><p part="empty" class="empty muted">${list.noMatch}</p></slot>`;
    // With rows missing this is unknown: the notice above says so.
    if (view.asOf === undefined || !view.complete || view.foreign > 0) return nothing;
    return html`<slot name="empty"><p part="empty" class="empty muted">${list.empty}</p></slot>`;
  }

  #pager(page: number, pages: number, start: number): TemplateResult | typeof nothing {
    const total = this.#slice.rows.length;
    if (total === 0) return nothing;
    const { list } = this.#words.surfaces;
    const last = Math.min(start + this.#known.size, total);
    const info = list.range(this.#number(start + 1), this.#number(last), this.#number(total));
    return pager({ page, pages, info, words: list, turnTo: this.#actions.turnTo });
  }

  /** Says where the list ends if it was not read to its end. */
  #older({ endedSince }: StoreView): TemplateResult | typeof nothing {
    if (endedSince === undefined || !Number.isFinite(endedSince)) return nothing;
    const { now, times } = this.#known;
    const time = clockTime(endedSince, now, times);
    return html`<p part="notice" class="notice">${this.#words.surfaces.view.endedSince(time)}</p>`;
  }

  readonly #left = (): void => {
    // Where the focus moves to is known only afterwards.
    setTimeout(() => this.#element.requestUpdate());
  };
}
