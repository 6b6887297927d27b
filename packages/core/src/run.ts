/** A point in time, in epoch milliseconds. */
export type Instant = number;

/** Lifecycle of a run. It comes from what the source says, never from timestamps. */
export type RunStatus = 'queued' | 'running' | 'completed';

/** How a run ended; `pending` while it is active, `unknown` for a value of the source that we do not know. */
export type RunOutcome =
  'pending' | 'succeeded' | 'partially_succeeded' | 'blocked' | 'failed' | 'cancelled' | 'skipped' | 'unknown';

/** Why an active run rightly waits. */
export type Hold = 'approval' | 'schedule' | 'dependency' | 'paused' | 'event';

/** What a source itself can hold against a run. */
export type FlagKind = 'worker_lost' | 'unresponsive' | 'stuck' | 'late';

/** Who or what started a run. */
export type InitiatorKind = 'user' | 'schedule' | 'event' | 'api';

/** A workspace or a tenant that owns a run. */
export type Owner = { readonly id: string; readonly name?: string | undefined };

/** What the source itself says against a run. */
export type Flag = {
  readonly kind: FlagKind;
  readonly text?: string | undefined;
  readonly since?: Instant | undefined;
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
  readonly queuedAt?: Instant | undefined;
  readonly notBefore?: Instant | undefined;
  readonly startedAt?: Instant | undefined;
  /** The last sign of life, whatever the source calls it. */
  readonly heartbeatAt?: Instant | undefined;
  readonly endedAt?: Instant | undefined;
  readonly deadlineAt?: Instant | undefined;
  /** 1-based. */
  readonly attempt: number;
  readonly flag?: Flag | undefined;
  readonly progress?: Progress | undefined;
  readonly reconciliation?: Reconciliation | undefined;
  readonly failure?: { readonly code?: string | undefined; readonly message?: string | undefined } | undefined;
  readonly initiator?: { readonly kind: InitiatorKind; readonly name?: string | undefined } | undefined;
  /** Where a person sees the run; always http or https. */
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
export const HOLDS: readonly Hold[] = ['approval', 'schedule', 'dependency', 'paused', 'event'];

/** All kinds of flag. */
export const FLAG_KINDS: readonly FlagKind[] = ['worker_lost', 'unresponsive', 'stuck', 'late'];

/** All kinds of initiator. */
export const INITIATOR_KINDS: readonly InitiatorKind[] = ['user', 'schedule', 'event', 'api'];

/** Whether the run has not ended. */
export function isActive(run: Run): boolean {
  return run.status !== 'completed';
}

/** The identity of a run: the same text for the same (`source`, `id`, `attempt`), and for no other. */
export function runKey(run: Pick<Run, 'source' | 'id' | 'attempt'>): string {
  // The length says where the source ends: names and ids may hold any character.
  return `${run.source.length}:${run.source}${run.attempt}:${run.id}`;
}

/**
 * Shows each run once where a source answered with it several times, in the order of first appearance.
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
