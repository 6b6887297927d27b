import type { JsonObject } from './body.js';

/**
 * The rows of a list that comes in pages, each once. A list is complete when it has as many rows as it counts: a page that a server sends
 * again must not stand for one that is missing.
 */
export class DistinctRows<Row = JsonObject> {
  readonly #rows = new Map<string, Row>();
  readonly #keyOf: (row: Row) => unknown;

  /** @param keyOf tells rows apart; a row without a key counts as one of its own. */
  constructor(keyOf: (row: Row) => unknown) {
    this.#keyOf = keyOf;
  }

  /** Adds those of a page that are new, and gives their number. */
  add(page: readonly Row[]): number {
    const before = this.#rows.size;
    for (const row of page) {
      const key = this.#keyOf(row);
      this.#rows.set(key === undefined || key === null ? `row ${this.#rows.size}` : JSON.stringify(key), row);
    }
    return this.#rows.size - before;
  }

  get size(): number {
    return this.#rows.size;
  }

  get rows(): readonly Row[] {
    return [...this.#rows.values()];
  }
}
