import {
  formatInstant,
  TOOK_SHARES,
  type ExplainedClock,
  type ExplainedThreshold,
  type Explanation,
  type Instant,
  type RunHistory,
} from '@tardy/core';

/** An explanation as `show --explain --json` prints it: durations in milliseconds, `null` for never and for absent. */
export function explanationJson({ clocks }: Explanation): { readonly clocks: readonly unknown[] } {
  return { clocks: clocks.map(clockJson) };
}

/** A run among earlier ones of its type as `show --explain --json` prints it; `null` where nothing was learned. */
export function historyJson(history: RunHistory | undefined): unknown {
  if (history === undefined) return null;
  const { elapsed, share, runs, since, took } = history;
  const shares = took.map((ms, index) => ({ share: TOOK_SHARES[index], ms }));
  return { elapsed_ms: elapsed, longer_than_share: share, runs, since, took: shares };
}

function clockJson({ clock, startAt, ageMs, skewed, late, stale, vouchedUntil, decides }: ExplainedClock): unknown {
  return {
    clock,
    decides,
    start_at: formatInstant(startAt),
    age_ms: ageMs,
    skewed,
    late: thresholdJson(late),
    stale: thresholdJson(stale),
    vouched_until: instantJson(vouchedUntil),
  };
}

function thresholdJson({ ms, rule, at, reached }: ExplainedThreshold): unknown {
  return { threshold_ms: ms === Infinity ? null : ms, rule, at: instantJson(at), reached };
}

function instantJson(at: Instant | undefined): string | null {
  return at === undefined ? null : formatInstant(at);
}
