import { cascade, layersOf, type Layer, type ThresholdName } from '../policy-layers.js';
import type { Policy } from '../policy.js';
import { ruleColumn } from './rules.js';
import { checkTolerance, type SqlTime } from './sql-time.js';
import { textLiteral, type SqlText } from './sql-text.js';

/** The thresholds of a row as SQL over the columns of the rules; a null duration is never. */
export type SqlThresholds = {
  readonly late: (clock: 'queue' | 'run' | 'silence' | 'hold') => SqlText;
  readonly stale: (clock: 'queue' | 'run' | 'silence' | 'hold') => SqlText;
  readonly value: (name: 'silence.vouches' | 'deadline.grace' | 'flag' | 'clock_tolerance') => SqlText;
};

/** The cascade of a policy: for each threshold the last rule that matches and names it, else the default. */
export function sqlThresholds(policy: Policy, time: SqlTime): SqlThresholds {
  const layers = layersOf(policy.document, []);

  function literal(name: ThresholdName, value: unknown): SqlText {
    if (typeof value === 'string') return textLiteral(value);
    if (typeof value !== 'number') return String(value === true);
    return time.duration(name === 'clock_tolerance' ? checkTolerance(value) : value);
  }

  function value(name: ThresholdName): SqlText {
    const fallback = literal(name, layers[0]?.values[name]);
    const arms = namedBy(layers, name)
      .reverse()
      .map((index) => `when ${ruleColumn(index - 1)} then ${literal(name, layers[index]?.values[name])}`);
    return arms.length === 0 ? fallback : `case ${arms.join(' ')} else ${fallback} end`;
  }

  function late(clock: 'queue' | 'run' | 'silence' | 'hold'): SqlText {
    const names = [`${clock}.late`, `${clock}.stale`] as const;
    if (names.some((name) => namedBy(layers, name).length > 0)) return `least(${value(names[0])}, ${value(names[1])})`;
    const { values } = cascade(layers);
    return literal(names[0], Math.min(Number(values[names[0]]), Number(values[names[1]])));
  }

  return { late, stale: (clock) => value(`${clock}.stale`), value };
}

/** The layers that name a threshold, apart from the defaults. */
function namedBy(layers: readonly Layer[], name: ThresholdName): number[] {
  return layers.flatMap(({ values }, index) => (index > 0 && values[name] !== undefined ? [index] : []));
}
