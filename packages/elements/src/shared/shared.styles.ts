import { css } from 'lit';

/** The tokens and the parts that all elements share. A host sets `--ops-*`; what it leaves out is chosen here for light and dark. */
export const sharedStyles = css`
  :host {
    --t: var(--ops-text, light-dark(#1b2130, #e8ebf1));
    --m: var(--ops-muted, light-dark(#566072, #a3adbd));
    --s: var(--ops-surface, light-dark(#fff, #161a22));
    --b: var(--ops-border, light-dark(#dde2ea, #2c3442));
    --a: var(--ops-accent, light-dark(#2457b8, #8ab4ff));
    --r: var(--ops-radius, 10px);
    --g: var(--ops-gap, 12px);
    display: block;
    container-type: inline-size;
    color: var(--t);
    font: var(--ops-font, 400 0.875rem/1.45 system-ui, sans-serif);
    text-align: start;
    /* What a page sets for its own text is not meant for this. */
    text-indent: 0;
    text-transform: none;
    text-shadow: none;
    letter-spacing: normal;
    word-spacing: normal;
    white-space: normal;
    word-break: normal;
    hyphens: manual;
    font-variant: normal;
    tab-size: 8;
    /* One endless word must not widen the page. */
    overflow-wrap: break-word;
    min-inline-size: 0;
    max-inline-size: 100%;
  }
  /* What is drawn later must not push the page down. */
  :host(:state(loading)) {
    min-block-size: var(--ops-reserved-height, var(--reserved));
  }
  :host([hidden]) {
    display: none;
  }
  * {
    box-sizing: border-box;
  }
  [data-tone='calm'] {
    --c: var(--ops-calm, light-dark(#44536b, #b3c0d4));
  }
  [data-tone='success'] {
    --c: var(--ops-success, light-dark(#176b3a, #6fcf97));
  }
  [data-tone='warning'] {
    --c: var(--ops-warning, light-dark(#8a4a00, #ffb64d));
  }
  [data-tone='danger'] {
    --c: var(--ops-danger, light-dark(#b00f1f, #ff8f8a));
  }
  [data-tone='neutral'] {
    --c: var(--ops-neutral, light-dark(#4b5565, #b8c0cc));
  }
  h2,
  p,
  ul,
  dl,
  dd {
    margin: 0;
    padding: 0;
    font: inherit;
    list-style: none;
  }
  a {
    color: inherit;
    text-decoration-color: color-mix(in srgb, currentcolor 35%, transparent);
    text-underline-offset: 0.2em;
  }
  a:hover {
    text-decoration-color: currentcolor;
  }
  :focus-visible {
    outline: 2px solid var(--ops-focus, var(--a));
    outline-offset: 2px;
    border-radius: 4px;
  }
  :is(a, button, summary, input, select) {
    min-block-size: 24px;
  }
  a {
    display: inline-block;
  }
  button {
    font: inherit;
    text-transform: inherit;
    letter-spacing: inherit;
    white-space: nowrap;
    flex: none;
    color: var(--a);
    background: none;
    border: 1px solid var(--b);
    border-radius: 6px;
    padding: 1px 8px;
    cursor: pointer;
  }
  .icon {
    inline-size: 1.1em;
    block-size: 1.1em;
    flex: none;
    fill: none;
    stroke: currentcolor;
    stroke-width: 1.6;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .badge {
    display: inline-flex;
    align-items: center;
    gap: 0.4em;
    flex: none;
    color: var(--c);
    font-weight: 600;
    font-size: 0.9286em;
    border-radius: 99px;
  }
  .badge:not([data-tone='calm'], [data-tone='success']) {
    padding: 1px 9px 1px 7px;
    background: color-mix(in srgb, var(--c) 13%, var(--s));
  }
  .badge[data-icon='stuck'] {
    color: var(--s);
    background: var(--c);
  }
  .panel {
    background: var(--s);
    border: 1px solid var(--b);
    border-radius: var(--r);
    padding: var(--g);
  }
  .header {
    display: flex;
    align-items: center;
    gap: 10px;
    font-weight: 600;
  }
  .title {
    font-weight: 600;
  }
  .title,
  .headline,
  .progress-text {
    min-inline-size: 0;
    overflow-wrap: anywhere;
    unicode-bidi: isolate;
  }
  /* Long text is cut, not what comes after it. */
  .title,
  .clamp,
  .progress-text {
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 3;
    overflow: hidden;
  }
  .links {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 16px;
    margin-block-start: 10px;
  }
  .links,
  .open {
    color: var(--a);
  }
  .muted {
    color: var(--m);
  }
  .hidden {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .notice {
    display: flex;
    align-items: center;
    gap: 8px;
    color: var(--m);
  }
  .notice:not(.panel) {
    margin-block-end: 8px;
  }
  .notice[data-tone] {
    color: var(--c);
  }
  .progress {
    min-inline-size: 0;
    display: flex;
    align-items: center;
    gap: 10px;
  }
  .bar {
    flex: 1 1 80px;
    min-inline-size: 48px;
    block-size: 6px;
    border-radius: 3px;
    overflow: hidden;
    background: var(--ops-track, color-mix(in srgb, var(--c) 18%, var(--s)));
  }
  .bar svg {
    display: block;
    inline-size: 100%;
    block-size: 100%;
  }
  :host(:dir(rtl)) .bar svg {
    transform: scaleX(-1);
  }
  :host(:dir(rtl)) :is(a, b, p, span, td, dd) {
    unicode-bidi: plaintext;
    text-align: right;
  }
  .fill {
    fill: var(--ops-fill, var(--c));
    transition: width 0.3s;
  }
  /* What has no share must not look like a full bar, moving or not. */
  .bar:not([aria-valuenow]) svg {
    mask: repeating-linear-gradient(115deg, #000 0 5px, #0000 5px 10px);
  }
  .bar[data-open] .fill {
    animation: slide 2.4s ease-in-out infinite alternate;
  }
  .progress-text {
    color: var(--m);
    font-variant-numeric: tabular-nums;
  }
  @keyframes slide {
    from {
      transform: translateX(-70%);
    }
    to {
      transform: translateX(70%);
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .bar[data-open] .fill {
      animation: none;
    }
    .fill {
      transition: none;
    }
  }
  @media (forced-colors: active) {
    /* The colours of pictures are not forced by themselves. */
    :host {
      --s: Canvas;
    }
    [data-tone] {
      --c: CanvasText;
    }
    .badge,
    .bar {
      border: 1px solid;
    }
    .badge {
      padding: 1px 9px 1px 7px;
    }
    .badge[data-icon='stuck'],
    [data-tone] > .count {
      forced-color-adjust: none;
    }
    .fill {
      fill: CanvasText;
    }
  }
`;
