import type { Instant } from '@tardy/core';
import type { Entry, SourceCheck } from './entry.js';

/** A record that is open for this process only. */
export type RecordStore = {
  /** The entry of a run, by `entryKey`. */
  readonly find: (key: string) => Entry | undefined;
  /** The entries whose end is still to be seen. */
  readonly open: () => readonly Entry[];
  /** When each source was last recorded, by its name. */
  readonly lastChecks: ReadonlyMap<string, Instant>;
  /**
   * Keeps what is new, all or nothing, and drops what ended or was last heard of before an instant.
   *
   * @throws {UsageError} if the file cannot be written, or is no longer ours.
   */
  readonly save: (news: readonly Entry[], checks: readonly SourceCheck[], before: Instant) => Promise<void>;
  /** How many runs it has. */
  readonly size: () => number;
  readonly close: () => Promise<void>;
};
