import type { Summary, Totals } from '../summary.js';

/** The wire form of a summary: its totals in `snake_case`. */
export function summaryToWire({ totals, workspaces, tenants }: Summary): Record<string, unknown> {
  return {
    totals: totalsToWire(totals),
    workspaces: workspaces.map(({ id, name, ...rest }) => ({ id, name, ...totalsToWire(rest) })),
    tenants: tenants.map(({ id, name, workspaceId, ...rest }) => ({
      id,
      name,
      workspace_id: workspaceId,
      ...totalsToWire(rest),
    })),
  };
}

function totalsToWire(totals: Totals): Record<string, number> {
  return {
    active: totals.active,
    queued: totals.queued,
    running: totals.running,
    held: totals.held,
    fresh: totals.fresh,
    late: totals.late,
    likely_stale: totals.likelyStale,
    unknown: totals.unknown,
    follow_up: totals.followUp,
    follow_up_lately: totals.followUpLately,
  };
}
