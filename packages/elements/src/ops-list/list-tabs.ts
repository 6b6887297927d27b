import { html, nothing, type TemplateResult } from 'lit';
import { TABS, type Tab, type Tone } from '@tardy/core';
import type { ListWords } from '../shared/catalogue.js';
import { stepOf } from './list-keys.js';

/** What the tabs are drawn from. */
export type TabBar = {
  readonly selected: Tab;
  /** The number of runs of each, in words. */
  readonly counts: Readonly<Record<Tab, string>>;
  /** The tone of the worst run that needs attention. */
  readonly tone: Tone | undefined;
  readonly words: ListWords['surfaces'];
  readonly open: (tab: Tab) => void;
  /** The keyboard moved to another tab: it opens and takes the focus. */
  readonly step: (tab: Tab) => void;
};

/** The tabs: a single tab stop, with arrow keys between them. */
export function tabBar({ selected, counts, tone, words, open, step }: TabBar): TemplateResult {
  const keyDown = (event: KeyboardEvent) => {
    const rtl = (event.currentTarget as Element).matches(':dir(rtl)');
    const [back, on] = rtl ? (['ArrowRight', 'ArrowLeft'] as const) : (['ArrowLeft', 'ArrowRight'] as const);
    const tab = TABS[stepOf(event.key, TABS.indexOf(selected), TABS.length, back, on) ?? -1];
    if (tab === undefined) return;
    event.preventDefault();
    step(tab);
  };
  return html`<div part="tabs" class="tabs" role="tablist" aria-label=${words.list.title} @keydown=${keyDown}>
    ${TABS.map(
      (tab) =>
        html`<button
          part="tab"
          class="tab"
          id="tab-${tab}"
          role="tab"
          type="button"
          aria-selected=${tab === selected ? 'true' : 'false'}
          aria-controls="panel"
          tabindex=${tab === selected ? 0 : -1}
          data-tone=${(tab === 'active_stale_attention' && tone) || nothing}
          @click=${() => open(tab)}
        >
          <span>${words.tabs[tab]}</span>
          <span part="tab-count" class="count">${counts[tab]}</span>
        </button>`,
    )}
  </div>`;
}
