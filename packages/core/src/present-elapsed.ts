import type { Freshness } from './classify.js';
import { isHeld, phaseStart } from './clocks.js';
import type { Messages } from './messages.js';
import type { ClockName } from './run-clocks.js';
import type { Instant, Run } from './run.js';
import { formatSpan } from './span.js';

/**
 * How long a run has been active, in milliseconds and words. A silent run has two numbers, since a single growing one would
 * suggest that it still works.
 */
export type Elapsed =
  | { readonly kind: 'span'; readonly ms: number; readonly text: string }
  | { readonly kind: 'silent'; readonly workedMs: number; readonly silentMs: number; readonly text: string };

/** How long a run has worked, queued or waited; two numbers once its heartbeat is no longer fresh. */
export function elapsedOf(run: Run, freshness: Freshness, now: Instant, messages: Messages): Elapsed | undefined {
  const start = startOfElapsed(run, now);
  if (start === undefined || freshness.state === 'unknown' || freshness.skewed.some((name) => OWN_CLOCKS.has(name)))
    return undefined;
  const until = run.status === 'completed' ? (run.endedAt ?? run.reconciliation?.at) : now;
  if (until === undefined) return undefined;
  const span = (ms: number) => formatSpan(ms, messages.units);
  const { heartbeatAt } = run;
  if (freshness.silent && heartbeatAt !== undefined && heartbeatAt >= start) {
    const workedMs = heartbeatAt - start;
    const silentMs = Math.max(0, now - heartbeatAt);
    return { kind: 'silent', workedMs, silentMs, text: messages.elapsed(span(workedMs), span(silentMs)) };
  }
  const ms = Math.max(0, until - start);
  return { kind: 'span', ms, text: span(ms) };
}

/** The clocks that the status and the hold of a run start. */
const OWN_CLOCKS: ReadonlySet<ClockName> = new Set(['hold', 'queue', 'run']);

/** A run in a later phase is counted from its start of that phase; one that waits or has ended, from its start. */
function startOfElapsed(run: Run, now: Instant): Instant | undefined {
  const first = run.startedAt ?? run.queuedAt;
  if (first === undefined || run.status === 'completed' || isHeld(run, now)) return first;
  return Math.max(first, Math.min(phaseStart(run) ?? first, now));
}
