import type { DurationMs } from '../duration.js';
import type { Instant } from '../run.js';
import { endingOf, type Ending } from './ending.js';
import type { History, HistoryGroup } from './history.js';
import type { LearnedClock } from './levels.js';
import type { Limits } from './limits.js';
import { sortTogether } from './sort-together.js';

/** What one clock of some runs has measured, in the order in which it stopped. */
export type Series = {
  /** When the clock of each run stopped. */
  readonly ends: Float64Array;
  /** What it showed then, in milliseconds. */
  readonly values: Float64Array;
};

/** What one clock of the runs of one type, or of all types of a source, has measured. */
export type Samples = {
  /** Of the runs that ended by themselves. */
  readonly ended: Series;
  /** Of the runs that were cancelled or had not ended: they would have taken longer. */
  readonly censored: Series;
  /** How long runs took that were cut, in milliseconds; none for other clocks than `run`. */
  readonly cut: readonly DurationMs[];
  /** How many runs were left out, by reason. */
  readonly leftOut: Readonly<Partial<Record<Ending, number>>>;
  /** The system's own limit, of the latest run; absent if there is none, or whoever submits a run chooses it. */
  readonly limit: DurationMs | undefined;
};

/** How samples are taken. */
export type Sampling = {
  readonly clock: LearnedClock;
  readonly limits: Limits;
  /** Takes runs that reached their limit for runs that ended by themselves, as if nothing had recognised them. */
  readonly keepCut?: boolean | undefined;
};

type Kind = 'ended' | 'censored' | 'left out';
type Sample = { readonly kind: Kind; readonly ending: Ending; readonly end: Instant; readonly value: DurationMs };

/**
 * The samples of each group of one source, and of all of them together.
 *
 * While the source states limits, every run that ended by itself counts. Where it states none, a run that hung until an unknown limit looks like one that
 * failed, so only successes count, unless the source gives no outcomes at all.
 */
export function samplesOf(
  history: History,
  groups: readonly HistoryGroup[],
  sampling: Sampling,
): { readonly all: Samples; readonly byGroup: readonly Samples[] } {
  const { origin } = sampling.limits;
  const onlySuccesses = (origin === 'none' || origin === 'apparent') && hasSuccesses(history, groups);
  const byGroup = groups.map(({ rows }) => samplesFrom(gather(history, rows, sampling, onlySuccesses)));
  return { all: merged(byGroup), byGroup };
}

/** Samples in any order. */
type Gathered = {
  readonly ended: Unordered;
  readonly censored: Unordered;
  readonly cut: DurationMs[];
  readonly leftOut: Partial<Record<Ending, number>>;
  limit: DurationMs | undefined;
  limitFrom: Instant;
};
type Unordered = { readonly ends: Float64Array; readonly values: Float64Array; count: number };

function gather(history: History, rows: readonly number[], sampling: Sampling, onlySuccesses: boolean): Gathered {
  const gathered = nothing(rows.length);
  for (const row of rows) {
    const { kind, ending, end, value } = sampleOf(history, row, sampling, onlySuccesses);
    if (kind === 'left out') {
      gathered.leftOut[ending] = (gathered.leftOut[ending] ?? 0) + 1;
      if (ending === 'cut' && sampling.clock === 'run') gathered.cut.push(value);
    } else {
      const samples = gathered[kind];
      samples.ends[samples.count] = end;
      samples.values[samples.count] = value;
      samples.count++;
    }
    const limit = sampling.limits.of(row);
    if (sampling.limits.origin === 'system' && limit > 0 && history.startedAt(row) > gathered.limitFrom) {
      gathered.limit = limit;
      gathered.limitFrom = history.startedAt(row);
    }
  }
  return gathered;
}

function sampleOf(
  history: History,
  row: number,
  { clock, limits, keepCut = false }: Sampling,
  onlySuccesses: boolean,
): Sample {
  const ending = endingOf(history, row, limits);
  const startedAt = history.startedAt(row);
  const end = history.endedAt(row);
  switch (clock) {
    case 'run':
      return { kind: runKind(history, row, ending, keepCut, onlySuccesses), ending, end, value: end - startedAt };
    case 'queue': {
      // The later attempts of a run keep the time at which the first was queued.
      const value = startedAt - history.queuedAt(row);
      const counts = value >= 0 && history.attemptOf(row) === 1 && ending !== 'held' && ending !== 'skipped';
      return { kind: counts ? 'ended' : 'left out', ending, end: startedAt, value };
    }
    case 'silence': {
      const value = history.silenceOf(row);
      return { kind: ending === 'ended' && value >= 0 ? 'ended' : 'left out', ending, end, value };
    }
  }
}

function runKind(history: History, row: number, ending: Ending, keepCut: boolean, onlySuccesses: boolean): Kind {
  switch (ending) {
    case 'ended':
      return onlySuccesses && !isSuccess(history, row) ? 'left out' : 'ended';
    case 'cut':
      return keepCut ? 'ended' : 'left out';
    case 'cancelled':
    case 'active':
      return 'censored';
    case 'held':
    case 'skipped':
    case 'unusable':
      return 'left out';
  }
}

function isSuccess(history: History, row: number): boolean {
  const outcome = history.outcomeOf(row);
  return outcome === 'succeeded' || outcome === 'partially_succeeded';
}

function hasSuccesses(history: History, groups: readonly HistoryGroup[]): boolean {
  return groups.some(({ rows }) => rows.some((row) => isSuccess(history, row)));
}

function nothing(most: number): Gathered {
  return {
    ended: unordered(most),
    censored: unordered(most),
    cut: [],
    leftOut: {},
    limit: undefined,
    limitFrom: -Infinity,
  };
}

function unordered(most: number): Unordered {
  return { ends: new Float64Array(most), values: new Float64Array(most), count: 0 };
}

function merged(all: readonly Samples[]): Samples {
  const leftOut: Partial<Record<Ending, number>> = {};
  for (const one of all) {
    for (const [ending, count] of Object.entries(one.leftOut) as [Ending, number][]) {
      leftOut[ending] = (leftOut[ending] ?? 0) + count;
    }
  }
  const limits = all.flatMap(({ limit }) => limit ?? []);
  return {
    ended: inOrder(joined(all.map(({ ended }) => ended.ends)), joined(all.map(({ ended }) => ended.values))),
    censored: inOrder(
      joined(all.map(({ censored }) => censored.ends)),
      joined(all.map(({ censored }) => censored.values)),
    ),
    cut: all.flatMap(({ cut }) => cut),
    leftOut,
    // A rule for all types must be in time for the one that its system ends first.
    limit: limits.length === 0 ? undefined : Math.min(...limits),
  };
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const sum = new Float64Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    sum.set(part, at);
    at += part.length;
  }
  return sum;
}

function samplesFrom({ ended, censored, cut, leftOut, limit }: Gathered): Samples {
  return { ended: seriesFrom(ended), censored: seriesFrom(censored), cut, leftOut, limit };
}

/** A copy, so that the places that were not needed are released. */
function seriesFrom({ ends, values, count }: Unordered): Series {
  return inOrder(ends.slice(0, count), values.slice(0, count));
}

function inOrder(ends: Float64Array, values: Float64Array): Series {
  sortTogether(ends, values);
  return { ends, values };
}
