import { layersOf, type Layer, type ThresholdName } from '../policy-layers.js';
import type { Policy } from '../policy.js';
import { RHYTHM } from '../thresholds.js';
import { FLAG_KINDS } from '../run.js';
import type { SqlKit } from './kit.js';
import { ruleColumn } from './rules.js';
import { checkTolerance } from './sql-time.js';
import type { SqlText } from './sql-text.js';

type Level = 'late' | 'stale';

/** The clocks that have two thresholds of their own. */
export type TimedClock = 'queue' | 'run' | 'silence' | 'hold';

/** The thresholds of a row as SQL over the columns of the rules; a null duration is never. */
export type SqlThresholds = {
  readonly of: (clock: TimedClock, level: Level) => SqlText;
  /** Of the flag in the column `flag`; null where it has none. */
  readonly ofFlag: (level: Level) => SqlText;
  readonly grace: SqlText;
  readonly tolerance: SqlText;
  /** Whether a heartbeat vouches, as a column. */
  readonly vouches: SqlText;
};

/**
 * The cascade of a policy: for each threshold the last rule that matches and names it, else the default. `interval` is the
 * heartbeat interval of a row, where the table has it.
 */
export function sqlThresholds(policy: Policy, kit: SqlKit, interval: SqlText | undefined): SqlThresholds {
  const { dialect, time, boolean, isTrue, earliest, latest } = kit;
  const layers = layersOf(policy.document);

  function literal(name: ThresholdName, value: unknown): SqlText {
    if (typeof value !== 'number') return boolean(value === true ? '1 = 1' : '1 = 0');
    return time.duration(name === 'clock_tolerance' ? checkTolerance(value) : value);
  }

  function fallback(name: ThresholdName): SqlText {
    const text = literal(name, layers[0]?.values[name]);
    if (interval === undefined || layers[0]?.values[name] === Infinity) return text;
    if (name === 'silence.late') return latest([text, `${RHYTHM.late} * ${interval}`]);
    return name === 'silence.stale' ? latest([text, `${RHYTHM.stale} * ${interval}`]) : text;
  }

  function value(name: ThresholdName): SqlText {
    const arms = namedBy(layers, name)
      .reverse()
      .map((index) => `when ${isTrue(ruleColumn(index - 1))} then ${literal(name, layers[index]?.values[name])}`);
    return arms.length === 0 ? fallback(name) : `case ${arms.join(' ')} else ${fallback(name)} end`;
  }

  /** Late is never past stale, as where a policy is read. */
  function threshold(late: ThresholdName, stale: ThresholdName, level: Level): SqlText {
    if (level === 'stale') return value(stale);
    const plain = [late, stale].every((name) => namedBy(layers, name).length === 0);
    const values = layers[0]?.values;
    return plain && Number(values?.[late]) <= Number(values?.[stale])
      ? value(late)
      : earliest([value(late), value(stale)]);
  }

  function ofFlag(level: Level): SqlText {
    const arms = FLAG_KINDS.map(
      (kind) => `when ${dialect.literal(kind)} then ${threshold(`flag.${kind}.late`, `flag.${kind}.stale`, level)}`,
    );
    return `case flag ${arms.join(' ')} end`;
  }

  return {
    of: (clock, level) => threshold(`${clock}.late`, `${clock}.stale`, level),
    ofFlag,
    grace: value('deadline.grace'),
    tolerance: value('clock_tolerance'),
    vouches: value('silence.vouches'),
  };
}

/** The least that the late threshold of a clock can be for any row, in milliseconds; `Infinity` for never. */
export function leastThreshold(policy: Policy, clock: TimedClock): number {
  const values = layersOf(policy.document).flatMap(({ values }) => [values[`${clock}.late`], values[`${clock}.stale`]]);
  return Math.min(...values.map((value) => (typeof value === 'number' ? value : Infinity)));
}

/** The layers that name a threshold, apart from the defaults. */
function namedBy(layers: readonly Layer[], name: ThresholdName): number[] {
  return layers.flatMap(({ values }, index) => (index > 0 && values[name] !== undefined ? [index] : []));
}
