import type { Part } from '../parts/part.js';

/** Loads what an element needs to draw, and draws it again then. */
export class CodeLoader {
  readonly #changed: () => void;
  #parts: readonly Part<unknown>[] = [];
  #loading: Promise<void> | undefined;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Resolves when nothing is being loaded; `undefined` if that is so already. */
  get loading(): Promise<void> | undefined {
    return this.#loading;
  }

  /** From now on the element needs these. */
  need(parts: readonly (Part<unknown> | undefined)[]): void {
    this.#parts = parts.filter((part) => part !== undefined);
    // On its way for another element, it is waited for too.
    if (this.#parts.some((part) => part.isDue || part.loading !== undefined)) void this.load();
  }

  /** Loads what is not here, also after a failure. */
  async load(): Promise<void> {
    const missing = this.#parts.filter((part) => part.value === undefined);
    if (missing.length > 0) await (this.#loading ??= this.#load(missing));
  }

  async #load(parts: readonly Part<unknown>[]): Promise<void> {
    await Promise.all(parts.map((part) => part.load()));
    this.#loading = undefined;
    this.#changed();
  }
}
