import { compareRuns, DEFAULT_FILTER, type JudgedRun } from './query.js';
import type { Instant } from './run.js';

/** Totals over some runs. `queued`, `running` and `held` add up to `active`, as do the four states. */
export type Totals = {
  readonly active: number;
  readonly queued: number;
  readonly running: number;
  readonly held: number;
  readonly fresh: number;
  readonly late: number;
  readonly likelyStale: number;
  readonly unknown: number;
  /** Ended runs that need a follow-up. */
  readonly followUp: number;
  /** Of those, the ones that ended at or after `since` of `summarize`. */
  readonly followUpLately: number;
};

/** The totals of one owner; `id` is absent for runs without one. */
export type OwnerTotals = Totals & { readonly id: string | undefined; readonly name: string | undefined };

/** Totals, overall and by workspace and tenant. Owners come in the order of first appearance. */
export type Summary = {
  readonly totals: Totals;
  readonly workspaces: readonly OwnerTotals[];
  readonly tenants: readonly (OwnerTotals & { readonly workspaceId: string | undefined })[];
};

type Count = { -readonly [K in keyof Totals]: number };

/** The time range of recent runs, in milliseconds. */
export const LATELY_MS = 86_400_000;

/** No runs at all. */
export function emptyTotals(): Count {
  return {
    active: 0,
    queued: 0,
    running: 0,
    held: 0,
    fresh: 0,
    late: 0,
    likelyStale: 0,
    unknown: 0,
    followUp: 0,
    followUpLately: 0,
  };
}

/** Adds one run to the totals. `since` (epoch milliseconds) starts the time range of recent runs. */
export function countRun(totals: Count, { run, freshness }: JudgedRun, since: Instant): void {
  if (run.status === 'completed') {
    if (freshness.problemClass !== 'terminal_follow_up') return;
    totals.followUp++;
    if ((freshness.since ?? -Infinity) >= since) totals.followUpLately++;
    return;
  }
  totals.active++;
  if (run.hold !== undefined) totals.held++;
  else if (run.status === 'queued') totals.queued++;
  else totals.running++;
  switch (freshness.state) {
    case 'fresh':
      totals.fresh++;
      break;
    case 'late':
      totals.late++;
      break;
    case 'likely_stale':
      totals.likelyStale++;
      break;
    case 'unknown':
      totals.unknown++;
      break;
    case 'reconciled':
    case 'terminal':
      break;
  }
}

/** Totals over the runs that a viewer may see. `since` (epoch milliseconds) starts the time range of recent runs. */
export function summarize(runs: Iterable<JudgedRun>, since: Instant): Summary {
  const totals = emptyTotals();
  const workspaces = new Map<string | undefined, Count & { id: string | undefined; name: string | undefined }>();
  const tenants = new Map<
    string,
    Count & { id: string | undefined; name: string | undefined; workspaceId: string | undefined }
  >();
  for (const judged of runs) {
    const { workspace, tenant } = judged.run;
    countRun(totals, judged, since);
    const byWorkspace = workspaces.get(workspace?.id) ?? { ...emptyTotals(), id: workspace?.id, name: workspace?.name };
    byWorkspace.name ??= workspace?.name;
    workspaces.set(workspace?.id, byWorkspace);
    countRun(byWorkspace, judged, since);
    const key = JSON.stringify([workspace?.id ?? null, tenant?.id ?? null]);
    const byTenant = tenants.get(key) ?? {
      ...emptyTotals(),
      id: tenant?.id,
      name: tenant?.name,
      workspaceId: workspace?.id,
    };
    byTenant.name ??= tenant?.name;
    tenants.set(key, byTenant);
    countRun(byTenant, judged, since);
  }
  return { totals, workspaces: [...workspaces.values()], tenants: [...tenants.values()] };
}

/** The runs that need attention or a follow-up, worst first: one line each on the attention surface. */
export function attentionList<T extends JudgedRun>(runs: readonly T[]): T[] {
  return runs
    .filter(({ freshness }) => freshness.problemClass !== 'none')
    .sort((a, b) => compareRuns(a, b, DEFAULT_FILTER.sort));
}
