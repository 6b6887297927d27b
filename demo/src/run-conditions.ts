import { formatInstant, type Policy } from '@tardy/core';
import type { StoreContext, StoreFilter } from '@tardy/core/server';
import { compilePolicy, type RunColumns, type SqlVerdict } from '@tardy/core/sql';
import { SOURCE } from './run-row.js';

/** The columns of `operation_runs r` from which verdicts follow. */
const COLUMNS: RunColumns = {
  table: 'r',
  instants: 'timestamptz(3)',
  status: 'status',
  outcome: 'outcome',
  source: { sql: `'${SOURCE}'` },
  type: 'type',
  workspace: 'workspace_id',
  tenant: 'tenant_id',
  labels: 'labels',
  hold: 'hold',
  holdSince: 'hold_since',
  queuedAt: 'queued_at',
  notBefore: 'not_before',
  startedAt: 'started_at',
  heartbeatAt: 'heartbeat_at',
  endedAt: 'ended_at',
  deadlineAt: 'deadline_at',
  reconciledAt: 'reconciled_at',
};

/** The policy over `operation_runs r`, judged at the instant in a parameter. */
export function verdictAt(policy: Policy, now: string): SqlVerdict {
  return compilePolicy(policy, COLUMNS, { now });
}

/** A condition on `operation_runs r` with the values of its parameters; further parameters follow them. */
export type Conditions = { readonly where: string; readonly values: unknown[] };

/** Scope and filters, with the meaning that core's `passesFilter` gives them. */
export function conditionsOf(
  { scope, policy, now }: StoreContext,
  filter: StoreFilter,
  values: unknown[] = [],
): Conditions {
  const parts = ['true'];
  const place = (value: unknown) => `$${values.push(value)}`;
  const add = <T>(value: T | undefined, sql: (value: T) => string) => {
    if (value !== undefined) parts.push(sql(value));
  };
  if (scope !== 'everything') {
    if (filter.tenantId === undefined) {
      const [tenants, workspaces] = [place(scope.tenants), place(scope.workspaces)];
      parts.push(
        `(r.tenant_id = any(${tenants}::text[]) or (r.tenant_id is null and r.workspace_id = any(${workspaces}::text[])))`,
      );
    } else parts.push(`${place(scope.tenants.includes(filter.tenantId))}::boolean`);
  }
  add(filter.tenantId, (id) => `r.tenant_id = ${place(id)}`);
  add(filter.workspaceId, (id) => `r.workspace_id = ${place(id)}`);
  add(filter.type, (type) => `r.type = ${place(type)}`);
  add(filter.source, (source) => `${place(source)}::text = '${SOURCE}'`);
  add(filter.statuses, (statuses) => `r.status = any(${place(statuses)}::text[])`);
  add(filter.since, (since) => `r.queued_at >= ${place(formatInstant(since))}::timestamptz`);
  add(
    filter.q,
    (q) =>
      `position(lower(${place(q)}) in lower(concat_ws(chr(10), r.title, r.type, r.id, r.tenant_id,
         (select name from tenants where id = r.tenant_id)))) > 0`,
  );
  // The time only where the verdict needs it: a parameter that nothing uses is an error.
  add(filter.problemClass, (one) =>
    one === 'terminal_follow_up'
      ? verdictAt(policy, 'now()').isOfClass[one]
      : verdictAt(policy, place(formatInstant(now))).isOfClass[one],
  );
  return { where: parts.join(' and '), values };
}
