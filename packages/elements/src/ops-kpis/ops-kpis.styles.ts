import { css } from 'lit';

/** What only this element looks like. */
export const opsKpisStyles = css`
  :host {
    --reserved: 6.6rem;
  }
  .figures {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(120px, 100%), 1fr));
    gap: var(--g);
  }
  li {
    display: grid;
    background: var(--s);
    border: 1px solid var(--b);
    border-radius: var(--r);
  }
  li:is([data-tone='warning'], [data-tone='danger']) {
    box-shadow: inset 0 3px var(--c);
  }
  .figure-link {
    display: grid;
    grid-template-rows: 1fr auto auto;
    padding: var(--g);
    color: var(--m);
    text-decoration: none;
    border-radius: var(--r);
  }
  a.figure-link:hover {
    background: color-mix(in srgb, var(--c) 6%, transparent);
  }
  .value {
    color: var(--t);
    font-size: 1.9em;
    line-height: 1.25;
    font-weight: 650;
    font-variant-numeric: tabular-nums;
  }
  li:is([data-tone='warning'], [data-tone='danger']) .value,
  .detail:is([data-tone='warning'], [data-tone='danger']) {
    color: var(--c);
  }
  .detail {
    font-size: 0.9286em;
    min-block-size: 1.45em;
  }
  @media (forced-colors: active) {
    li:is([data-tone='warning'], [data-tone='danger']) {
      border-block-start-width: 4px;
    }
  }
`;
