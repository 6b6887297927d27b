import { runToWire, type Run } from '@tardy/core';
import fc from 'fast-check';
import type { Database } from './database.js';

/** The `now` of the tests. */
export const NOON = Date.UTC(2026, 10, 23, 12);

const WORKSPACES = { contoso: 'Contoso', tailspin: 'Tailspin' } as const;
const TENANTS = {
  '7': { workspace: 'contoso', name: 'Fabrikam' },
  '8': { workspace: 'contoso', name: 'Northwind' },
  '9': { workspace: 'tailspin', name: 'Wingtip' },
} as const;

const secondsAgo = fc.option(
  fc.integer({ min: 0, max: 40 }).map((seconds) => NOON - seconds * 1000),
  { nil: undefined },
);

/** Runs that the demo's table can hold, near the thresholds of its policy, in no particular order. */
export const someRuns = fc
  .array(
    fc.record({
      owner: fc.constantFrom('7', '8', '9', 'contoso', 'tailspin'),
      type: fc.constantFrom('baseline_compare', 'tenant_backup'),
      title: fc.constantFrom('Compare baseline', 'Back up 100%', 'Ünïcode _ title'),
      status: fc.constantFrom('queued', 'running', 'completed'),
      ended: fc.constantFrom('succeeded', 'failed', 'cancelled', 'partially_succeeded'),
      queuedAt: fc.integer({ min: 0, max: 40 }).map((seconds) => NOON - seconds * 1000),
      startedAt: secondsAgo,
      heartbeatAt: secondsAgo,
      held: fc.boolean(),
      reconciled: fc.boolean(),
    }),
    { maxLength: 30 },
  )
  .map((seeds) =>
    seeds.map(
      ({ owner, type, title, status, ended, queuedAt, startedAt, heartbeatAt, held, reconciled }, index): Run => {
        const completed = status === 'completed';
        return {
          id: `op_${index}`,
          source: 'demo',
          type,
          title,
          ...ownersOf(owner),
          status: completed ? 'completed' : status === 'queued' ? 'queued' : 'running',
          outcome: completed ? ended : 'pending',
          ...(held && !completed ? { hold: 'approval', holdSince: queuedAt } : {}),
          queuedAt,
          ...(startedAt === undefined ? {} : { startedAt }),
          ...(heartbeatAt === undefined ? {} : { heartbeatAt }),
          ...(completed ? { endedAt: NOON } : {}),
          ...(completed && reconciled ? { reconciliation: { at: NOON, reason: 'silent', from: 'running' } } : {}),
          attempt: 1,
          labels: {},
        };
      },
    ),
  );

/** Replaces the content of the table with these runs. */
export async function fillTable(database: Database, runs: readonly Run[]): Promise<void> {
  await database.query('delete from operation_runs');
  for (const run of runs) {
    await database.query(
      `insert into operation_runs
         (id, workspace_id, tenant_id, type, title, status, outcome, hold, hold_since, queued_at, started_at, heartbeat_at, ended_at,
          attempt, reconciliation, reconciled_at)
       select x.id, $2, $3, x.type, x.title, x.status, x.outcome, x.hold, x.hold_since, x.queued_at, x.started_at, x.heartbeat_at,
         x.ended_at, x.attempt, x.reconciliation, (x.reconciliation ->> 'at')::timestamptz
       from jsonb_populate_record(null::operation_runs, $1::jsonb) x`,
      [JSON.stringify(runToWire(run)), run.workspace?.id, run.tenant?.id ?? null],
    );
  }
}

function ownersOf(owner: string): Pick<Run, 'workspace' | 'tenant'> {
  const tenant = Object.entries(TENANTS).find(([id]) => id === owner);
  const workspace = tenant?.[1].workspace ?? (owner === 'tailspin' ? 'tailspin' : 'contoso');
  return {
    workspace: { id: workspace, name: WORKSPACES[workspace] },
    ...(tenant === undefined ? {} : { tenant: { id: owner, name: tenant[1].name } }),
  };
}
