import { reportRun, type Instant, type JudgedRun, type ReportInput, type ReportRun } from '@tardy/core';
import { policyDigest } from '@tardy/core/digest';
import { systemOf } from './opened-source.js';
import type { CompleteReading } from './read-all.js';

/** What every report says about a reading, whatever runs it lists. */
export function reportBasis({
  sources,
  totals,
  setup,
  now,
}: CompleteReading): Omit<ReportInput, 'runs' | 'failOn' | 'allowUnknown'> {
  return {
    generatedAt: now,
    now,
    policyDigest: policyDigest(setup.generalPolicy),
    policyFrom: setup.policyFrom,
    config: setup.configShown ?? null,
    sources,
    totals,
  };
}

/** A run as a row of a report, worded for the system that it came from. */
export function reportedRun(judged: JudgedRun, now: Instant, source: { readonly kind: string } | undefined): ReportRun {
  return reportRun(judged, now, { sourceTitle: systemOf(source?.kind) });
}
