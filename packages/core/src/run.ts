import type { DurationMs } from './duration.js';

/** A point in time, in epoch milliseconds. */
export type Instant = number;

/** Lifecycle of a run. It comes from what the source says, never from timestamps. */
export type RunStatus = 'queued' | 'running' | 'completed';

/** How a run ended; `pending` while it is active, `unknown` for an unknown value. */
export type RunOutcome =
  'pending' | 'succeeded' | 'partially_succeeded' | 'blocked' | 'failed' | 'cancelled' | 'skipped' | 'unknown';

/**
 * Why an active run waits. `limit`: a concurrency or rate limit that the system enforces; `retry`: the backoff between two
 * attempts.
 */
export type Hold = 'approval' | 'schedule' | 'dependency' | 'limit' | 'retry' | 'paused' | 'event';

/**
 * What is known against a run. `orphaned`: what it waits for no longer exists or cannot happen; `cannot_start`: no worker,
 * quota or image will ever let it start; `stuck`: its steps have ended or make no progress.
 */
export type FlagKind = 'worker_lost' | 'unresponsive' | 'orphaned' | 'cannot_start' | 'stuck' | 'late';

/** Who concluded what a flag says: the system itself, or Tardy from what the system shows. */
export type FlagAuthor = 'source' | 'tardy';

/** Who or what started a run. */
export type InitiatorKind = 'user' | 'schedule' | 'event' | 'api';

/** A workspace or a tenant that owns a run. */
export type Owner = { readonly id: string; readonly name?: string | undefined };

/** Evidence against a run. */
export type Flag = {
  readonly kind: FlagKind;
  /** Absent means the source. */
  readonly by?: FlagAuthor | undefined;
  /** The system's own reason, quoted. */
  readonly text?: string | undefined;
  /** When the evidence began; absent where the source does not say. */
  readonly since?: Instant | undefined;
};

/** What a held run waits for, as far as the source tells. */
export type WaitsFor = {
  /** What it is, in the source's own terms: `environment`, `pool`, `run`, `mutex`. */
  readonly kind: string;
  readonly id?: string | undefined;
  readonly name?: string | undefined;
  /** Where people can open it; always http or https. */
  readonly url?: string | undefined;
  /** Its state, as the source spells it. */
  readonly state?: string | undefined;
  /** The hold ends by itself at this instant. */
  readonly until?: Instant | undefined;
};

/** How far a run has got, in whatever it counts. */
export type Progress = {
  readonly processed: number;
  readonly total?: number | undefined;
  readonly succeeded?: number | undefined;
  readonly failed?: number | undefined;
  readonly skipped?: number | undefined;
  readonly unit?: string | undefined;
};

/** The stale lineage: the system itself closed the run after it went stale. */
export type Reconciliation = { readonly at: Instant; readonly reason: string; readonly from: string };

/**
 * One run, whatever system it came from. Keyed by (`source`, `id`, `attempt`): systems reuse an id for a retry.
 *
 * Instants are epoch milliseconds. Absent means that the source did not say.
 */
export type Run = {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly title: string;
  readonly workspace?: Owner | undefined;
  readonly tenant?: Owner | undefined;
  readonly status: RunStatus;
  readonly outcome: RunOutcome;
  readonly hold?: Hold | undefined;
  readonly holdSince?: Instant | undefined;
  readonly waitsFor?: WaitsFor | undefined;
  readonly queuedAt?: Instant | undefined;
  readonly notBefore?: Instant | undefined;
  readonly startedAt?: Instant | undefined;
  /**
   * When the run entered its current phase, if that is later than its first start: it started after a long approval, is back in
   * the queue between two jobs, or is completing.
   */
  readonly phaseAt?: Instant | undefined;
  /** The last evidence that the worker is alive, whatever the source calls it. */
  readonly heartbeatAt?: Instant | undefined;
  /** How often a live run sends a heartbeat in this source, in milliseconds; absent if unknown. */
  readonly heartbeatInterval?: DurationMs | undefined;
  readonly endedAt?: Instant | undefined;
  /** A promised limit, or when the system itself will end the run. */
  readonly deadlineAt?: Instant | undefined;
  /** 1-based. */
  readonly attempt: number;
  readonly flag?: Flag | undefined;
  readonly progress?: Progress | undefined;
  readonly reconciliation?: Reconciliation | undefined;
  readonly failure?: { readonly code?: string | undefined; readonly message?: string | undefined } | undefined;
  readonly initiator?: { readonly kind: InitiatorKind; readonly name?: string | undefined } | undefined;
  /** Where people can open the run; always http or https. */
  readonly url?: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  /** Status and outcome exactly as the source spelled them. */
  readonly native?: { readonly status: string; readonly outcome?: string | undefined } | undefined;
};

/** All statuses, in the order of a run's life. */
export const RUN_STATUSES: readonly RunStatus[] = ['queued', 'running', 'completed'];

/** All outcomes. */
export const RUN_OUTCOMES: readonly RunOutcome[] = [
  'pending',
  'succeeded',
  'partially_succeeded',
  'blocked',
  'failed',
  'cancelled',
  'skipped',
  'unknown',
];

/** All reasons to wait. */
export const HOLDS: readonly Hold[] = ['approval', 'schedule', 'dependency', 'limit', 'retry', 'paused', 'event'];

/** All kinds of flag. */
export const FLAG_KINDS: readonly FlagKind[] = [
  'worker_lost',
  'unresponsive',
  'orphaned',
  'cannot_start',
  'stuck',
  'late',
];

/** All authors of a flag. */
export const FLAG_AUTHORS: readonly FlagAuthor[] = ['source', 'tardy'];

/** All kinds of initiator. */
export const INITIATOR_KINDS: readonly InitiatorKind[] = ['user', 'schedule', 'event', 'api'];

/** Whether the run has not ended. */
export function isActive(run: Run): boolean {
  return run.status !== 'completed';
}

/** The identity of a run: the same text for the same (`source`, `id`, `attempt`), and for no other. */
export function runKey(run: Pick<Run, 'source' | 'id' | 'attempt'>): string {
  // The length says where the source ends: names and ids may contain any character.
  return `${run.source.length}:${run.source}${run.attempt}:${run.id}`;
}

/**
 * Keeps each run once if a source returned it several times, in the order of first appearance.
 *
 * A terminal copy wins over an active one (a list may lag behind); otherwise the later one in the list wins.
 */
export function mergeRuns(runs: Iterable<Run>): Run[] {
  const byKey = new Map<string, Run>();
  for (const run of runs) {
    const key = runKey(run);
    const seen = byKey.get(key);
    if (seen === undefined || isActive(seen) || !isActive(run)) byKey.set(key, run);
  }
  return [...byKey.values()];
}
