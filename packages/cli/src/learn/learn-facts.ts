import type { Policy } from '@tardy/core';
import type { LearnedClock, LearnedRule, LearnOptions, Lesson, WornRule } from '@tardy/core/learn';
import type { HistoryOptions } from '../history/history-options.js';
import type { HistoryReading } from '../history/read-history.js';
import type { Plan } from './plan.js';

/** The formats of a proposal. */
export const LEARN_FORMATS = ['text', 'yaml', 'json', 'html'] as const;

/** The options of `learn`. */
export type LearnCommandOptions = HistoryOptions & {
  readonly targets: readonly string[];
  readonly policyPath: string | undefined;
  readonly clocks: readonly LearnedClock[];
  readonly learning: LearnOptions;
  readonly typeGlob: string | undefined;
  readonly writePath: string | undefined;
  readonly diff: boolean;
  readonly exitCode: boolean;
  readonly format: (typeof LEARN_FORMATS)[number];
};

/** What the outputs need to know about what was learned. */
export type LearnFacts = {
  readonly reading: HistoryReading;
  readonly lessons: readonly Lesson[];
  readonly rules: readonly LearnedRule[];
  /** The policy that the rules are compared with. */
  readonly policy: Policy;
  readonly plan: Plan;
  /** The learned rules of the policy that no longer fit this history. */
  readonly worn: readonly WornRule[];
  readonly options: LearnCommandOptions;
  readonly exitCode: number;
};
