import type { LitElement, ReactiveController } from 'lit';
import { stepOf } from './list-keys.js';

/** Watches whether somebody reads the rows of a list, and moves the focus between them. */
export class RowReader implements ReactiveController {
  /** The key of the row that can be focused by the keyboard. */
  current: string | undefined;
  readonly #host: LitElement;
  #focused: number | undefined;
  /** The row that is being read, and where it was. */
  #anchor: { readonly row: Element; readonly top: number } | undefined;

  constructor(host: LitElement) {
    this.#host = host;
    host.addController(this);
  }

  get rows(): HTMLTableRowElement[] {
    return [...(this.#host.renderRoot?.querySelectorAll<HTMLTableRowElement>('tr.row') ?? [])];
  }

  /** The pointer, the focus or a selection is among the rows. */
  get isReading(): boolean {
    const { renderRoot, shadowRoot } = this.#host;
    const panel = renderRoot.querySelector('.rows');
    if (panel === null) return false;
    if (panel.matches(':hover') || panel.contains(shadowRoot?.activeElement ?? null)) return true;
    const selection = getSelection();
    // Without a range nothing is selected, and the browser need not lay out the page to find out.
    if (!selection?.rangeCount || shadowRoot === null) return false;
    const [range] = selection.getComposedRanges?.({ shadowRoots: [shadowRoot] }) ?? [];
    return range !== undefined && !range.collapsed && panel.contains(range.startContainer);
  }

  hostUpdate(): void {
    const read = this.#host.renderRoot?.querySelector('tr.row:hover') ?? this.#active ?? undefined;
    this.#anchor = read && { row: read, top: read.getBoundingClientRect().top };
    const row = this.#active;
    this.#focused = row && this.rows.findIndex((one) => one === row);
  }

  /** If the row that had the focus is gone, the one in its place takes it. */
  hostUpdated(): void {
    this.#keepInPlace();
    if (this.#focused === undefined || this.#active !== undefined) return;
    const { rows } = this;
    const next = rows[Math.min(this.#focused, rows.length - 1)];
    this.current = next?.dataset['key'];
    next?.focus();
  }

  /** What comes above the row that is being read scrolls it back to where it was. */
  #keepInPlace(): void {
    const { row, top } = this.#anchor ?? {};
    if (row?.isConnected !== true || top === undefined) return;
    const moved = row.getBoundingClientRect().top - top;
    if (Math.abs(moved) >= 1) scrollerOf(row).scrollTop += moved;
  }

  readonly focusIn = (event: FocusEvent): void => {
    const key = (event.target as Element).closest<HTMLElement>('tr.row')?.dataset['key'];
    if (key === undefined || key === this.current) return;
    this.current = key;
    this.#host.requestUpdate();
  };

  readonly keyDown = (event: KeyboardEvent): void => {
    const { rows } = this;
    const row = (event.target as Element).closest<HTMLTableRowElement>('tr.row');
    if (row === null || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Enter' && event.target === row) row.querySelector<HTMLElement>('a.title')?.click();
    const [back, on] = row.matches(':dir(rtl)') ? ['ArrowRight', 'ArrowLeft'] : ['ArrowLeft', 'ArrowRight'];
    const links = [row, ...row.querySelectorAll<HTMLElement>('a')];
    const link =
      links[links.indexOf(event.target as HTMLElement) + (event.key === on ? 1 : event.key === back ? -1 : NaN)];
    if (link !== undefined) {
      event.preventDefault();
      link.focus();
      return;
    }
    const to = stepOf(event.key, rows.indexOf(row), rows.length, 'ArrowUp', 'ArrowDown');
    if (to === undefined) return;
    event.preventDefault();
    rows[to]?.focus();
  };

  /** A click beside the links of a row opens it, unless somebody marks text. */
  readonly click = (event: MouseEvent): void => {
    const target = event.target as Element;
    if (event.button !== 0 || target.closest('a, button, input, summary') !== null) return;
    if (getSelection()?.isCollapsed === false) return;
    const link = target.closest('tr.row')?.querySelector('a.title');
    // As the viewer clicked: with a key for another tab, the browser opens one.
    link?.dispatchEvent(new MouseEvent('click', event));
  };

  get #active(): HTMLElement | undefined {
    return this.#host.shadowRoot?.activeElement?.closest<HTMLElement>('tr.row') ?? undefined;
  }
}

/** What scrolls an element up and down: an ancestor across shadow roots, or the page. */
function scrollerOf(element: Element): Element {
  let at: Element | null = element;
  while (at !== null) {
    if (at.scrollHeight > at.clientHeight + 1 && /auto|scroll/.test(getComputedStyle(at).overflowY)) return at;
    const root: Node = at.getRootNode();
    at = at.assignedSlot ?? at.parentElement ?? (root instanceof ShadowRoot ? root.host : null);
  }
  return document.scrollingElement ?? document.documentElement;
}
