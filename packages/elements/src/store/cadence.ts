import { isActive, type Instant, type Run } from '@tardy/core';

/** The quickest pace: something has just started. */
export const YOUNG_MS = 3000;

/** The slowest pace, where nothing is young; also the safety net beneath server-sent events. */
export const IDLE_MS = 60_000;

const LONGEST_BACKOFF_MS = 300_000;

/**
 * How long to wait before the next poll: the shorter, the younger the youngest active run; `undefined` when nothing is active.
 *
 * Late and stale runs count like others: they are old, so they are asked about slowly, but never forgotten.
 */
export function paceOf(runs: readonly Run[], now: Instant): number | undefined {
  let youngest: number | undefined;
  for (const run of runs) {
    if (isActive(run)) youngest = Math.min(youngest ?? Infinity, now - (run.startedAt ?? run.queuedAt ?? -Infinity));
  }
  if (youngest === undefined) return undefined;
  return youngest < 60_000 ? YOUNG_MS : youngest < 600_000 ? 5000 : youngest < 3_600_000 ? 15_000 : IDLE_MS;
}

/** The wait after so many failures in a row: doubled each time, with full jitter; `random` from 0 to 1. */
export function backoffOf(paceMs: number, failures: number, random: number): number {
  return Math.min(paceMs * 2 ** failures, LONGEST_BACKOFF_MS) * random;
}
