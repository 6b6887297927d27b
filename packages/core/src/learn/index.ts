/**
 * Learns thresholds from the history of runs, and proves them by replaying it. Pure: rows in, proposals with all their evidence out.
 */
export { backtest, type Backtest, type CandidateResult } from './backtest.js';
export type { BacktestOptions } from './backtest-options.js';
export type { Candidate } from './candidate.js';
export { wornRules, type WornRule } from './drift.js';
export type { Ending } from './ending.js';
export { History } from './history.js';
export { historyRow, isTimeoutWord, type HistoryRow } from './history-row.js';
export { DEFAULT_LEARN_OPTIONS, LEVELS, type LearnedClock, type LearnOptions, type Level } from './levels.js';
export type { ReplayedAlarm, ReplayedClock } from './replay.js';
export type { LevelResult } from './result-tally.js';
export { learn, type Lesson } from './learn.js';
export { learnedRules, type LearnedRule } from './learned-rules.js';
export type { Bar } from './histogram.js';
export type { LearnedThreshold, Proposal, Refusal } from './proposal.js';
export { rateAtMost, shareBelowLargest } from './tolerance.js';
