import type { LitElement, ReactiveController } from 'lit';
import { stepOf } from './list-keys.js';

/** Watches whether somebody reads the rows of a list, and moves the focus between them. */
export class RowReader implements ReactiveController {
  /** The key of the row that can be focused by the keyboard. */
  current: string | undefined;
  readonly #host: LitElement;
  #focused: number | undefined;

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
    const row = this.#active;
    this.#focused = row && this.rows.findIndex((one) => one === row);
  }

  /** If the row that had the focus is gone, the one in its place takes it. */
  hostUpdated(): void {
    if (this.#focused === undefined || this.#active !== undefined) return;
    const { rows } = this;
    const next = rows[Math.min(this.#focused, rows.length - 1)];
    this.current = next?.dataset['key'];
    next?.focus();
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
    const to = stepOf(event.key, rows.indexOf(row), rows.length, 'ArrowUp', 'ArrowDown');
    if (to === undefined) return;
    event.preventDefault();
    rows[to]?.focus();
  };

  get #active(): HTMLElement | undefined {
    return this.#host.shadowRoot?.activeElement?.closest<HTMLElement>('tr.row') ?? undefined;
  }
}
