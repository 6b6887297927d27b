import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import {
  formatSpan,
  isActive,
  runKey,
  type Elapsed,
  type Instant,
  type Presentation,
  type Run,
  type RunFilter,
  type SortKey,
  type TimeOptions,
} from '@tardy/core';
import { badge } from '../shared/badge.js';
import type { ListWords } from '../shared/catalogue.js';
import { progressBar } from '../shared/progress-bar.js';
import { titleOf } from '../shared/title.js';
import { timeText } from '../shared/time-text.js';
import type { StoreRun } from '../store/ops-store.js';
import { firstOrder } from './list-filters.js';

/** A column: its sort key, or its content if it cannot be sorted. */
export type Column = SortKey | 'progress' | 'duration';

/** What the table is drawn from. */
export type ListTable = {
  readonly rows: readonly StoreRun[];
  readonly columns: readonly Column[];
  /** `undefined` if the viewer cannot choose the order. */
  readonly sort: RunFilter['sort'] | undefined;
  readonly caption: string;
  /** The row that can be focused by the keyboard. */
  readonly current: string | undefined;
  readonly old: boolean;
  readonly words: ListWords;
  readonly times: TimeOptions;
  readonly now: Instant;
  readonly present: (row: StoreRun) => Presentation;
  readonly link: (run: Run, tabIndex: number) => TemplateResult;
  readonly sortBy: (sort: RunFilter['sort']) => void;
};

/** The runs as a table. Roles are explicit, since styles that show the rows as cards would remove them. */
export function listTable(table: ListTable): TemplateResult {
  const { rows, columns, caption } = table;
  const current = rows.some(({ run }) => runKey(run) === table.current) ? table.current : undefined;
  return html`<table part="table" role="table">
    <caption class="hidden">
      ${caption}
    </caption>
    <thead part="head" role="rowgroup">
      <tr role="row">
        ${columns.map((column) => headerCell(table, column))}
      </tr>
    </thead>
    <tbody part="body" role="rowgroup">
      ${repeat(
        rows,
        ({ run }) => runKey(run),
        (row, index) => tableRow(table, row, current === undefined ? index === 0 : runKey(row.run) === current),
      )}
    </tbody>
  </table>`;
}

function headerCell({ sort, words, sortBy }: ListTable, column: Column): TemplateResult {
  const text = words.surfaces.list.columns[column];
  if (column === 'progress' || column === 'duration' || sort === undefined)
    return html`<th part="header-cell" data-of=${column} role="columnheader" scope="col">${text}</th>`;
  const sorted = sort.key === column;
  // Worst first is the highest severity first.
  const descending = sort.descending !== (column === 'severity');
  const turn = () => sortBy(sorted ? { key: column, descending: !sort.descending } : firstOrder(column));
  return html`<th
    part="header-cell"
    data-of=${column}
    role="columnheader"
    scope="col"
    aria-sort=${sorted ? (descending ? 'descending' : 'ascending') : nothing}
  >
    <button part="sort-button" type="button" @click=${turn}>
      ${text}<span aria-hidden="true"> ${sorted ? (descending ? '↓' : '↑') : ''}</span>
    </button>
  </th>`;
}

function tableRow(table: ListTable, row: StoreRun, current: boolean): TemplateResult {
  const words = table.present(row);
  return html`<tr
    part="row row-${words.tone}"
    class="row"
    role="row"
    data-tone=${words.tone}
    ?data-elevated=${row.freshness.problemClass === 'active_stale_attention'}
    data-key=${runKey(row.run)}
    tabindex=${current ? 0 : -1}
    aria-label=${`${titleOf(row.run)}, ${words.label}: ${words.headline}`}
  >
    ${table.columns.map((column) =>
      column === 'title'
        ? html`<th part="cell cell-title" data-of="title" role="rowheader" scope="row">
            ${titleCell(table, row, words)}
          </th>`
        : html`<td part="cell cell-${column}" data-of=${column} role="cell">${cell(table, row, words, column)}</td>`,
    )}
  </tr>`;
}

function titleCell({ words, link }: ListTable, row: StoreRun, presented: Presentation): TemplateResult {
  const { run } = row;
  const details = [
    run.type === titleOf(run) ? undefined : run.type,
    run.source,
    run.attempt > 1 ? words.surfaces.list.attempt(run.attempt) : undefined,
  ].filter(Boolean);
  const about = aboutOf(row, presented);
  return html`<div class="line">
    ${link(run, -1)}<span class="muted small">${details.join(' · ')}</span>${
      about === '' ? nothing : html`<span part="about" class="headline small">${about}</span>`
    }
  </div>`;
}

/** What a row says beside its badge, which names the state already: why it stands out, what it waits for, how it failed. */
function aboutOf({ run, freshness: { state, problemClass } }: StoreRun, { headline }: Presentation): string {
  if (state === 'terminal') return run.failure?.message?.split('\n', 1)[0] ?? '';
  if (state === 'reconciled') return run.reconciliation?.reason ?? '';
  return problemClass !== 'none' || run.hold !== undefined ? headline : '';
}

function cell(table: ListTable, { run, freshness }: StoreRun, words: Presentation, column: Column): unknown {
  const labelled = (content: unknown) =>
    html`<span class="label" aria-hidden="true">${table.words.surfaces.list.columns[column]}</span> ${content}`;
  const time = (at: Instant | undefined) =>
    at === undefined ? nothing : labelled(timeText(at, table.now, table.times));
  switch (column) {
    case 'severity':
      return badge(words);
    case 'duration':
      return words.elapsed === undefined
        ? nothing
        : labelled(html`<span title=${words.elapsed.text}>${spanOf(words.elapsed, table.words)}</span>`);
    case 'tenant':
      return run.tenant?.name ?? run.tenant?.id;
    case 'progress':
      // A run that has ended needs no bar.
      return isActive(run)
        ? progressBar(titleOf(run), words, freshness.problemClass === 'none' && !table.old)
        : words.progress?.text;
    case 'started':
      return time(run.startedAt);
    case 'queued':
      return time(run.queuedAt ?? run.startedAt);
    case 'heartbeat':
      return time(run.heartbeatAt);
    case 'ended':
      return time(run.endedAt ?? run.reconciliation?.at);
    case 'title':
    case 'type':
      return run.type;
  }
}

/** One number: of a silent run how long it worked, since its row says how long it has been silent. */
function spanOf(elapsed: Elapsed, { messages }: ListWords): string {
  return elapsed.kind === 'span' ? elapsed.text : formatSpan(elapsed.workedMs, messages.units);
}
