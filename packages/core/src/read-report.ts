import { FRESHNESS_STATES, PROBLEM_CLASSES, type Freshness } from './classify.js';
import type { ClockName } from './run-clocks.js';
import { parseInstant } from './instant.js';
import type { JudgedRun } from './query.js';
import type { ReportRun } from './report.js';
import type { Instant } from './run.js';
import { parseRun, type RunIssue } from './wire.js';

/** The members of an object, none of them checked yet. */
type Unchecked<T> = { readonly [Name in keyof T]?: unknown };

const CLOCKS: readonly ClockName[] = ['queue', 'run', 'silence', 'hold', 'deadline', 'flag'];

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
 * The runs are not judged again: that would need the policy, of which a report holds the digest only. A row that is damaged becomes an
 * issue; the others are read.
 */
export function readReport(value: unknown): ReportContent | undefined {
  if (!isRecord(value) || value['schema'] !== 'tardy.report/1') return undefined;
  const { now: at, runs: rows, sources = [], complete, policy } = value;
  const now = parseInstant(String(at));
  if (now === undefined || !Array.isArray(rows)) return undefined;
  const issues = Array.isArray(sources) ? (sources as readonly unknown[]).flatMap(issuesOf) : [damaged('the sources')];
  const runs: JudgedRun[] = [];
  for (const row of rows as readonly unknown[]) {
    const parsed = parseRun(isRecord(row) ? row['run'] : row, '');
    const freshness = isRecord(row) ? readFreshness(row, now) : undefined;
    if (!parsed.ok) issues.push(parsed.issue);
    else if (freshness === undefined) issues.push({ id: parsed.run.id, reason: 'its verdict cannot be read' });
    else runs.push({ run: parsed.run, freshness });
  }
  const digest = isRecord(policy) ? policy['digest'] : undefined;
  return {
    now,
    runs,
    issues,
    complete: complete === true && issues.length === 0,
    policyDigest: typeof digest === 'string' ? digest : undefined,
  };
}

/** What was missing from a source when the report was made. */
function issuesOf(source: unknown): RunIssue[] {
  if (!isRecord(source)) return [damaged('a source')];
  const { issues, error = null } = source;
  const own = Array.isArray(issues)
    ? (issues as readonly unknown[]).map((issue) => readIssue(issue, 'reason'))
    : [damaged('the issues of a source')];
  return error === null ? own : [...own, readIssue(error, 'message')];
}

function readIssue(value: unknown, reasonName: 'reason' | 'message'): RunIssue {
  const { id, [reasonName]: reason } = isRecord(value) ? value : {};
  if (typeof reason !== 'string') return damaged('an issue');
  return { id: typeof id === 'string' ? id : undefined, reason };
}

function damaged(what: string): RunIssue {
  return { id: undefined, reason: `${what} of the report cannot be read` };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `undefined` for a verdict with a member that is missing or of another type. */
function readFreshness(row: Unchecked<ReportRun>, now: Instant): Freshness | undefined {
  const wire: Unchecked<ReportRun['freshness']> | undefined = isRecord(row.freshness) ? row.freshness : undefined;
  const state = FRESHNESS_STATES.find((name) => name === wire?.state);
  const problemClass = PROBLEM_CLASSES.find((name) => name === row.problem_class);
  const clock = CLOCKS.find((name) => name === wire?.clock);
  const ageMs = number(wire?.age_ms);
  const thresholdMs = number(wire?.threshold_ms);
  const since = instant(wire?.since);
  const nextChangeAt = instant(wire?.next_change_at);
  const skewed = Array.isArray(wire?.skewed) ? wire.skewed : [];
  if (state === undefined || problemClass === undefined) return undefined;
  if (clock === undefined && isSet(wire?.clock)) return undefined;
  if ([ageMs, thresholdMs, since, nextChangeAt].some(Number.isNaN)) return undefined;
  return {
    state,
    problemClass,
    clock,
    startAt: ageMs === undefined ? undefined : now - ageMs,
    since,
    ageMs,
    // `null` means never too, but only where a clock has decided.
    thresholdMs: thresholdMs ?? (clock === undefined ? undefined : Infinity),
    rule: typeof wire?.rule === 'string' ? wire.rule : undefined,
    vouched: wire?.vouched === true,
    silent: wire?.silent === true,
    flagged: wire?.flagged === true,
    skewed: skewed.filter((name): name is ClockName => CLOCKS.includes(name as ClockName)),
    nextChangeAt,
    ...(typeof wire?.confirmed === 'boolean' ? { confirmed: wire.confirmed } : {}),
  };
}

function isSet(value: unknown): boolean {
  return value !== null && value !== undefined;
}

/** `NaN` for anything but a number and nothing. */
function number(value: unknown): number | undefined {
  if (!isSet(value)) return undefined;
  return typeof value === 'number' ? value : Number.NaN;
}

/** `NaN` for anything but an instant and nothing. */
function instant(value: unknown): Instant | undefined {
  if (!isSet(value)) return undefined;
  return (typeof value === 'string' ? parseInstant(value) : undefined) ?? Number.NaN;
}
