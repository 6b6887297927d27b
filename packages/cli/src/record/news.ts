import { isActive, runKey, type Instant } from '@tardy/core';
import type { CompleteReading } from '../read/read-all.js';
import type { SeenRun } from '../read/tally.js';
import { advanceEntry, entryKey, withoutEnd, type Entry, type SourceCheck } from './entry.js';
import type { RecordStore } from './store.js';

/** What one check adds to a record. */
export type News = {
  readonly entries: readonly Entry[];
  readonly checks: readonly SourceCheck[];
  /** How many of the entries are of runs that had not been seen, and how many of runs that have ended. */
  readonly added: number;
  readonly ended: number;
  /** The sources of which more runs ended than are read at once. */
  readonly overfull: readonly string[];
};

/** How many ended runs of each source are read: far more than end between two checks. */
export const RECENT = 1000;

/**
 * What a reading says that a record does not know.
 *
 * @param sinceOf runs that ended before this are not kept, for each source.
 * @param scrub removes secrets, as from everything that is written: the record knows runs by what is left.
 */
export function newsOf(
  { sources, runs, evidence, now }: CompleteReading,
  store: Pick<RecordStore, 'find' | 'open'>,
  sinceOf: (sourceName: string) => Instant,
  scrub: (text: string) => string,
): News {
  const entries = new Map<string, Entry>();
  let added = 0;
  let ended = 0;
  const put = (sourceName: string, seen: SeenRun) => {
    const key = scrub(entryKey(sourceName, seen.run));
    const before = store.find(key);
    if (before === undefined && endedBefore(seen, sinceOf(sourceName))) return;
    const entry = advanceEntry(before, sourceName, seen);
    if (entry === undefined) return;
    entries.set(key, entry);
    if (before === undefined) added++;
    if (!isActive(seen.run)) ended++;
  };
  for (const seen of runs) put(sources[seen.sourceIndex]?.name ?? '', seen);
  for (const entry of store.open()) {
    const followed = evidence[sources.findIndex(({ name }) => name === entry.sourceName)]?.followed;
    const found = followed?.get(runKey(entry.run));
    switch (found?.kind) {
      case undefined:
        break;
      case 'ended':
        put(entry.sourceName, found.seen);
        break;
      case 'replaced':
      case 'gone':
        entries.set(entryKey(entry.sourceName, entry.run), withoutEnd(entry, now));
        break;
    }
  }
  const ofSource = (index: number) => runs.filter(({ sourceIndex }) => sourceIndex === index);
  return {
    entries: [...entries.values()],
    checks: sources.map(({ name, complete }, index) => checkOf(name, complete, ofSource(index), now)),
    added,
    ended,
    overfull: sources.flatMap(({ name }, index) => {
      const recent = ofSource(index).filter((seen) => !isActive(seen.run) && !endedBefore(seen, sinceOf(name)));
      return recent.length >= RECENT ? [name] : [];
    }),
  };
}

function endedBefore({ run }: SeenRun, since: Instant): boolean {
  return !isActive(run) && (run.endedAt ?? Infinity) < since;
}

function checkOf(sourceName: string, complete: boolean, runs: readonly SeenRun[], at: Instant): SourceCheck {
  const count = (state: SeenRun['freshness']['state']) =>
    runs.filter(({ freshness }) => freshness.state === state).length;
  return {
    at,
    sourceName,
    complete,
    runs: runs.filter(({ run }) => isActive(run)).length,
    late: count('late'),
    likelyStale: count('likely_stale'),
    unknown: count('unknown'),
  };
}
