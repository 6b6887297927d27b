import {
  buildReport,
  classify,
  formatInstant,
  ICON_GLYPHS,
  summarize,
  VERDICT_TONES,
  verdictWords,
  type IconName,
  type Instant,
  type JudgedRun,
  type Report,
  type ReportInput,
  type ReportSource,
  type ReportVerdict,
  type Summary,
  type Tone,
  type Totals,
} from '@tardy/core';
import { policyDigest } from '@tardy/core/digest';
import { systemOf } from '../read/opened-source.js';
import { VERSION } from '../version.js';
import type { LiveRuns } from './live-runs.js';
import { unread, type SourceFeed } from './source-feed.js';

/** How one source is doing. */
export type SourceStatus = {
  readonly name: string;
  readonly kind: string;
  /** What people call its system. */
  readonly system: string | null;
  /** `reading`: not read yet; `failing`: what is shown is older; `incomplete`: something is missing. */
  readonly state: 'reading' | 'current' | 'incomplete' | 'failing';
  readonly runs: number;
  /** When it was last read without an error. */
  readonly read_at: string | null;
  /** Why it is failing or incomplete. */
  readonly reason: string | null;
};

/** One tenant that has active runs. */
export type TenantStatus = {
  readonly id: string;
  readonly name: string;
  readonly active: number;
  readonly attention: number;
};

/** The state of everything that `serve` shows, in words of the core. */
export type Status = {
  readonly now: string;
  readonly version: string;
  readonly policy: { readonly digest: string };
  readonly verdict: ReportVerdict;
  readonly tone: Tone;
  readonly words: string;
  /** One character for the verdict, where there is room for no more. */
  readonly glyph: string;
  readonly complete: boolean;
  /** Active runs that need attention. */
  readonly attention: number;
  /** When the verdict on a run changes next unless its source reports news. */
  readonly next_change_at: string | null;
  readonly sources: readonly SourceStatus[];
  /** The tenants, those that need attention first. */
  readonly tenants: readonly TenantStatus[];
};

const ICONS: Readonly<Record<ReportVerdict, IconName>> = {
  fresh: 'succeeded',
  late: 'late',
  stale: 'stuck',
  unknown: 'unknown',
};

/** A run with its verdict, and the number of its source. */
export type JudgedEntry = JudgedRun & { readonly source: number };

/** All runs, judged at an instant, and the report on them. It lists none of them: who shows them words them. */
export function reportOf(
  runs: LiveRuns,
  feeds: readonly SourceFeed[],
  now: Instant,
  level: Pick<ReportInput, 'failOn' | 'allowUnknown'>,
): { readonly judged: readonly JudgedEntry[]; readonly report: Report } {
  const { policy } = runs;
  const judged = Array.from(runs.entries(), ({ run, source }) => ({
    run,
    source,
    freshness: classify(run, policy, now),
  }));
  const report = buildReport({
    generatedAt: now,
    now,
    policyDigest: policyDigest(policy),
    sources: feeds.map((feed, index) => reportedBy(feed, runs.takenOf(index))),
    totals: summarize(judged, now).totals,
    runs: [],
    ...level,
  });
  return { judged, report };
}

/** When the verdict on any of these runs changes next; `Infinity` for never. */
export function nextChangeOf(judged: readonly JudgedEntry[]): Instant {
  return judged.reduce((at, { freshness }) => Math.min(at, freshness.nextChangeAt ?? Infinity), Infinity);
}

/** The state of everything at an instant. */
export function statusOf(runs: LiveRuns, feeds: readonly SourceFeed[], now: Instant): Status {
  const { judged, report } = reportOf(runs, feeds, now, { failOn: 'stale', allowUnknown: false });
  const { tenants } = summarize(judged, now);
  const nextChangeAt = nextChangeOf(judged);
  return {
    now: formatInstant(now),
    version: VERSION,
    policy: report.policy,
    verdict: report.verdict,
    tone: VERDICT_TONES[report.verdict],
    words: verdictWords(report),
    glyph: ICON_GLYPHS[ICONS[report.verdict]].unicode,
    complete: report.complete,
    attention: report.totals.late + report.totals.likely_stale + report.totals.unknown,
    next_change_at: nextChangeAt === Infinity ? null : formatInstant(nextChangeAt),
    sources: feeds.map((feed, index) => sourceStatus(feed, runs.takenOf(index))),
    tenants: tenantStatuses(tenants),
  };
}

/** A tenant is listed once, though the runs of one may name different workspaces, or none. */
function tenantStatuses(tenants: Summary['tenants']): TenantStatus[] {
  const byId = new Map<string, TenantStatus>();
  for (const { id, name, ...totals } of tenants) {
    if (id === undefined || totals.active === 0) continue;
    const before = byId.get(id);
    byId.set(id, {
      id,
      name: name ?? before?.name ?? id,
      active: totals.active + (before?.active ?? 0),
      attention: attentionOf(totals) + (before?.attention ?? 0),
    });
  }
  return [...byId.values()].sort(
    (a, b) => b.attention - a.attention || b.active - a.active || (a.name < b.name ? -1 : 1),
  );
}

function attentionOf({ late, likelyStale, unknown }: Totals): number {
  return late + likelyStale + unknown;
}

function reportedBy({ last, name, kind }: SourceFeed, taken: number): ReportSource {
  const report = last ?? unread(name, kind);
  return taken === 0 ? report : { ...report, complete: false };
}

function sourceStatus({ last, name, kind, readAt }: SourceFeed, taken: number): SourceStatus {
  const reason = reasonOf(last, taken);
  const state =
    last === undefined ? 'reading' : last.error !== null ? 'failing' : reason === null ? 'current' : 'incomplete';
  return {
    name,
    kind,
    system: systemOf(kind) ?? null,
    state,
    runs: last?.runs ?? 0,
    read_at: readAt === undefined ? null : formatInstant(readAt),
    reason,
  };
}

function reasonOf(last: ReportSource | undefined, taken: number): string | null {
  if (last === undefined) return null;
  if (last.error !== null) return last.error.message;
  if (taken > 0) {
    const runs = taken === 1 ? '1 run has' : `${taken} runs have`;
    return `${runs} the source and the id of a run of another source, which is shown instead.`;
  }
  if (last.complete) return null;
  const [first] = last.issues;
  if (first === undefined) return 'It is incomplete.';
  return first.id === null ? first.reason : `${first.id}: ${first.reason}`;
}
