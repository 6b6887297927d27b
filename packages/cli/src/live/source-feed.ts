import type { Instant, ReportSource } from '@tardy/core';
import { UsageError } from '../errors.js';
import type { OpenedSources } from '../read/open-sources.js';
import type { OpenedSource } from '../read/opened-source.js';
import type { Reading } from '../read/read-sources.js';

/** What one feed works with. */
export type SourceFeedOptions = {
  /** Opens the source: reads its secrets and its file again. */
  readonly open: () => Promise<OpenedSources>;
  readonly read: (opened: readonly OpenedSource[]) => Promise<Reading>;
  /** The shortest time between two readings, in milliseconds. */
  readonly everyMs: number;
  /** How many requests the source may get in a minute, on average. */
  readonly requestsPerMinute: number;
  readonly now: () => Instant;
};

const LONGEST_WAIT_MS = 5 * 60_000;

/** How long a source that says "too many requests" is left alone at least, in milliseconds. */
const RATE_LIMIT_WAIT_MS = 60_000;

/** Reads one source again and again, within its budget: the same requests whether nobody looks or a hundred do. */
export class SourceFeed {
  /** Of the last reading; `undefined` before the first. */
  last: ReportSource | undefined;
  /** When the last reading without an error ended. */
  readAt: Instant | undefined;
  /** When readings began to fail. */
  failingSince: Instant | undefined;
  readonly name: string;
  readonly kind: string;
  readonly #options: SourceFeedOptions;
  #opened: OpenedSources | undefined;
  #failures = 0;
  #spent = 0;

  constructor(opened: OpenedSources, options: SourceFeedOptions) {
    const [one] = opened.opened;
    this.name = one?.source.name ?? '';
    this.kind = one?.source.kind ?? '';
    this.#opened = opened;
    this.#options = options;
  }

  /** Reads once. Never throws for what a source or its file does. */
  async read(): Promise<Reading | undefined> {
    const { open, read, now } = this.#options;
    try {
      this.#opened ??= await open();
      const reading = await read(this.#opened.opened);
      const [report] = reading.sources;
      this.last = report;
      this.#spent = reading.basis.reduce((sum, { requests }) => sum + requests, 0);
      if (report === undefined || report.error === null) this.#succeeded(now());
      else await this.#failed(now());
      return reading;
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      this.#spent = 0;
      const failure = { code: 'config', message: error.message };
      this.last = { ...(this.last ?? unread(this.name, this.kind)), complete: false, error: failure };
      await this.#failed(now());
      return undefined;
    }
  }

  /** How long to wait before the next reading, in milliseconds. `random` from 0 to 1 keeps the sources apart. */
  waitMs(random: number): number {
    const { everyMs, requestsPerMinute } = this.#options;
    const paid = Math.max(everyMs, (this.#spent / requestsPerMinute) * 60_000);
    const limited = this.last?.error?.code === 'rate_limited' ? Math.max(paid, RATE_LIMIT_WAIT_MS) : paid;
    const backedOff = Math.max(limited, Math.min(everyMs * 2 ** this.#failures, LONGEST_WAIT_MS));
    return backedOff * (0.9 + 0.2 * random);
  }

  async close(): Promise<void> {
    await this.#opened?.close();
    this.#opened = undefined;
  }

  #succeeded(at: Instant): void {
    this.#failures = 0;
    this.readAt = at;
    this.failingSince = undefined;
    // What is here already does not change: a file has to be opened again. Standard input can be read once.
    const [one] = this.#opened?.opened ?? [];
    if (one?.connection === undefined && one?.source.kind !== 'stdin') this.#opened = undefined;
  }

  /** The credentials may have been replaced: the next reading reads them again. */
  async #failed(at: Instant): Promise<void> {
    this.#failures++;
    this.failingSince ??= at;
    if (this.kind !== 'stdin') await this.close();
  }
}

/** A source of which nothing has been read. */
export function unread(name: string, kind: string): ReportSource {
  return {
    name,
    kind,
    complete: false,
    runs: 0,
    pages: 0,
    clock_offset_ms: null,
    clock_uncertainty_ms: null,
    rechecked: 0,
    dropped: 0,
    unconfirmed: 0,
    requests: 0,
    max_requests: null,
    policy_digest: '',
    issues: [],
    error: null,
  };
}
