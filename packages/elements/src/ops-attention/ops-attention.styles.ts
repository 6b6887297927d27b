import { css } from 'lit';

/** What only this element looks like. */
export const opsAttentionStyles = css`
  .base {
    background: var(--s);
    border: 1px solid var(--b);
    border-radius: var(--r);
    padding: var(--g);
  }
  .header {
    display: flex;
    align-items: center;
    gap: 8px;
    font-weight: 600;
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
    margin-block-start: 6px;
  }
  .row {
    display: grid;
    grid-template-columns: minmax(9.5em, auto) 1fr auto;
    align-items: start;
    gap: 2px 12px;
    padding-block: 8px;
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
    font-weight: 600;
    margin-inline-end: 6px;
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
  .open {
    color: var(--a);
  }
  .footer {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 16px;
    padding-block-start: 8px;
    border-block-start: 1px solid var(--b);
  }
  @container (width < 440px) {
    .row {
      grid-template-columns: 1fr;
    }
  }
  @media (forced-colors: active) {
    .count {
      border: 1px solid;
    }
  }
`;
