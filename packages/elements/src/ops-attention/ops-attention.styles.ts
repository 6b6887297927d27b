import { css } from 'lit';

/** What only this element looks like. */
export const opsAttentionStyles = css`
  :host {
    --reserved: 8.5rem;
  }
  .count {
    min-inline-size: 1.7em;
    padding: 0 0.5em;
    border-radius: 99px;
    text-align: center;
    color: var(--s);
    background: var(--c);
    font-variant-numeric: tabular-nums;
  }
  ul {
    display: grid;
    grid-template-columns: auto 1fr auto;
    margin-block-start: 6px;
  }
  .row {
    display: grid;
    grid-column: 1 / -1;
    grid-template-columns: subgrid;
    align-items: start;
    gap: 2px 12px;
    padding-block: 8px;
  }
  .row:last-child {
    padding-block-end: 0;
  }
  .row + .row {
    border-block-start: 1px solid var(--b);
  }
  .badge {
    justify-self: start;
  }
  .text {
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }
  .title {
    margin-inline-end: 6px;
  }
  .quiet {
    margin-block-start: 14px;
    gap: 8px;
    font-weight: 500;
    color: var(--m);
  }
  h3 {
    margin: 0;
    font: inherit;
  }
  .quiet + ul .badge {
    padding: 0;
    background: none;
    color: var(--c);
  }
  .calm {
    display: flex;
    align-items: center;
    gap: 8px;
    margin-block-start: 6px;
  }
  .calm .icon {
    color: var(--c);
  }
  @container (width < 440px) {
    .row {
      grid-template-columns: 1fr;
    }
    .title {
      display: block;
    }
  }
`;
