import type { Instant, Run } from '@tardy/core';

/** An offset that moves by less than this is the same one: `Date` headers have whole seconds. */
const JITTER_MS = 1000;

/** The offset to use from now on, in milliseconds: the one in use, unless the measured one differs by more than measuring blurs. */
export function steadyOffset(usedMs: number, measuredMs: number): number {
  return Math.abs(measuredMs - usedMs) <= JITTER_MS ? usedMs : measuredMs;
}

/**
 * The run with its times by the clock of this machine. The run API has one clock for the runs of all sources, so that a run must not
 * bring the offset of its source along.
 */
export function inLocalTime(run: Run, offsetMs: number): Run {
  if (offsetMs === 0) return run;
  const { waitsFor, flag, reconciliation } = run;
  const local = (at: Instant | undefined) => (at === undefined ? undefined : at - offsetMs);
  return {
    ...run,
    holdSince: local(run.holdSince),
    queuedAt: local(run.queuedAt),
    notBefore: local(run.notBefore),
    startedAt: local(run.startedAt),
    phaseAt: local(run.phaseAt),
    heartbeatAt: local(run.heartbeatAt),
    endedAt: local(run.endedAt),
    deadlineAt: local(run.deadlineAt),
    waitsFor: waitsFor && { ...waitsFor, until: local(waitsFor.until) },
    flag: flag && { ...flag, since: local(flag.since) },
    reconciliation: reconciliation && { ...reconciliation, at: reconciliation.at - offsetMs },
  };
}
