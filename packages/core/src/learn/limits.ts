import type { DurationMs } from '../duration.js';
import type { History, HistoryGroup } from './history.js';

/**
 * Whose the time limits of a source are.
 *
 * - `system`: each type has one that rarely changes, so a run that reaches it hung.
 * - `requested`: whoever submits a run asks for one, so reaching it proves nothing.
 * - `apparent`: the source states none, but runs that did not succeed ended at the same time, long after any success.
 * - `none`: there is no sign of any.
 */
export type LimitOrigin = 'system' | 'requested' | 'apparent' | 'none';

/** The time limits of the runs of one source. */
export type Limits = {
  readonly origin: LimitOrigin;
  /** After this time since its start the run is ended; NaN if there is no limit. */
  readonly of: (row: number) => DurationMs;
};

/** A run that took this share of its limit has reached it: some sources round their times. */
export const REACHED = 0.99;

/** How long a system may take to end a run that has reached its limit: it looks in intervals and gives time to clean up. */
const GRACE = { share: 0.05, least: 5 * 60_000 } as const;

/**
 * Limits that change between more than this share of the consecutive runs of a type are requested run by run. One change of each type is
 * somebody's change to the system.
 */
const CHANGES_OF_A_SYSTEM = 0.02;

/** A limit that nobody states shows itself by so many runs at least, and lies so many times above the longest success. */
const APPARENT = { runs: 3, timesLongestSuccess: 2 } as const;

/** The longest time that a run with this limit can take before its system ends it. */
export function longestWithin(limit: DurationMs): DurationMs {
  return limit + Math.max(GRACE.share * limit, GRACE.least);
}

/** The limits of these groups, all of one source. */
export function limitsOf(history: History, groups: readonly HistoryGroup[]): Limits {
  const stated = statedOrigin(history, groups);
  switch (stated) {
    case 'requested':
      return { origin: stated, of: (row) => history.limitOf(row) };
    case 'system':
      return { origin: stated, of: withLatest(history, groups) };
    case 'none': {
      const limit = apparentLimit(history, groups);
      return { origin: limit === undefined ? 'none' : 'apparent', of: () => limit ?? NaN };
    }
  }
}

function statedOrigin(history: History, groups: readonly HistoryGroup[]): 'system' | 'requested' | 'none' {
  let limited = 0;
  let pairs = 0;
  let changes = 0;
  for (const { rows } of groups) {
    let before: DurationMs | undefined;
    let changesOfType = 0;
    for (const row of rows) {
      const limit = history.limitOf(row);
      if (Number.isNaN(limit)) continue;
      limited++;
      if (before !== undefined) {
        pairs++;
        // A source that states a deadline to the second gives limits that differ by rounding.
        if (Math.abs(limit - before) > before * 0.01) changesOfType++;
      }
      before = limit;
    }
    changes += Math.max(0, changesOfType - 1);
  }
  if (limited === 0) return 'none';
  return changes > pairs * CHANGES_OF_A_SYSTEM ? 'requested' : 'system';
}

/** A run that states no limit has that of the latest run of its type. */
function withLatest(history: History, groups: readonly HistoryGroup[]): (row: number) => DurationMs {
  const missing = new Map<number, DurationMs>();
  for (const { rows } of groups) {
    let latest = NaN;
    for (const row of rows) if (!Number.isNaN(history.limitOf(row))) latest = history.limitOf(row);
    if (Number.isNaN(latest)) continue;
    for (const row of rows) if (Number.isNaN(history.limitOf(row))) missing.set(row, latest);
  }
  return (row) => missing.get(row) ?? history.limitOf(row);
}

/** The time at which most of the runs ended that lasted much longer than any success, if it is the same for several. */
function apparentLimit(history: History, groups: readonly HistoryGroup[]): DurationMs | undefined {
  let longestSuccess = 0;
  const others: DurationMs[] = [];
  for (const { rows } of groups) {
    for (const row of rows) {
      const duration = history.endedAt(row) - history.startedAt(row);
      const outcome = history.outcomeOf(row);
      if (!(duration > 0) || outcome === 'pending') continue;
      if (outcome === 'succeeded') longestSuccess = Math.max(longestSuccess, duration);
      else if (outcome === 'failed' || outcome === 'cancelled') others.push(duration);
    }
  }
  if (longestSuccess === 0) return undefined;
  const long = others.filter((duration) => duration > APPARENT.timesLongestSuccess * longestSuccess).sort(ascending);
  let best = { count: 0, limit: 0 };
  for (let first = 0, end = 0; first < long.length; first++) {
    const limit = long[first] as number;
    while (end < long.length && (long[end] as number) <= limit / REACHED) end++;
    if (end - first > best.count) best = { count: end - first, limit };
  }
  return best.count >= Math.max(APPARENT.runs, long.length / 2) ? best.limit : undefined;
}

function ascending(one: number, other: number): number {
  return one - other;
}
