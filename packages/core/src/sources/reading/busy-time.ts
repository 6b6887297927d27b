import type { DurationMs } from '../../duration.js';
import type { Instant } from '../../run.js';

/** When a part of a run was at work; `to` is `Infinity` while it still is. */
export type BusyTime = { readonly from: Instant; readonly to: Instant };

/**
 * When the current stretch of work began: the first instant after the last pause that is longer than `pause`, in milliseconds.
 * `undefined` if nothing was ever at work.
 */
export function lastStretch(busy: readonly BusyTime[], pause: DurationMs): Instant | undefined {
  let begin: Instant | undefined;
  let end = -Infinity;
  for (const { from, to } of [...busy].sort((a, b) => a.from - b.from)) {
    if (from > end + pause) begin = from;
    end = Math.max(end, to);
  }
  return begin;
}
