import { html, type TemplateResult } from 'lit';
import { OpsNavigateEvent, type NavigationTarget } from '../events/ops-navigate.js';

/**
 * A link into the host's pages; plain text where the host has no such page.
 *
 * A plain click asks the host first (`ops-navigate`). One that opens a new tab or window is the browser's own affair.
 */
export function link(
  href: string | undefined,
  destination: NavigationTarget,
  part: string,
  content: unknown,
): TemplateResult {
  if (href === undefined) return html`<span part=${part} class=${part}>${content}</span>`;
  const follow = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const allowed = event.currentTarget?.dispatchEvent(new OpsNavigateEvent(destination, href));
    if (allowed === false) event.preventDefault();
  };
  return html`<a part=${part} class=${part} href=${href} @click=${follow}>${content}</a>`;
}
