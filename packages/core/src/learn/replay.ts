import { classify } from '../classify.js';
import type { DurationMs } from '../duration.js';
import type { Policy } from '../policy.js';
import type { Instant, Run, RunOutcome } from '../run.js';
import type { Ending } from './ending.js';
import type { History } from './history.js';
import type { Level } from './levels.js';
import type { Limits } from './limits.js';

/** The clocks that a history can replay: it has no heartbeats. */
export type ReplayedClock = 'run' | 'queue';

/** A moment at which a policy would have called a run late or stuck. */
export type Alarm = {
  readonly level: Level;
  readonly at: Instant;
  readonly thresholdMs: DurationMs;
  /** The part of the policy that says so: `rules[3].run.stale`. */
  readonly rule: string;
};

/** What became of a run that raised an alarm, or could have. */
export type Meaning = 'ended' | 'hang' | 'cancelled';

/** An alarm of a backtest, and what became of the run. */
export type ReplayedAlarm = Alarm & {
  /** The index of the candidate. */
  readonly candidate: number;
  readonly source: string;
  readonly type: string;
  readonly id: string;
  readonly attempt: number;
  readonly startedAt: Instant;
  readonly endedAt: Instant;
  readonly outcome: RunOutcome;
  /** `ended`: by itself, so the alarm was false. `hang`: its system ended it later. `cancelled`: somebody may have found it stuck. */
  readonly meaning: Meaning;
};

/** One run of a history, about to be replayed. */
export type ReplayedRun = {
  readonly row: number;
  readonly meaning: Meaning;
  /** The run as its source showed it while the clock was running. */
  readonly run: Run;
  /** When the clock started and stopped. */
  readonly from: Instant;
  readonly to: Instant;
  /** When its system would end it; `Infinity` if it would not. */
  readonly limitAt: Instant;
};

/** What one policy says about one run: its thresholds (`Infinity` for never), and the first alarm of each level. */
export type Replay = {
  readonly thresholds: Readonly<Record<Level, DurationMs>>;
  readonly alarms: Readonly<Record<Level, Alarm | undefined>>;
};

/**
 * Judges a run as `check` would have, at every instant at which its verdict changes, from the start of the clock to `to`. The one judge is
 * `classify`.
 */
export function replay({ run, from }: ReplayedRun, policy: Policy, clock: ReplayedClock, to: Instant): Replay {
  const { late, stale } = policy.thresholdsFor(run).limits[clock];
  const alarms: Record<Level, Alarm | undefined> = { late: undefined, stale: undefined };
  let at: Instant | undefined = from;
  while (at !== undefined && at <= to) {
    const freshness = classify(run, policy, at);
    const { state, thresholdMs, rule } = freshness;
    if (state === 'late' || state === 'likely_stale') {
      const alarm = { at, thresholdMs: thresholdMs ?? 0, rule: rule ?? '' };
      alarms.late ??= { level: 'late', ...alarm };
      if (state === 'likely_stale') {
        alarms.stale = { level: 'stale', ...alarm };
        break;
      }
    }
    at = freshness.nextChangeAt;
  }
  return { thresholds: { late, stale }, alarms };
}

/** The run of a row; `undefined` if it says nothing about thresholds, or its times are unknown. */
export function replayedRun(
  history: History,
  row: number,
  ending: Ending,
  limits: Limits,
  clock: ReplayedClock,
): ReplayedRun | undefined {
  const meaning = meaningOf(history, row, ending, limits, clock);
  if (meaning === undefined) return undefined;
  const startedAt = history.startedAt(row);
  const queuedAt = history.queuedAt(row);
  const isQueue = clock === 'queue';
  const from = isQueue ? queuedAt : startedAt;
  const to = isQueue ? startedAt : history.endedAt(row);
  if (!(to >= from)) return undefined;
  const { source, type } = history.groupOf(row);
  const run: Run = {
    id: '',
    source,
    type,
    title: type,
    status: isQueue ? 'queued' : 'running',
    outcome: 'pending',
    queuedAt: isQueue ? queuedAt : undefined,
    startedAt: isQueue ? undefined : startedAt,
    attempt: 1,
    labels: {},
  };
  const limit = isQueue || limits.origin === 'requested' ? NaN : limits.of(row);
  return { row, meaning, run, from, to, limitAt: Number.isNaN(limit) ? Infinity : from + limit };
}

function meaningOf(
  history: History,
  row: number,
  ending: Ending,
  { origin }: Limits,
  clock: ReplayedClock,
): Meaning | undefined {
  // Whatever a run came to, it had left the queue. The later attempts keep the time at which the first was queued.
  if (clock === 'queue') {
    return ending === 'held' || ending === 'skipped' || history.attemptOf(row) > 1 ? undefined : 'ended';
  }
  switch (ending) {
    case 'ended':
      return 'ended';
    case 'cut':
      // Reaching a limit that somebody asked for proves nothing.
      return origin !== 'requested' || history.isCut(row) ? 'hang' : undefined;
    case 'cancelled':
      return 'cancelled';
    case 'active':
    case 'held':
    case 'skipped':
    case 'unusable':
      return undefined;
  }
}
