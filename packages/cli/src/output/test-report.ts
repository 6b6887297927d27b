import {
  buildReport,
  classify,
  compareRuns,
  countRun,
  createPolicy,
  DEFAULT_FILTER,
  emptyTotals,
  reportRun,
  type FailOn,
  type JudgedRun,
  type Report,
  type ReportSource,
  type Run,
} from '@tardy/core';
import type { Terminal } from './terminal.js';

/** 23 Nov 2026, 09:00 UTC: the instant of these tests. */
export const NOW = Date.UTC(2026, 10, 23, 9);

export const MINUTE = 60_000;

export const POLICY = createPolicy({ version: 1 });

export const TTY: Terminal = { columns: 100, color: false, unicode: true, isTty: true, links: false };

export const PIPE: Terminal = { columns: 80, color: false, unicode: true, isTty: false, links: false };

/** A run that is well, with only what matters as arguments. */
export function aRun(fields: Partial<Run> = {}): Run {
  return {
    id: '481516',
    source: 'host',
    type: 'baseline_compare',
    title: 'Nightly baseline',
    tenant: { id: '7', name: 'Acme' },
    status: 'running',
    outcome: 'pending',
    attempt: 1,
    labels: {},
    startedAt: NOW - 20 * MINUTE,
    ...fields,
  };
}

/** Running for 3 h, no heartbeat for 42 min. */
export function aStuckRun(fields: Partial<Run> = {}): Run {
  return aRun({ startedAt: NOW - 180 * MINUTE, heartbeatAt: NOW - 42 * MINUTE, ...fields });
}

export function judged(run: Run): JudgedRun {
  return { run, freshness: classify(run, POLICY, NOW) };
}

export function aSource(fields: Partial<ReportSource> = {}): ReportSource {
  return {
    name: 'host',
    kind: 'runs',
    complete: true,
    runs: 1,
    pages: 1,
    clock_offset_ms: -420,
    clock_uncertainty_ms: 80,
    rechecked: 0,
    dropped: 0,
    unconfirmed: 0,
    requests: 0,
    max_requests: 200,
    policy_digest: 'sha256:0',
    issues: [],
    error: null,
    ...fields,
  };
}

/** A report over some runs, worst first, all of them listed. */
export function aReport(
  runs: readonly Run[],
  sources: readonly ReportSource[] = [aSource({ runs: runs.length })],
): Report {
  const all = runs.map(judged).sort((a, b) => compareRuns(a, b, DEFAULT_FILTER.sort));
  const totals = emptyTotals();
  for (const one of all) countRun(totals, one, 0);
  const failOn: FailOn = 'stale';
  return buildReport({
    generatedAt: NOW,
    now: NOW,
    policyDigest: 'sha256:00',
    sources,
    totals,
    runs: all.map((one) => reportRun(one, NOW)),
    failOn,
    allowUnknown: false,
  });
}

/** A run with a text of an API wherever a source may put one. */
export function hostileRun(text: string): Run {
  return aStuckRun({
    id: text || 'id',
    source: text,
    type: text,
    title: text,
    tenant: { id: text, name: text },
    workspace: { id: text, name: text },
    flag: { kind: 'stuck', text },
    failure: { code: text, message: text },
    initiator: { kind: 'user', name: text },
    reconciliation: { at: NOW, reason: text, from: text },
    progress: { processed: 3, total: 9, unit: text },
    labels: { [text]: text },
    native: { status: text, outcome: text },
    url: `https://host.example/${text}`,
  });
}
