import type { SourceQuery } from '../source.js';

/** How many runs that have ended are read for a caller who names no number. */
const RECENT = 100;

/** How many runs that have ended are wanted, beside the active ones, of which none is left out. */
export function endedLimit({ activity, limit = RECENT }: SourceQuery): number {
  return activity === 'all' ? Infinity : limit;
}
