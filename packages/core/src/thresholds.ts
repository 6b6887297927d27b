import type { DurationMs } from './duration.js';
import type { FilledPolicyDocument } from './policy-document.js';
import { cascade, DEFAULTS, layersOf, type Layer, type ThresholdName } from './policy-layers.js';
import { FLAG_KINDS, type FlagKind, type Run } from './run.js';

/** What one run is judged by. Durations in milliseconds, `Infinity` for `never`. */
export type Thresholds = {
  readonly queueLate: DurationMs;
  readonly queueStale: DurationMs;
  readonly runLate: DurationMs;
  readonly runStale: DurationMs;
  readonly silenceLate: DurationMs;
  readonly silenceStale: DurationMs;
  readonly silenceVouches: boolean;
  readonly holdLate: DurationMs;
  readonly holdStale: DurationMs;
  readonly deadlineGrace: DurationMs;
  readonly flags: Readonly<Record<FlagKind, { readonly late: DurationMs; readonly stale: DurationMs }>>;
  readonly clockTolerance: DurationMs;
  /** Where each value comes from: `defaults.silence.stale`, `rules[0].queue.late`. */
  readonly rules: Readonly<Record<ThresholdName, string>>;
  /** The same by clock, made once: a million runs share a few thresholds. */
  readonly limits: ClockLimits;
};

/** The thresholds of one clock in milliseconds, `Infinity` for never, and the rules that gave them. */
export type Limits = {
  readonly late: DurationMs;
  readonly stale: DurationMs;
  readonly lateRule: string;
  readonly staleRule: string;
};

/** The thresholds of every clock. */
export type ClockLimits = Readonly<Record<'queue' | 'run' | 'silence' | 'hold' | 'deadline', Limits>> & {
  readonly flags: Readonly<Record<FlagKind, Limits>>;
};

/** What tells the thresholds of a run: a policy, or the defaults. */
export type ThresholdSource = {
  /** The thresholds of one run. */
  readonly thresholdsFor: (run: Run) => Thresholds;
  /** What they were made from; the defaults have none. */
  readonly document?: FilledPolicyDocument | undefined;
};

/** The default silence thresholds are at least this many heartbeat intervals of the source. */
export const RHYTHM = { late: 4, stale: 10, rule: 'source.rhythm' } as const;

/** The defaults alone: what `createPolicy({ version: 1 })` judges by, without the code that reads a policy. */
export function defaultThresholds(): ThresholdSource {
  const layers = layersOf({});
  const byInterval = new Map<DurationMs, Thresholds>();
  return {
    thresholdsFor: ({ heartbeatInterval = 0 }) => {
      const known = byInterval.get(heartbeatInterval);
      if (known !== undefined) return known;
      // A source has few intervals.
      if (byInterval.size >= 1000) byInterval.clear();
      const thresholds = thresholdsOf(layers, heartbeatInterval);
      byInterval.set(heartbeatInterval, thresholds);
      return thresholds;
    },
  };
}

/** The thresholds that layers give together. `interval` is the heartbeat interval of the source, 0 where it is not known. */
export function thresholdsOf(layers: readonly Layer[], interval: DurationMs = 0): Thresholds {
  const { values, origins } = cascade(layers);
  const ms = (name: ThresholdName) => values[name] as number;
  // The defaults apply to every source, so they are stretched to its interval; a rule is taken literally.
  for (const level of ['late', 'stale'] as const) {
    const name = `silence.${level}` as const;
    const least = RHYTHM[level] * interval;
    if (least <= ms(name) || !origins[name].startsWith(DEFAULTS)) continue;
    values[name] = least;
    origins[name] = RHYTHM.rule;
  }
  // `findContradictions` ensures late ≤ stale; the minimum is for trusted policies, and for those where its search gave up.
  const limitsOf = (clock: 'queue' | 'run' | 'silence' | 'hold' | `flag.${FlagKind}`): Limits => {
    const stale = ms(`${clock}.stale`);
    const late = Math.min(ms(`${clock}.late`), stale);
    return { late, stale, lateRule: origins[`${clock}.late`], staleRule: origins[`${clock}.stale`] };
  };
  const grace = origins['deadline.grace'];
  const [queue, run, silence, hold] = [limitsOf('queue'), limitsOf('run'), limitsOf('silence'), limitsOf('hold')];
  const flags = Object.fromEntries(
    FLAG_KINDS.map((kind) => [kind, limitsOf(`flag.${kind}`)] as const),
  ) as ClockLimits['flags'];
  return {
    queueLate: queue.late,
    queueStale: queue.stale,
    runLate: run.late,
    runStale: run.stale,
    silenceLate: silence.late,
    silenceStale: silence.stale,
    silenceVouches: values['silence.vouches'] === true,
    holdLate: hold.late,
    holdStale: hold.stale,
    deadlineGrace: ms('deadline.grace'),
    flags,
    clockTolerance: ms('clock_tolerance'),
    rules: origins,
    limits: {
      queue,
      run,
      silence,
      hold,
      deadline: { late: 0, stale: ms('deadline.grace'), lateRule: grace, staleRule: grace },
      flags,
    },
  };
}
