import type { Instant } from '@tardy/core';
import type { History, HistoryRow } from '@tardy/core/learn';

/** One place that a history was read from, and what could not be read there. */
export type HistorySource = {
  readonly name: string;
  /** The format of a file, or the kind of a source. */
  readonly format: string;
  /** Rows that were read. */
  readonly rows: number;
  readonly unreadable: number;
  /** What is wrong with the first of them. */
  readonly issues: readonly string[];
  /** Why it is not complete apart from unreadable rows; absent if it is. */
  readonly incomplete: string | undefined;
};

const SHOWN_ISSUES = 5;

/** Puts the rows of one place that ended after some instant into a history, and counts them. */
export class HistoryIntake {
  readonly #history: History;
  readonly #since: Instant;
  readonly #issues: string[] = [];
  #rows = 0;
  #unreadable = 0;

  constructor(history: History, since: Instant) {
    this.#history = history;
    this.#since = since;
  }

  add(row: HistoryRow | string): void {
    if (typeof row === 'string') {
      this.#unreadable++;
      if (this.#issues.length < SHOWN_ISSUES) this.#issues.push(row);
      return;
    }
    if (row.endedAt !== undefined && row.endedAt < this.#since) return;
    this.#rows++;
    this.#history.add(row);
  }

  result(name: string, format: string, incomplete?: string): HistorySource {
    return { name, format, rows: this.#rows, unreadable: this.#unreadable, issues: this.#issues, incomplete };
  }
}
