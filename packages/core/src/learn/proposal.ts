import type { DurationMs } from '../duration.js';
import type { Instant } from '../run.js';
import type { Ending } from './ending.js';
import { survivalCurve, survivalQuantile } from './kaplan-meier.js';
import type { Bound, Learner, Tested } from './learner.js';
import { LEVEL_RULES, SHARE_OF_LIMIT, type LearnedClock, type LearnOptions, type Level } from './levels.js';
import { readableDuration } from './readable-duration.js';
import { TOOK_SHARES } from '../learned.js';
import type { Series } from './samples.js';

/** A learned threshold and everything that it is made of. Durations in milliseconds. */
export type LearnedThreshold = {
  /** What the policy says. */
  readonly value: DurationMs;
  /** It exceeds this share of the runs, before the margin. */
  readonly share: number;
  readonly bound: Bound;
  /** The share that survives longer than the bound where many runs were cancelled; absent where few were. */
  readonly survival: DurationMs | undefined;
  readonly margin: number;
  /** What the self-test found with this margin. */
  readonly tested: Tested;
  /** What else decided: the shortest threshold there is, the system's own limit, or the threshold of the other level. */
  readonly by: 'margin' | 'floor' | 'limit' | 'stale';
};

/** Why nothing is learned. `broken_source`: the margin is proved for the type, but the types of the source broke their target together. */
export type Refusal =
  | { readonly reason: 'few_runs'; readonly runs: number; readonly needed: number }
  | { readonly reason: 'few_days'; readonly days: number; readonly needed: number }
  | { readonly reason: 'few_tested'; readonly tested: number; readonly needed: number }
  | {
      readonly reason: 'long_runs';
      readonly margin: number;
      readonly runs: number;
      readonly exceedances: number;
    }
  | { readonly reason: 'broken_source'; readonly margin: number };

/** What the history of one type, or of all types of a source, says about one clock. */
export type Proposal = {
  readonly source: string;
  /** Absent for the rule of all types. */
  readonly type: string | undefined;
  readonly clock: LearnedClock;
  /** Runs that it was learned from. */
  readonly runs: number;
  /** Days on which they ended. */
  readonly days: number;
  /** When the first and the last of them ended; absent if there are none. */
  readonly from: Instant | undefined;
  readonly to: Instant | undefined;
  readonly leftOut: Readonly<Partial<Record<Ending, number>>>;
  readonly censored: number;
  /** The system's own limit. */
  readonly limit: DurationMs | undefined;
  /** How long they took, at the shares of `TOOK_SHARES`; empty if there are none. */
  readonly took: readonly DurationMs[];
  /** What the thresholds of both levels would have done that it would have learned day by day, on the days of the self-test. */
  readonly lived: Readonly<Record<Level, Tested>>;
  readonly verdict:
    | { readonly learned: true; readonly late: LearnedThreshold; readonly stale: LearnedThreshold }
    | { readonly learned: false; readonly refusal: Refusal };
};

/** For whom a proposal is. */
export type Subject = Pick<Proposal, 'source' | 'type' | 'clock'>;

/** Above this share of cancelled runs, the bound of the others is too low. */
const MANY_CENSORED = 0.1;

/** What a learner that has read the history up to some instant proposes. */
export function propose(
  subject: Subject,
  learner: Learner,
  options: LearnOptions,
  steps: Readonly<Record<Level, number>>,
): Proposal {
  const { samples, runs, days } = learner;
  const { ends } = samples.ended;
  return {
    ...subject,
    runs,
    days,
    from: runs > 0 ? ends[0] : undefined,
    to: runs > 0 ? ends[runs - 1] : undefined,
    leftOut: samples.leftOut,
    censored: samples.censored.ends.length,
    limit: samples.limit,
    took: tookOf(learner),
    lived: { late: learner.lived('late'), stale: learner.lived('stale') },
    verdict: verdictOf(subject, learner, options, steps),
  };
}

/** The values at the shares: the shortest run for 0, the longest for 1. */
function tookOf(learner: Learner): DurationMs[] {
  const { runs } = learner;
  return runs === 0 ? [] : TOOK_SHARES.map((share) => learner.valueAt(Math.max(1, Math.ceil(share * runs))));
}

function verdictOf(
  subject: Subject,
  learner: Learner,
  options: LearnOptions,
  steps: Readonly<Record<Level, number>>,
): Proposal['verdict'] {
  const { runs, days } = learner;
  const refuse = (refusal: Refusal): Proposal['verdict'] => ({ learned: false, refusal });
  if (runs < options.minRuns) return refuse({ reason: 'few_runs', runs, needed: options.minRuns });
  if (days < options.minDays) return refuse({ reason: 'few_days', days, needed: options.minDays });
  const tested = learner.tested('stale', 0).runs;
  if (tested < options.minTested) return refuse({ reason: 'few_tested', tested, needed: options.minTested });
  const stale = learnLevel('stale', subject, learner, steps);
  if (stale === undefined) {
    const proved = learner.provedMargin('stale');
    if (proved !== undefined) {
      return refuse({ reason: 'broken_source', margin: LEVEL_RULES.stale.margins[proved]?.factor ?? 1 });
    }
    const last = LEVEL_RULES.stale.margins.length - 1;
    const margin = LEVEL_RULES.stale.margins[last]?.factor ?? 1;
    return refuse({ reason: 'long_runs', margin, ...learner.tested('stale', last) });
  }
  const late = learnLevel('late', subject, learner, steps);
  return {
    learned: true,
    stale,
    // One that cannot be learned, or is longer, adds nothing: the run is late when it is stale.
    late: late === undefined || late.value > stale.value ? { ...stale, by: 'stale' } : late,
  };
}

function learnLevel(
  level: Level,
  { clock }: Subject,
  learner: Learner,
  steps: Readonly<Record<Level, number>>,
): LearnedThreshold | undefined {
  const { share, margins, floor } = LEVEL_RULES[level];
  const proved = learner.provedMargin(level);
  if (proved === undefined) return undefined;
  const index = proved + steps[level];
  const margin = margins[index]?.factor;
  if (margin === undefined) return undefined;
  const bound = learner.bound(level);
  const survival = clock === 'run' ? survivalBound(learner, share) : undefined;
  const base = Math.max(bound.value, survival ?? 0);
  const readable = readableDuration(Math.max(margin * base, floor));
  const { limit } = learner.samples;
  const most = clock === 'run' && limit !== undefined ? SHARE_OF_LIMIT * limit : Infinity;
  return {
    value: Math.min(readable, most),
    share,
    bound,
    survival,
    margin,
    tested: learner.tested(level, index),
    by: readable > most ? 'limit' : margin * base < floor ? 'floor' : 'margin',
  };
}

/** By the survival curve, which counts cancelled runs as longer than they were. */
function survivalBound(learner: Learner, share: number): DurationMs | undefined {
  const { ended, censored } = learner.samples;
  const until = (ended.ends[learner.runs - 1] as number) + 1;
  const cancelled = observed(censored, until, false);
  if (cancelled.length < MANY_CENSORED * (learner.runs + cancelled.length)) return undefined;
  return survivalQuantile(survivalCurve([...observed(ended, until, true), ...cancelled]), share);
}

function observed({ ends, values }: Series, until: Instant, ended: boolean): { time: number; ended: boolean }[] {
  const seen: { time: number; ended: boolean }[] = [];
  for (let index = 0; index < ends.length && (ends[index] as number) < until; index++) {
    seen.push({ time: values[index] as number, ended });
  }
  return seen;
}
