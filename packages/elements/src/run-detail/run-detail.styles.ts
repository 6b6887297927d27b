import { css } from 'lit';

/** What only this element looks like. */
export const runDetailStyles = css`
  .base {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 20px;
    padding: calc(var(--g) * 1.5);
  }
  .base > * {
    min-inline-size: 0;
  }
  h3 {
    margin: 0 0 8px;
    font: inherit;
    font-weight: 600;
  }
  .summary {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 6px;
  }
  .summary[data-elevated] {
    margin: calc(var(--g) * -1.5);
    margin-block-end: 0;
    padding: calc(var(--g) * 1.5);
    padding-inline-start: calc(var(--g) * 1.5 - 4px);
    border-inline-start: 4px solid var(--c);
    border-start-start-radius: var(--r);
    border-start-end-radius: var(--r);
    background: color-mix(in srgb, var(--c) 6%, var(--s));
  }
  .header {
    flex-wrap: wrap;
    justify-content: space-between;
  }
  .title {
    font-size: 1.2857em;
  }
  .headline {
    font-size: 1.1429em;
  }
  .events {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(18em, 1fr));
    gap: 3px 24px;
    margin: 8px 0 0;
    padding: 0;
    list-style: none;
  }
  .attempts {
    grid-template-columns: 1fr;
  }
  .events li {
    display: grid;
    grid-template-columns: 1.1em 1fr auto;
    gap: 8px;
    align-items: center;
  }
  .events [data-ahead] {
    color: var(--m);
  }
  .dot {
    border: 3.5px solid var(--m);
    border-radius: 50%;
    justify-self: center;
  }
  .picture {
    display: block;
    overflow: visible;
  }
  .picture text {
    fill: var(--m);
    font-size: 12px;
  }
  [data-decides] text {
    fill: var(--t);
    font-weight: 600;
  }
  .track {
    fill: var(--ops-track, color-mix(in srgb, var(--m) 12%, var(--s)));
  }
  .span {
    fill: var(--c);
  }
  g:not([data-decides]) .span {
    opacity: 0.6;
  }
  .mark {
    fill: var(--c);
    stroke: var(--c);
  }
  .now {
    stroke: var(--t);
    stroke-width: 1;
  }
  .facts {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(8em, 1fr));
    gap: 8px 24px;
  }
  dt,
  thead th,
  code {
    color: var(--m);
    font-size: 0.8571em;
    font-weight: 400;
  }
  dd {
    overflow-wrap: anywhere;
  }
  .facts + a {
    display: inline-block;
    margin-block-start: 8px;
    color: var(--a);
  }
  .lineage {
    padding-inline-start: 12px;
    border-inline-start: 4px solid var(--c);
  }
  .scroll {
    overflow-x: auto;
  }
  table {
    inline-size: 100%;
    border-collapse: collapse;
    font-variant-numeric: tabular-nums;
  }
  th,
  td {
    padding: 5px 0;
    padding-inline-end: 16px;
    text-align: start;
    vertical-align: top;
    font-weight: inherit;
    white-space: nowrap;
  }
  tbody tr {
    border-block-start: 1px solid var(--b);
  }
  tr[data-decides] {
    font-weight: 600;
  }
  td code {
    display: block;
  }
  :is(li, [data-reached]) .icon {
    color: var(--c);
    vertical-align: -0.15em;
  }
  .tag {
    padding: 0 6px;
    border: 1px solid var(--b);
    border-radius: 99px;
    font-size: 0.7857em;
    font-weight: 400;
    color: var(--m);
  }
  .foot {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    align-items: center;
    justify-content: space-between;
    margin-block-start: 10px;
  }
  summary {
    cursor: pointer;
    font-weight: 600;
  }
  pre {
    margin: 8px 0 0;
    padding: 10px 12px;
    max-block-size: 24em;
    overflow: auto;
    border-radius: 6px;
    background: color-mix(in srgb, var(--m) 8%, var(--s));
    font-size: 0.8571em;
    direction: ltr;
  }
  @container (width < 520px) {
    /* From when is told by the timeline already. */
    :is(th, td):nth-child(2) {
      display: none;
    }
    th,
    td {
      padding-inline-end: 10px;
      white-space: normal;
      overflow-wrap: anywhere;
    }
  }
  @media (forced-colors: active) {
    .span,
    .now {
      fill: CanvasText;
      stroke: Canvas;
    }
    .now,
    .track {
      stroke: CanvasText;
    }
    .track {
      fill: none;
    }
    .span[data-tone='calm'] {
      opacity: 0.4;
    }
    .picture text {
      fill: CanvasText;
    }
  }
`;
