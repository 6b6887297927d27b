import type { Freshness, FreshnessState } from './classify.js';
import type { ClockName } from './clocks.js';
import { FRESHNESS_STATES } from './classify.js';
import { parseInstant } from './instant.js';
import type { JudgedRun } from './query.js';
import type { Report, ReportRun } from './report.js';
import type { Instant } from './run.js';
import { parseRun, type RunIssue } from './wire.js';

/** The contents of a report: the runs with the verdicts given at the time. */
export type ReportContent = {
  readonly now: Instant;
  readonly runs: readonly JudgedRun[];
  /** Rows that could not be read, by the report's maker or here, and sources that could not be reached. */
  readonly issues: readonly RunIssue[];
  readonly complete: boolean;
  /** The digest of the policy that gave the verdicts. */
  readonly policyDigest: string | undefined;
};

/**
 * Reads a report back (`tardy list --json`), with its verdicts as they were given; `undefined` for anything else.
 *
 * The runs are not judged again: that would need the policy, of which a report holds the digest only.
 */
export function readReport(value: unknown): ReportContent | undefined {
  if (typeof value !== 'object' || value === null || (value as Partial<Report>).schema !== 'tardy.report/1')
    return undefined;
  const report = value as Partial<Report>;
  const now = parseInstant(String(report.now));
  if (now === undefined || !Array.isArray(report.runs)) return undefined;
  const issues: RunIssue[] = (report.sources ?? []).flatMap((source) => [
    ...source.issues.map(({ id, reason }) => ({ id: id ?? undefined, reason })),
    ...(source.error === null ? [] : [{ id: undefined, reason: source.error.message }]),
  ]);
  const runs: JudgedRun[] = [];
  for (const row of report.runs as readonly ReportRun[]) {
    const parsed = parseRun(row.run, '');
    const freshness = readFreshness(row, now);
    if (!parsed.ok) issues.push(parsed.issue);
    else if (freshness === undefined) issues.push({ id: parsed.run.id, reason: 'its verdict is missing' });
    else runs.push({ run: parsed.run, freshness });
  }
  return {
    now,
    runs,
    issues,
    complete: report.complete === true && runs.length === report.runs.length,
    policyDigest: report.policy?.digest,
  };
}

function readFreshness(row: ReportRun, now: Instant): Freshness | undefined {
  const wire = row.freshness as Partial<ReportRun['freshness']> | undefined;
  if (!FRESHNESS_STATES.includes(wire?.state as FreshnessState)) return undefined;
  const clock = wire?.clock ?? undefined;
  const ageMs = wire?.age_ms ?? undefined;
  return {
    state: wire?.state as FreshnessState,
    problemClass: row.problem_class,
    clock: clock as ClockName | 'flag' | undefined,
    startAt: ageMs === undefined ? undefined : now - ageMs,
    since: instant(wire?.since),
    ageMs,
    // `null` stands for never too, but only where a clock other than the flag has decided.
    thresholdMs: wire?.threshold_ms ?? (clock === undefined || clock === 'flag' ? undefined : Infinity),
    rule: wire?.rule ?? undefined,
    vouched: wire?.vouched === true,
    silent: wire?.silent === true,
    skewed: (wire?.skewed ?? []) as readonly ClockName[],
    nextChangeAt: instant(wire?.next_change_at),
  };
}

function instant(text: string | null | undefined): Instant | undefined {
  return text === null || text === undefined ? undefined : parseInstant(text);
}
