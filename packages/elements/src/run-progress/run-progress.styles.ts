import { css } from 'lit';

/** What only this element looks like. */
export const runProgressStyles = css`
  :host {
    --reserved: 8.5rem;
  }
  .list,
  .card {
    grid-template-columns: minmax(0, 1fr);
  }
  .list {
    display: grid;
    gap: 8px;
    margin-block-start: 10px;
  }
  .summary {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    margin-inline-start: auto;
    color: var(--c);
    font-variant-numeric: tabular-nums;
  }
  .card {
    display: grid;
    gap: 4px;
    padding: 9px 12px;
    background: var(--s);
    border: 1px solid var(--b);
    border-radius: calc(var(--r) - 2px);
  }
  .card[data-elevated] {
    border-color: color-mix(in srgb, var(--c) 45%, var(--s));
    border-inline-start: 4px solid var(--c);
    padding-inline-start: 9px;
    background: color-mix(in srgb, var(--c) 6%, var(--s));
  }
  .line {
    display: flex;
    align-items: start;
    gap: 4px 10px;
    flex-wrap: wrap;
    justify-content: space-between;
  }
  .line > * {
    min-inline-size: 0;
  }
  .line .title {
    flex: 1 1 9em;
  }
  .card:not([data-elevated]) .title {
    font-weight: 500;
  }
  [data-elevated] .line {
    color: var(--t);
  }
  .advice {
    color: var(--m);
    font-size: 0.9286em;
  }
  .advice::first-letter {
    text-transform: uppercase;
  }
  :host([mode='overlay']) {
    position: fixed;
    inset-block-end: var(--ops-overlay-inset, 16px);
    inset-inline-end: var(--ops-overlay-inset, 16px);
    inline-size: min(380px, 100vi - 2 * var(--ops-overlay-inset, 16px));
    z-index: var(--ops-overlay-z, 1000);
  }
  details {
    max-block-size: min(70vb, 640px);
    overflow: auto;
    overscroll-behavior: contain;
    box-shadow: 0 8px 28px rgb(0 0 0 / 0.18);
  }
  summary {
    cursor: pointer;
    list-style: none;
  }
  summary::after {
    content: '';
    inline-size: 0.5em;
    block-size: 0.5em;
    border: solid currentcolor;
    border-width: 0 1.5px 1.5px 0;
    rotate: -135deg;
    translate: 0 0.15em;
    flex: none;
    margin-inline: 2px;
  }
  details[open] summary::after {
    rotate: 45deg;
    translate: 0 -0.15em;
  }
`;
