import type { ReportSource } from './report.js';

/** A complete source without runs. */
export function aReportSource(fields: Partial<ReportSource> = {}): ReportSource {
  return {
    name: 'ci',
    kind: 'runs',
    complete: true,
    runs: 0,
    pages: 1,
    clock_offset_ms: null,
    clock_uncertainty_ms: null,
    rechecked: 0,
    dropped: 0,
    unconfirmed: 0,
    requests: 0,
    max_requests: null,
    policy_digest: 'sha256:0',
    issues: [],
    error: null,
    ...fields,
  };
}
