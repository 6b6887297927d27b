import { formatDuration } from './duration.js';
import { findRun, type Effort } from './match-witness.js';
import type { RunMatch } from './match.js';
import type { PolicyIssue, PolicyRule } from './policy-document.js';
import type { Layer, ThresholdName } from './policy-layers.js';
import { FLAG_KINDS } from './run.js';

/** What has a `late` and a `stale`. */
const PAIRS = ['queue', 'run', 'silence', 'hold', ...FLAG_KINDS.map((kind) => `flag.${kind}` as const)] as const;

/**
 * What all searches of a policy may take together: about a second. A policy of hundreds of rules that overlap could keep us busy
 * for hours; what is not found then is judged by the larger of both thresholds.
 */
const EFFORT = 3_000_000;

/** A threshold where a layer names it; the defaults match everything. */
type Setting = { readonly index: number; readonly path: string; readonly ms: number; readonly match: RunMatch };

/**
 * Finds each `late` that would exceed its `stale` for some run, by looking for that run: one that both rules match and no later rule
 * that overrides either. So nothing is reported that later rules correct.
 *
 * The first layer is the defaults, the others are the rules in order.
 */
export function findContradictions(layers: readonly Layer[], rules: readonly PolicyRule[]): PolicyIssue[] {
  const settings = (name: ThresholdName): Setting[] =>
    layers.flatMap(({ values, paths }, index) =>
      typeof values[name] === 'number'
        ? [{ index, path: paths[name] ?? name, ms: values[name], match: rules[index - 1]?.match ?? {} }]
        : [],
    );
  const effort: Effort = { left: EFFORT };
  return PAIRS.flatMap((clock) => {
    const lates = settings(`${clock}.late`);
    const stales = settings(`${clock}.stale`);
    return lates.flatMap((late) =>
      stales
        .filter((stale) => late.ms > stale.ms && meet(late, stale, lates, stales, effort))
        .map((stale) => issue(late, stale)),
    );
  });
}

/** Whether some run gets the two settings. */
function meet(
  late: Setting,
  stale: Setting,
  lates: readonly Setting[],
  stales: readonly Setting[],
  effort: Effort,
): boolean {
  effort.left -= lates.length + stales.length;
  if (effort.left < 0) return false;
  const overriding = [
    ...lates.filter(({ index }) => index > late.index),
    ...stales.filter(({ index }) => index > stale.index),
  ];
  // A rule that overrides one of them matches wherever it gives the other.
  if (overriding.some(({ index }) => index === late.index || index === stale.index)) return false;
  const unmatched = overriding.map(({ match }) => match);
  return findRun([late.match, stale.match], unmatched, effort) !== undefined;
}

function issue(late: Setting, stale: Setting): PolicyIssue {
  return {
    path: late.path,
    message:
      `late (${formatDuration(late.ms)}) exceeds stale (${formatDuration(stale.ms)}) of ${stale.path}; ` +
      'lower the first or raise the second',
  };
}
