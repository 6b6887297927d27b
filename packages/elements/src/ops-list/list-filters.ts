import { html, noChange, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { Directive, directive, type ElementPart } from 'lit/directive.js';
import {
  clockTime,
  DEFAULT_FILTER,
  formatSpan,
  FRESHNESS_STATES,
  PROBLEM_CLASSES,
  SORT_KEYS,
  type Instant,
  type RunFilter,
  type SortKey,
  type TimeOptions,
} from '@tardy/core';
import type { Catalogue } from '../shared/catalogue.js';
import type { StoreScope } from '../store/run-store.js';
import type { Choices } from './list-slice.js';

const HOUR_MS = 3_600_000;
const SPANS_MS = [HOUR_MS, 24 * HOUR_MS, 7 * 24 * HOUR_MS, 30 * 24 * HOUR_MS];

type Field = 'state' | 'problemClass' | 'type' | 'source' | 'tenantId' | 'workspaceId' | 'since';

/** What a field can be, each with its name. */
type Options = readonly (readonly [string, string])[];

/** What the filters are drawn from. */
export type FilterBar = {
  readonly filter: RunFilter;
  readonly choices: Choices;
  /** What the element is for: there is nothing to choose. */
  readonly scope: StoreScope;
  readonly narrow: boolean;
  readonly words: Catalogue;
  readonly times: TimeOptions;
  readonly now: Instant;
  readonly change: (filter: RunFilter) => void;
};

/** The filters as native controls. What has a single value only is not asked for. */
export function filterBar(bar: FilterBar): TemplateResult {
  const { filter, choices, scope, words, change } = bar;
  const { list, states } = words.surfaces;
  const named = (values: readonly string[]): Options => values.map((value) => [value, value]);
  const fields: [Field, Options][] = [
    ['state', FRESHNESS_STATES.map((state) => [state, states[state]])],
    ['problemClass', PROBLEM_CLASSES.map((problem) => [problem, list.problems[problem]])],
    ['type', named(choices.types)],
    ['source', named(choices.sources)],
  ];
  if (scope.tenant === undefined) fields.push(['tenantId', [...choices.tenants]]);
  if (scope.workspace === undefined) fields.push(['workspaceId', [...choices.workspaces]]);
  fields.push(['since', times(bar)]);
  const { q } = filter;
  // Filled as the controls are drawn.
  const chips = q === undefined ? [] : [chip(bar, 'q', list.search, q)];
  const search = (event: Event) => change({ ...filter, q: (event.target as HTMLInputElement).value || undefined });
  return html`<form part="filters" class="filters" role="search" aria-label=${list.title} @submit=${prevent}>
    <label class="field"
      ><span>${list.search}</span><input type="search" autocomplete="off" .value=${live(q ?? '')} @input=${search}
    /></label>
    <details ?open=${!bar.narrow}>
      <summary>${list.filters}</summary>
      <div class="fields">
        ${fields.map(([field, options]) => select(chips, bar, field, options))} ${sortSelect(bar)}
      </div>
    </details>
    ${
      chips.length === 0
        ? nothing
        : html`<div class="chips">
            ${chips}
            ${isFiltered(filter) ? html`<button part="clear" type="button" @click=${letGo(bar, cleared(filter))}>${list.clear}</button>` : nothing}
          </div>`
    }
  </form>`;
}

/** Whether anything is hidden beside what the tab hides and the tenant that the viewer came for. */
export function isFiltered(filter: RunFilter): boolean {
  const { state, problemClass, type, source, since, q, tab } = filter;
  return [state, type, source, since, q, problemClass === tab ? undefined : problemClass].some(
    (value) => value !== undefined,
  );
}

/** One thing that is filtered by, and the way to let go of it alone: its control may be folded away. */
function chip(bar: FilterBar, field: Field | 'q', label: string, value: string): TemplateResult {
  const name = `${label}: ${value}`;
  return html`<button
    part="chip"
    class="chip"
    type="button"
    aria-label=${bar.words.surfaces.list.remove(name)}
    @click=${letGo(bar, { ...bar.filter, [field]: undefined })}
  >
    ${name} ×
  </button>`;
}

/** The button that was pressed goes away; who pressed it by the keyboard goes on at the search. */
function letGo({ change }: FilterBar, filter: RunFilter) {
  return ({ detail, currentTarget }: MouseEvent) => {
    if (detail === 0) (currentTarget as HTMLButtonElement).form?.querySelector('input')?.focus();
    change(filter);
  };
}

/** Lets go of all but the tab, the order and whose runs they are. */
function cleared({ tab, sort, tenantId, workspaceId }: RunFilter): RunFilter {
  return { tab, sort, tenantId, workspaceId };
}

/** The order that a column is first sorted in: the latest first. */
export function firstOrder(key: SortKey): RunFilter['sort'] {
  return { key, descending: ['queued', 'started', 'heartbeat', 'ended'].includes(key) };
}

function select(chips: TemplateResult[], bar: FilterBar, field: Field, options: Options) {
  const { filter, change } = bar;
  const { list } = bar.words.surfaces;
  const current = field === 'since' ? (filter.since === undefined ? '' : 'now') : (filter[field] ?? '');
  const text = options.find(([value]) => value === current)?.[1];
  const known = current === '' || text !== undefined;
  // The problem class of its own tab hides nothing.
  if (current !== '' && !(field === 'problemClass' && current === filter.tab))
    chips.push(chip(bar, field, list.fields[field], text ?? current));
  if (options.length + (known ? 0 : 1) < 2 && current === '') return nothing;
  const chosen = (event: Event) => {
    const { value } = event.target as HTMLSelectElement;
    // Core reads the value back, so that nothing but what it knows comes in.
    const since = value === '' ? undefined : value === 'now' ? filter.since : bar.now - Number(value);
    change({ ...filter, [field]: field === 'since' ? since : value || undefined });
  };
  return html`<label class="field"
    ><span>${list.fields[field]}</span
    ><select @change=${chosen}>
      ${[['', list.any] as const, ...options, ...(known ? [] : [[current, current] as const])].map(
        ([value, text]) =>
          html`<option value=${value} ?selected=${value === current} ${choose(value === current)}>${text}</option>`,
      )}
    </select></label
  >`;
}

function times({ filter, now, words, times: options }: FilterBar): Options {
  const { list } = words.surfaces;
  const spans = SPANS_MS.map((ms) => [String(ms), list.within(formatSpan(ms, words.messages.units))] as const);
  if (filter.since === undefined) return spans;
  return [['now', list.since(clockTime(filter.since, now, options))], ...spans];
}

/** The order, for where there are no columns to sort by. */
function sortSelect({ filter, change, words }: FilterBar): TemplateResult {
  const { list } = words.surfaces;
  const chosen = (event: Event) => {
    const key = SORT_KEYS.find((name) => name === (event.target as HTMLSelectElement).value);
    change({ ...filter, sort: key === undefined ? DEFAULT_FILTER.sort : firstOrder(key) });
  };
  return html`<label class="field sort"
    ><span>${list.sort}</span
    ><select @change=${chosen}>
      ${SORT_KEYS.map(
        (key) =>
          html`<option value=${key} ?selected=${key === filter.sort.key} ${choose(key === filter.sort.key)}>
            ${list.columns[key]}
          </option>`,
      )}
    </select></label
  >`;
}

/** Beside the attribute, which no longer counts once somebody has chosen. As a property binding a server would write it out even when false. */
class Choose extends Directive {
  render(_isChosen: boolean) {
    return noChange;
  }

  override update({ element }: ElementPart, [isChosen]: [boolean]) {
    (element as HTMLOptionElement).selected = isChosen;
    return noChange;
  }
}

const choose = directive(Choose);

function prevent(event: Event): void {
  event.preventDefault();
}
