import { css } from 'lit';

/** What only this element looks like. */
export const opsListStyles = css`
  .base {
    background: var(--s);
    border: 1px solid var(--b);
    border-radius: var(--r);
    overflow: clip;
  }
  .toolbar,
  .filters,
  .fields,
  .chips,
  .tabs,
  .tab {
    display: flex;
    align-items: center;
    gap: 8px 12px;
  }
  .toolbar {
    justify-content: space-between;
    padding-inline: var(--g);
    border-block-end: 1px solid var(--b);
  }
  h2 {
    font-weight: 600;
    padding-block: 11px;
  }
  .tabs {
    gap: 4px;
    overflow-x: auto;
    scrollbar-width: none;
    margin-inline: -8px;
  }
  .tab {
    gap: 7px;
    padding: 11px 8px 9px;
    border: 0;
    border-block-end: 2px solid transparent;
    border-radius: 0;
    color: var(--m);
    white-space: nowrap;
  }
  .tab:hover,
  [aria-selected='true'],
  [aria-sort] button,
  [data-elevated] .headline {
    color: var(--t);
  }
  [aria-selected='true'] {
    border-color: var(--a);
  }
  [aria-selected='true'],
  [aria-sort] button {
    font-weight: 600;
  }
  .tab:focus-visible,
  .row:focus-visible {
    outline-offset: -3px;
  }
  .count {
    padding: 0 0.6em;
    border-radius: 99px;
    font-size: 0.8571em;
    font-weight: 500;
    background: color-mix(in srgb, var(--m) 13%, var(--s));
  }
  [data-tone] > .count {
    background: var(--c);
    color: var(--s);
  }
  .filters,
  .fields,
  .chips {
    flex-wrap: wrap;
    align-items: end;
  }
  .filters {
    align-items: start;
    padding: 10px var(--g) 12px;
    border-block-end: 1px solid var(--b);
  }
  .field {
    display: grid;
    gap: 2px;
  }
  .field,
  thead th,
  .small,
  .progress-text {
    color: var(--m);
    font-size: 0.8571em;
  }
  .line {
    display: flex;
    align-items: center;
    gap: 8px;
    white-space: nowrap;
  }
  .line > * {
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .line > .title {
    display: block;
    flex: 0 1 auto;
    max-inline-size: 100%;
  }
  .line > .small {
    flex: 0 1000 auto;
    min-inline-size: 3em;
  }
  .sort,
  .label,
  summary {
    display: none;
  }
  input,
  select {
    font: inherit;
    font-size: 1.1667em;
    color: var(--t);
    background: var(--s);
    border: 1px solid color-mix(in srgb, var(--m) 60%, var(--s));
    border-radius: 6px;
    padding: 3px 8px;
    block-size: 32px;
    max-inline-size: 11.5em;
  }
  details {
    flex: 1 1 24em;
  }
  summary {
    cursor: pointer;
    color: var(--m);
  }
  .chips {
    flex: 1 0 100%;
    gap: 6px;
  }
  .chip {
    flex: 0 1 auto;
    white-space: normal;
    border-radius: 99px;
    color: var(--t);
    background: color-mix(in srgb, var(--a) 9%, var(--s));
    overflow-wrap: anywhere;
  }
  .turn {
    block-size: 32px;
  }
  .rows {
    position: relative;
  }
  .pending {
    flex: none;
    border-color: transparent;
    border-radius: 99px;
    background: color-mix(in srgb, var(--a) 12%, var(--s));
    font-weight: 600;
  }
  table {
    inline-size: 100%;
    border-collapse: collapse;
  }
  th,
  td {
    text-align: start;
    vertical-align: middle;
    font-weight: inherit;
    padding: 6px 8px;
    white-space: nowrap;
  }
  :is(th, td):first-child {
    padding-inline-start: var(--g);
  }
  :is(th, td):last-child {
    padding-inline-end: var(--g);
  }
  thead th {
    vertical-align: middle;
    padding-block: 5px;
    white-space: nowrap;
  }
  :host([density='compact']) thead {
    display: none;
  }
  [data-of='queued'] {
    text-align: end;
  }
  th button {
    border: 0;
    padding: 2px 4px;
    margin-inline-start: -4px;
    color: inherit;
  }
  .row,
  .pager,
  .all {
    border-block-start: 1px solid var(--b);
  }
  .row {
    border-inline-start: 4px solid transparent;
  }
  .row:hover {
    background: color-mix(in srgb, var(--m) 7%, var(--s));
  }
  .row[data-elevated] {
    background: color-mix(in srgb, var(--c) 6%, var(--s));
    border-inline-start-color: var(--c);
  }
  .row[data-elevated]:hover {
    background: color-mix(in srgb, var(--c) 11%, var(--s));
  }
  /* The operation takes what the others leave. */
  tbody [data-of='title'] {
    inline-size: 100%;
    max-inline-size: 0;
  }
  .headline {
    color: var(--m);
  }
  [data-of='tenant'] {
    max-inline-size: 12em;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  [data-of='progress'] {
    max-inline-size: 14em;
    color: var(--m);
    overflow: hidden;
    text-overflow: ellipsis;
  }
  [data-of='progress'] .progress-text {
    display: block;
    text-overflow: ellipsis;
  }
  .bar {
    flex: none;
    inline-size: 64px;
  }
  [data-of='tenant'] ~ td,
  .pager,
  .count {
    font-variant-numeric: tabular-nums;
  }
  [data-of='progress'] ~ td {
    color: var(--m);
    white-space: nowrap;
  }
  .empty {
    padding: 40px var(--g);
    text-align: center;
  }
  .pager {
    display: flex;
    align-items: center;
    gap: 6px;
  }
  .pager,
  .all,
  .base .notice {
    padding: 7px var(--g);
    margin: 0;
  }
  .all:not(:has(a)) {
    display: none;
  }
  .pager span {
    margin-inline-end: auto;
  }
  .turn {
    inline-size: 36px;
    font-size: 1.2em;
    line-height: 1;
  }
  [aria-disabled] {
    color: color-mix(in srgb, var(--m) 60%, var(--s));
    cursor: default;
  }
  @container (width < 760px) {
    .filters {
      display: grid;
    }
    .fields {
      display: grid;
      grid-template-columns: repeat(auto-fill, minmax(9em, 1fr));
      padding-block-start: 6px;
    }
    .sort {
      display: grid;
    }
    summary {
      display: list-item;
    }
    input,
    select {
      inline-size: 100%;
      max-inline-size: none;
    }
  }
  /* What matters least leaves first. */
  @container (width < 940px) {
    [data-of='progress'] .progress-text {
      display: none;
    }
  }
  @container (width < 800px) {
    .line > .muted {
      display: none;
    }
    [data-of]:is([data-of='started'], [data-of='ended']) {
      display: none;
    }
  }
  @container (width < 680px) {
    [data-of='tenant'] {
      display: none;
    }
  }
  @container (width < 600px) {
    [data-of='progress'] {
      display: none;
    }
  }
  @container (width < 520px) {
    [data-of]:is([data-of='started'], [data-of='ended'], [data-of='tenant'], [data-of='progress']) {
      display: block;
    }
    [data-of='progress'] .progress-text {
      display: block;
    }
    .line > .muted {
      display: block;
    }
    .line {
      flex-wrap: wrap;
      white-space: normal;
    }
    table,
    tbody,
    td {
      display: block;
    }
    thead,
    td:empty {
      display: none;
    }
    .row {
      display: flex;
      flex-wrap: wrap;
      align-items: baseline;
      gap: 3px 16px;
      padding: 10px var(--g);
      padding-inline-start: calc(var(--g) - 4px);
    }
    .row:nth-child(n + 26) {
      content-visibility: auto;
      contain-intrinsic-size: auto 118px;
    }
    .row > :is(th, td):nth-child(n) {
      padding: 0;
      inline-size: auto;
      max-inline-size: none;
      white-space: normal;
    }
    :is([data-of='severity'], [data-of='title'], [data-of='progress']):nth-child(n) {
      order: -1;
      flex: 1 0 100%;
    }
    [data-of='title']:nth-child(n) {
      order: -2;
    }
    [data-of='title'] ~ td {
      text-align: start;
      color: var(--m);
      font-size: 0.8571em;
    }
    .progress-text {
      font-size: 1em;
    }
    [data-of='severity'] {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 0 8px;
    }
    .progress {
      flex-direction: row;
      align-items: center;
      padding: 0;
    }
    .bar {
      flex: 1;
    }
    .label {
      display: inline;
    }
  }
  @media (forced-colors: active) {
    .count,
    .pending {
      border: 1px solid;
    }
    .row:not([data-elevated]) {
      border-inline-start-color: Canvas;
    }
    .tab {
      border-color: Canvas;
    }
    .tab[aria-selected='true'] {
      border-color: Highlight;
    }
    [aria-disabled] {
      color: GrayText;
    }
  }
`;
