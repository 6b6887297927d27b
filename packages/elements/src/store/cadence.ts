import { isActive, type Instant, type Run } from '@tardy/core';

/** The fastest pace: a run has just started. */
export const YOUNG_MS = 3000;

/** The slowest pace, if no run is young; also the safety net behind server-sent events. */
export const IDLE_MS = 60_000;

const LONGEST_BACKOFF_MS = 300_000;

/** When the last of the active runs began, `-Infinity` where none says; `undefined` where none is active. */
export function youngestOf(runs: readonly Run[]): Instant | undefined {
  let youngest: number | undefined;
  for (const run of runs) {
    if (isActive(run)) youngest = Math.max(youngest ?? -Infinity, run.startedAt ?? run.queuedAt ?? -Infinity);
  }
  return youngest;
}

/**
 * How long to wait before the next poll: the younger the youngest active run, the shorter. `undefined` if nothing is active.
 *
 * Late and stale runs count like others: they are old, so they are polled slowly, but never forgotten.
 */
export function paceOf(youngest: Instant | undefined, now: Instant): number | undefined {
  if (youngest === undefined) return undefined;
  const age = now - youngest;
  return age < 60_000 ? YOUNG_MS : age < 600_000 ? 5000 : age < 3_600_000 ? 15_000 : IDLE_MS;
}

/** The wait after a number of failures in a row: doubled each time, with full jitter; `random` from 0 to 1. */
export function backoffOf(paceMs: number, failures: number, random: number): number {
  return Math.min(paceMs * 2 ** failures, LONGEST_BACKOFF_MS) * random;
}
