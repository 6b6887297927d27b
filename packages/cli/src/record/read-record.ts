import type { Instant } from '@tardy/core';
import { historyRow, type HistoryRow } from '@tardy/core/learn';
import { UsageError } from '../errors.js';
import type { CliIo } from '../io.js';
import { entryKey, isOpen, type Entry } from './entry.js';
import type { RecordLine } from './record-line.js';
import { recordPlaceFor } from './place.js';
import { recordLines } from './record-store.js';

/** What a record has: each run as it was last seen, and when each source was last read. */
export type RecordContents = {
  readonly entries: readonly Entry[];
  readonly lastChecks: ReadonlyMap<string, Instant>;
  /** How many readings of sources it has, and when the first of them was; absent if there is none. */
  readonly checks: number;
  readonly from: Instant | undefined;
};

/**
 * Reads the record that the command line names, which must exist, else that of the config; `undefined` if there is none.
 *
 * @throws {UsageError} if the named one does not exist, or for a file that is no record.
 */
export async function readRecord(
  io: CliIo,
  config: Parameters<typeof recordPlaceFor>[1],
  given: string | undefined,
): Promise<RecordContents | undefined> {
  const place = recordPlaceFor(io, config, given);
  const lines = place === undefined ? undefined : await recordLines(io, place);
  if (lines !== undefined) return contentsOf(lines);
  if (given === undefined) return undefined;
  throw new UsageError(`The record ${given} does not exist.`, 'tardy record --to keeps one.');
}

/** What the lines of a record say together: the last one of a run counts. */
export async function contentsOf(lines: AsyncIterable<RecordLine>): Promise<RecordContents> {
  const entries = new Map<string, Entry>();
  const lastChecks = new Map<string, Instant>();
  let checks = 0;
  let from = Infinity;
  for await (const line of lines) {
    switch (line.kind) {
      case 'run':
        entries.set(entryKey(line.entry.sourceName, line.entry.run), line.entry);
        break;
      case 'check': {
        const { sourceName, at } = line.check;
        lastChecks.set(sourceName, Math.max(at, lastChecks.get(sourceName) ?? -Infinity));
        checks++;
        from = Math.min(from, at);
        break;
      }
    }
  }
  return { entries: [...entries.values()], lastChecks, checks, from: checks === 0 ? undefined : from };
}

/** What learning needs of the runs of a record. */
export function* historyRows({
  entries,
  lastChecks,
}: Pick<RecordContents, 'entries' | 'lastChecks'>): Generator<HistoryRow, void> {
  for (const entry of entries) {
    const { run, sourceName, silenceMs, held, goneAt, lastSeen } = entry;
    const seenAt = isOpen(entry) ? Math.max(lastSeen, lastChecks.get(sourceName) ?? lastSeen) : undefined;
    const row = historyRow(run, seenAt);
    yield {
      ...row,
      held: row.held === true || held,
      silence: silenceMs,
      // How it ended is not known.
      ...(goneAt === undefined ? {} : { outcome: 'unknown' as const, seenAt: undefined }),
    };
  }
}
