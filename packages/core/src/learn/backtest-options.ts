import type { ReplayedAlarm, ReplayedClock } from './replay.js';

/** What to replay. */
export type BacktestOptions = {
  readonly clock: ReplayedClock;
  /** The share of the runs, the earliest ones, that are only learned from. */
  readonly skip: number;
  /** Replays each run a second time as one that never ends. */
  readonly inject: boolean;
  /** Receives each alarm. */
  readonly onAlarm?: ((alarm: ReplayedAlarm) => void) | undefined;
};
