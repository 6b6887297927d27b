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
import type { ListWords } from '../shared/catalogue.js';
import type { StoreScope } from '../store/run-store.js';
import type { Choices } from './list-slice.js';

const HOUR_MS = 3_600_000;
const SPANS_MS = [HOUR_MS, 24 * HOUR_MS, 7 * 24 * HOUR_MS, 30 * 24 * HOUR_MS];

/** What a field can be, each with its name. */
type Options = readonly (readonly [string, string])[];

/** A field of the filter: what it can be, and what it is. */
type Field = {
  readonly name: 'state' | 'problemClass' | 'type' | 'source' | 'tenantId' | 'workspaceId' | 'since';
  readonly options: Options;
  /** The value of the option that is chosen; empty for any. */
  readonly current: string;
  /** Its name; `undefined` where it is not among the options. */
  readonly text: string | undefined;
};

/** What the filters are drawn from. */
export type FilterBar = {
  readonly filter: RunFilter;
  readonly choices: Choices;
  /** The tenant and the workspace that the element is for: not to be chosen. */
  readonly scope: StoreScope;
  readonly narrow: boolean;
  readonly words: ListWords;
  readonly times: TimeOptions;
  readonly now: Instant;
  readonly change: (filter: RunFilter) => void;
};

/** The filters as native controls. A field with a single value has no control. */
export function filterBar(bar: FilterBar): TemplateResult {
  const { filter, words, change } = bar;
  const { list } = words.surfaces;
  const { q } = filter;
  const fields = fieldsOf(bar);
  const chips = [
    ...(q === undefined ? [] : [chip(bar, 'q', list.search, q)]),
    ...fields
      .filter((field) => hides(field, filter))
      .map(({ name, current, text }) => chip(bar, name, list.fields[name], text ?? current)),
  ];
  const search = (event: Event) => change({ ...filter, q: (event.target as HTMLInputElement).value || undefined });
  return html`<form part="filters" class="filters" role="search" aria-label=${list.title} @submit=${prevent}>
    <label class="field"
      ><span>${list.search}</span><input type="search" autocomplete="off" .value=${live(q ?? '')} @input=${search}
    /></label>
    <details ?open=${!bar.narrow}>
      <summary>${list.filters}</summary>
      <div class="fields">${fields.map((field) => select(bar, field))} ${sortSelect(bar)}</div>
    </details>
    ${
      chips.length === 0
        ? nothing
        : html`<div class="chips">
            ${chips}
            ${isFiltered(filter) ? html`<button part="clear" type="button" @click=${remove(bar, cleared(filter))}>${list.clear}</button>` : nothing}
          </div>`
    }
  </form>`;
}

/** Whether anything is hidden besides what the tab, the tenant and the workspace hide. */
export function isFiltered(filter: RunFilter): boolean {
  const { state, problemClass, type, source, since, q, tab } = filter;
  return [state, type, source, since, q, problemClass === tab ? undefined : problemClass].some(
    (value) => value !== undefined,
  );
}

function fieldsOf(bar: FilterBar): readonly Field[] {
  const { filter, choices, scope, words } = bar;
  const { list, states } = words.surfaces;
  const named = (values: readonly string[]): Options => values.map((value) => [value, value]);
  const field = (name: Field['name'], options: Options): Field => {
    const current = name === 'since' ? (filter.since === undefined ? '' : 'now') : (filter[name] ?? '');
    return { name, options, current, text: options.find(([value]) => value === current)?.[1] };
  };
  return [
    field(
      'state',
      FRESHNESS_STATES.map((state) => [state, states[state]]),
    ),
    field(
      'problemClass',
      PROBLEM_CLASSES.map((problem) => [problem, list.problems[problem]]),
    ),
    field('type', named(choices.types)),
    field('source', named(choices.sources)),
    ...(scope.tenant === undefined ? [field('tenantId', [...choices.tenants])] : []),
    ...(scope.workspace === undefined ? [field('workspaceId', [...choices.workspaces])] : []),
    field('since', times(bar)),
  ];
}

/** Whether a field hides any run. The problem class of its own tab does not. */
function hides({ name, current }: Field, { tab }: RunFilter): boolean {
  return current !== '' && !(name === 'problemClass' && current === tab);
}

/** One field that the list is filtered by, and the way to remove it alone: its control may be folded away. */
function chip(bar: FilterBar, field: Field['name'] | 'q', label: string, value: string): TemplateResult {
  const name = `${label}: ${value}`;
  return html`<button
    part="chip"
    class="chip"
    type="button"
    aria-label=${bar.words.surfaces.list.remove(name)}
    @click=${remove(bar, { ...bar.filter, [field]: undefined })}
  >
    ${name} ×
  </button>`;
}

/** The button that was pressed disappears; who pressed it by the keyboard continues at the search. */
function remove({ change }: FilterBar, filter: RunFilter) {
  return ({ detail, currentTarget }: MouseEvent) => {
    if (detail === 0) (currentTarget as HTMLButtonElement).form?.querySelector('input')?.focus();
    change(filter);
  };
}

/** Removes everything but the tab, the order, the tenant and the workspace. */
function cleared({ tab, sort, tenantId, workspaceId }: RunFilter): RunFilter {
  return { tab, sort, tenantId, workspaceId };
}

/** The order in which a column is first sorted: the latest first. */
export function firstOrder(key: SortKey): RunFilter['sort'] {
  return { key, descending: ['queued', 'started', 'heartbeat', 'ended'].includes(key) };
}

function select(bar: FilterBar, { name, options, current, text }: Field): TemplateResult | typeof nothing {
  const { filter, change } = bar;
  const { list } = bar.words.surfaces;
  if (options.length < 2 && current === '') return nothing;
  const all = [['', list.any] as const, ...options];
  if (current !== '' && text === undefined) all.push([current, current]);
  const chosen = (event: Event) => {
    const { value } = event.target as HTMLSelectElement;
    const since = value === '' ? undefined : value === 'now' ? filter.since : bar.now - Number(value);
    change({ ...filter, [name]: name === 'since' ? since : value || undefined });
  };
  return html`<label class="field"
    ><span>${list.fields[name]}</span
    ><select @change=${chosen}>
      ${all.map(
        ([value, label]) =>
          html`<option value=${value} ?selected=${value === current} ${choose(value === current)}>${label}</option>`,
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

/** The order, for layouts without columns to sort by. */
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
