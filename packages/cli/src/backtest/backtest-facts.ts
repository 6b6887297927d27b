import type { Backtest, ReplayedAlarm, ReplayedClock } from '@tardy/core/learn';
import type { HistoryOptions } from '../history/history-options.js';
import type { HistoryReading } from '../history/read-history.js';
import type { KeptPromise, Promises } from './promises.js';

/** The options of `backtest`. */
export type BacktestOptions = HistoryOptions & {
  readonly targets: readonly string[];
  readonly policyPaths: readonly string[];
  readonly relearnMs: number | undefined;
  readonly unmarked: boolean;
  readonly clock: ReplayedClock;
  readonly promises: Promises;
  readonly inject: boolean;
  readonly alarms: boolean;
  readonly json: boolean;
};

/** What the outputs need to know about a backtest. */
export type BacktestFacts = {
  readonly reading: HistoryReading;
  readonly result: Backtest;
  readonly alarms: readonly ReplayedAlarm[];
  readonly options: BacktestOptions;
  readonly verdict: readonly KeptPromise[];
  readonly exitCode: number;
};
