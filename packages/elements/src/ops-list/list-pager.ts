import { html, nothing, type TemplateResult } from 'lit';
import type { SurfaceMessages } from '@tardy/core';

/** What the pager is drawn from. */
export type Pager = {
  readonly page: number;
  readonly pages: number;
  /** Which rows are shown, in words. */
  readonly info: string;
  readonly words: SurfaceMessages['list'];
  readonly turnTo: (page: number) => void;
};

/** Which rows are shown, and buttons to the others. A disabled button keeps its place and its focus. */
export function pager({ page, pages, info, words, turnTo }: Pager): TemplateResult {
  const turn = (part: string, to: number, label: string, text: string) => {
    const ends = to < 1 || to > pages;
    return html`<button
      part=${part}
      class="turn"
      type="button"
      aria-label=${label}
      aria-disabled=${ends ? 'true' : nothing}
      @click=${() => ends || turnTo(to)}
    >
      ${text}
    </button>`;
  };
  return html`<nav part="pager" class="pager" aria-label=${words.pages}>
    <span part="page-info" class="muted">${info}</span>
    ${pages > 1 ? html`${turn('prev', page - 1, words.previous, '‹')}${turn('next', page + 1, words.next, '›')}` : nothing}
  </nav>`;
}
