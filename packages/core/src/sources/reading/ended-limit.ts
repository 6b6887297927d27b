import type { SourceQuery } from '../source.js';

/** How many ended runs are read by default. */
const RECENT = 100;

/** How many ended runs to read. Active runs are always read in full. */
export function endedLimit({ activity, limit = RECENT }: SourceQuery): number {
  return activity === 'all' ? Infinity : limit;
}
