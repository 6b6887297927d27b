import type { History } from './history.js';
import { longestWithin, REACHED, type Limits } from './limits.js';

/**
 * What a run of the history is for learning.
 *
 * - `ended`: it ended by itself, well or badly. Its duration teaches.
 * - `cut`: its system or its keeper ended it because its time was up or it was stuck. It is what thresholds are for.
 * - `cancelled`: somebody ended it. It would have taken longer, how much is unknown.
 * - `active`: it had not ended when it was last seen. The same holds.
 * - `held`: it waited for somebody or something, so its duration says nothing about its work.
 * - `skipped`: it did not run.
 * - `unusable`: a time is missing, or it ended before it started.
 */
export type Ending = 'ended' | 'cut' | 'cancelled' | 'active' | 'held' | 'skipped' | 'unusable';

/**
 * What a run of the history is.
 *
 * A run that lasted longer than its limit, and longer than its system takes to end it, cannot have run all that time: it was on hold.
 * Limits that are requested are not always enforced: there such a run ended by itself.
 */
export function endingOf(history: History, row: number, limits: Limits): Ending {
  const outcome = history.outcomeOf(row);
  if (outcome === 'skipped') return 'skipped';
  const duration = history.endedAt(row) - history.startedAt(row);
  if (!(duration >= 0)) return 'unusable';
  if (history.isCut(row)) return 'cut';
  if (history.isHeld(row)) return 'held';
  const limit = limits.of(row);
  const longest = longestWithin(limit);
  if (duration > longest && limits.origin === 'system') return 'held';
  if (outcome === 'pending') return 'active';
  if (duration >= REACHED * limit && duration <= longest && outcome !== 'succeeded') return 'cut';
  return outcome === 'cancelled' ? 'cancelled' : 'ended';
}
