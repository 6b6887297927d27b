import type { LitElement, ReactiveController } from 'lit';

/** Knows whether its host is narrower than a width, and draws it again when that changes. */
export class WidthWatch implements ReactiveController {
  isNarrow = false;
  readonly #host: LitElement;
  readonly #narrowPx: number;
  #resized: ResizeObserver | undefined;

  constructor(host: LitElement, narrowPx: number) {
    this.#host = host;
    this.#narrowPx = narrowPx;
    host.addController(this);
  }

  hostConnected(): void {
    this.#resized = new ResizeObserver(([entry]) => {
      const isNarrow = entry !== undefined && entry.contentRect.width < this.#narrowPx;
      if (isNarrow === this.isNarrow) return;
      this.isNarrow = isNarrow;
      // In the next frame: drawing at once would change the height that is observed.
      requestAnimationFrame(() => this.#host.requestUpdate());
    });
    this.#resized.observe(this.#host);
  }

  hostDisconnected(): void {
    this.#resized?.disconnect();
  }
}
