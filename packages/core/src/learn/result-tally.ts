import type { DurationMs } from '../duration.js';
import type { Policy } from '../policy.js';
import type { BacktestOptions } from './backtest-options.js';
import type { History } from './history.js';
import { LEVELS, type Level } from './levels.js';
import { replay, type ReplayedRun, type Replay } from './replay.js';
import { rateAtMost } from './tolerance.js';

/** How one candidate did at one level. Durations in milliseconds. */
export type LevelResult = {
  /** Runs that ended by themselves and for which the candidate has a threshold. */
  readonly runs: number;
  /** How many of them were called late or stuck. */
  readonly falseAlarms: number;
  /** The false alarms per run that this is compatible with, at 95 %. */
  readonly falseRateAtMost: number;
  /** Runs that hung: their system ended them at its limit, or closed them as stuck. */
  readonly hangs: number;
  /** How many of them were called late or stuck before their limit, or before they were closed. */
  readonly hangsCaught: number;
  /** From the start of a hung run to the alarm; absent if there was none. */
  readonly medianDelay: DurationMs | undefined;
  /** From the alarm to the end of a hung run. */
  readonly medianLead: DurationMs | undefined;
  /** Cancelled runs past the threshold: somebody may have found them stuck. */
  readonly cancelledPast: number;
  /** The share of the runs that ended by themselves for which the candidate has no threshold. */
  readonly refusedShare: number;
  /** Runs with a threshold, each as if it never ended; absent unless asked for. */
  readonly injected: { readonly runs: number; readonly caught: number; readonly withinHour: number } | undefined;
};

const HOUR = 3_600_000;
const CONFIDENCE = 0.95;

type Counts = {
  runs: number;
  falseAlarms: number;
  hangs: number;
  cancelledPast: number;
  refused: number;
  readonly delays: number[];
  readonly leads: number[];
  readonly injected: { runs: number; caught: number; withinHour: number };
};

/** Counts what one candidate says about the runs of a backtest. */
export class ResultTally {
  readonly #candidate: number;
  readonly #options: BacktestOptions;
  readonly #counts: Readonly<Record<Level, Counts>> = { late: noCounts(), stale: noCounts() };

  constructor(candidate: number, options: BacktestOptions) {
    this.#candidate = candidate;
    this.#options = options;
  }

  add(history: History, run: ReplayedRun, policy: Policy): void {
    const said = replay(run, policy, this.#options.clock, run.to);
    for (const level of LEVELS) this.#count(this.#counts[level], run, said, level);
    if (this.#options.inject && run.meaning === 'ended') this.#inject(run, policy);
    const { onAlarm } = this.#options;
    if (onAlarm === undefined) return;
    for (const level of LEVELS) {
      const alarm = said.alarms[level];
      if (alarm === undefined) continue;
      onAlarm({
        ...alarm,
        candidate: this.#candidate,
        source: run.run.source,
        type: run.run.type,
        id: history.idOf(run.row),
        attempt: history.attemptOf(run.row),
        startedAt: run.from,
        endedAt: run.to,
        outcome: history.outcomeOf(run.row),
        meaning: run.meaning,
      });
    }
  }

  results(): Readonly<Record<Level, LevelResult>> {
    return { late: resultOf(this.#counts.late, this.#options), stale: resultOf(this.#counts.stale, this.#options) };
  }

  #count(
    counts: Counts,
    { meaning, from, to, limitAt }: ReplayedRun,
    { thresholds, alarms }: Replay,
    level: Level,
  ): void {
    const alarm = alarms[level];
    switch (meaning) {
      case 'ended':
        if (thresholds[level] === Infinity) counts.refused++;
        else counts.runs++;
        if (alarm !== undefined) counts.falseAlarms++;
        return;
      case 'hang':
        counts.hangs++;
        // At the limit itself its system knows as much.
        if (alarm === undefined || alarm.at >= limitAt) return;
        counts.delays.push(alarm.at - from);
        counts.leads.push(to - alarm.at);
        return;
      case 'cancelled':
        if (alarm !== undefined) counts.cancelledPast++;
        return;
    }
  }

  /** The same run, but it hangs until its system ends it. */
  #inject(run: ReplayedRun, policy: Policy): void {
    const { thresholds, alarms } = replay(run, policy, this.#options.clock, run.limitAt);
    for (const level of LEVELS) {
      if (thresholds[level] === Infinity) continue;
      const { injected } = this.#counts[level];
      const alarm = alarms[level];
      injected.runs++;
      if (alarm === undefined) continue;
      injected.caught++;
      if (alarm.at - run.from <= HOUR) injected.withinHour++;
    }
  }
}

function resultOf(counts: Counts, { inject }: BacktestOptions): LevelResult {
  const { runs, falseAlarms, hangs, cancelledPast, refused, delays, leads, injected } = counts;
  return {
    runs,
    falseAlarms,
    falseRateAtMost: rateAtMost(falseAlarms, runs, CONFIDENCE),
    hangs,
    hangsCaught: delays.length,
    medianDelay: median(delays),
    medianLead: median(leads),
    cancelledPast,
    refusedShare: runs + refused === 0 ? 0 : refused / (runs + refused),
    injected: inject ? injected : undefined,
  };
}

/** The lower of the two in the middle of an even number. */
function median(values: readonly DurationMs[]): DurationMs | undefined {
  return [...values].sort((one, other) => one - other)[Math.floor((values.length - 1) / 2)];
}

function noCounts(): Counts {
  return {
    runs: 0,
    falseAlarms: 0,
    hangs: 0,
    cancelledPast: 0,
    refused: 0,
    delays: [],
    leads: [],
    injected: { runs: 0, caught: 0, withinHour: 0 },
  };
}
