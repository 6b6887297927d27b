import type { Instant } from '../run.js';
import { policyOf, type Candidate } from './candidate.js';
import { endingOf, type Ending } from './ending.js';
import { groupsBySource, type History } from './history.js';
import type { Level } from './levels.js';
import { limitsOf, type Limits } from './limits.js';
import type { BacktestOptions } from './backtest-options.js';
import { replayedRun, type ReplayedClock } from './replay.js';
import { ResultTally, type LevelResult } from './result-tally.js';
import { sortTogether } from './sort-together.js';

/** How one candidate did. */
export type CandidateResult = {
  readonly name: string;
  readonly kind: Candidate['kind'];
  readonly levels: Readonly<Record<Level, LevelResult>>;
};

/** What a backtest found. */
export type Backtest = {
  readonly clock: ReplayedClock;
  /** When the first and the last of the replayed runs started; absent if there are none. */
  readonly from: Instant | undefined;
  readonly to: Instant | undefined;
  /** How many runs were replayed, whatever became of them. */
  readonly replayed: number;
  readonly endings: Readonly<Partial<Record<Ending, number>>>;
  readonly candidates: readonly CandidateResult[];
};

/**
 * Replays a history under each candidate. Each run is judged by the policy that was in force when it started.
 *
 * The runs of one source are judged by rules learned from that source.
 */
export function backtest(history: History, candidates: readonly Candidate[], options: BacktestOptions): Backtest {
  const order = rowsInOrder(history);
  const replayed = order.subarray(Math.floor(order.length * options.skip));
  const bySource = groupsBySource(history);
  const limits = new Map([...bySource].map(([source, groups]) => [source, limitsOf(history, groups)]));
  const [first] = replayed;
  const last = replayed.at(-1);
  const from = first === undefined ? undefined : history.startedAt(first);
  const judges = candidates.map((candidate, index) => ({
    policyAt: policyOf(candidate, history, [...bySource.values()], options.clock, from ?? 0),
    tally: new ResultTally(index, options),
  }));
  const endings: Partial<Record<Ending, number>> = {};
  for (const row of replayed) {
    const own = limits.get(history.groupOf(row).source) as Limits;
    const ending = endingOf(history, row, own);
    endings[ending] = (endings[ending] ?? 0) + 1;
    const run = replayedRun(history, row, ending, own, options.clock);
    if (run === undefined) continue;
    for (const { policyAt, tally } of judges) tally.add(history, run, policyAt(history.startedAt(row)));
  }
  return {
    clock: options.clock,
    from,
    to: last === undefined ? undefined : history.startedAt(last),
    replayed: replayed.length,
    endings,
    candidates: candidates.map(({ name, kind }, index) => ({
      name,
      kind,
      levels: (judges[index] as (typeof judges)[number]).tally.results(),
    })),
  };
}

/** The rows that have started, in the order of their starts. */
function rowsInOrder(history: History): Uint32Array {
  const started = new Float64Array(history.size);
  const rows = new Float64Array(history.size);
  let count = 0;
  for (let row = 0; row < history.size; row++) {
    if (Number.isNaN(history.startedAt(row))) continue;
    rows[count] = row;
    started[count++] = history.startedAt(row);
  }
  const found = rows.subarray(0, count);
  sortTogether(started.subarray(0, count), found);
  return Uint32Array.from(found);
}
