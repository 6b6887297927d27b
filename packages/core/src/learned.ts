/**
 * Where a learned rule comes from. It changes no verdict: people and tools see by it how old the rule is and what it promised, and a surface
 * can show a run against the history of its type.
 */
export type Learned = {
  /** The day on which it was learned: `2026-11-28`. */
  readonly at: string;
  /** The day on which the first of the runs ended. */
  readonly since: string;
  /** How many runs that ended by themselves it was learned from. */
  readonly runs: number;
  /** The false alarms per run that each level may raise. */
  readonly target: { readonly late: number; readonly stale: number };
  /** How long these runs took, at the shares of `TOOK_SHARES`; rising. */
  readonly took: readonly string[];
};

/** The shares of the runs that `took` gives a duration for: the shortest run, the share that took no longer, the longest run. */
export const TOOK_SHARES: readonly number[] = [0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.995, 0.999, 1];
