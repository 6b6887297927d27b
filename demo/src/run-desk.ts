import { formatInstant, type Progress } from '@tardy/core';
import type { Database } from './database.js';

/** An order for a piece of work. */
export type Order = {
  readonly workspace: string;
  readonly tenant: string;
  readonly type: OperationType;
  readonly title: string;
  readonly by: string;
  /** Waits for a person first. */
  readonly approval?: boolean | undefined;
  readonly input: OperationInput;
};

/** The kinds of work that the workers know. */
export type OperationType = 'baseline_compare' | 'tenant_backup' | 'directory_sync';

/** Where an operation works, and how long it rests after each step so that one can watch it. */
export type OperationInput = { readonly folder: string; readonly restMs: number };

/** A run that a worker has taken on. */
export type Claim = { readonly id: string; readonly type: OperationType; readonly input: OperationInput };

/** How a run ended, by the worker that ran it. */
export type Ending = {
  readonly outcome: 'succeeded' | 'partially_succeeded' | 'failed';
  readonly failure?: { readonly code: string; readonly message: string } | undefined;
};

/**
 * The only place that writes runs. Each change names the worker that it believes runs the run: what a worker reports of a run
 * that was closed meanwhile changes nothing.
 */
export type RunDesk = {
  readonly order: (order: Order) => Promise<string>;
  readonly claim: (worker: string) => Promise<Claim | undefined>;
  readonly progress: (worker: string, id: string, progress: Progress) => Promise<void>;
  readonly finish: (worker: string, id: string, ending: Ending) => Promise<void>;
  /** Closes a run whose worker is gone, and leaves the stale lineage; `false` where there is no such running run. */
  readonly close: (id: string, reason: string) => Promise<boolean>;
};

/** Opens the desk over the run table. `now` in epoch milliseconds; `pageOf` says where a person sees a run. */
export function runDesk(database: Database, now: () => number, pageOf: (id: string) => string): RunDesk {
  return {
    async order({ workspace, tenant, type, title, by, approval = false, input }) {
      const [number] = await database.query(`select nextval('run_numbers')::int as next`);
      const id = `op_${String(number?.['next']).padStart(4, '0')}`;
      const at = formatInstant(now());
      const initiator = JSON.stringify({ kind: by === 'schedule' ? 'schedule' : 'user', name: by });
      await database.query(
        `insert into operation_runs
           (id, workspace_id, tenant_id, type, title, status, outcome, hold, hold_since, queued_at, initiator, input, url)
         values ($1, $2, $3, $4, $5, 'queued', 'pending', $6, $7::timestamptz, $8::timestamptz, $9::jsonb, $10::jsonb, $11)`,
        [
          id,
          workspace,
          tenant,
          type,
          title,
          approval ? 'approval' : null,
          approval ? at : null,
          at,
          initiator,
          JSON.stringify(input),
          pageOf(id),
        ],
      );
      return id;
    },

    async claim(worker) {
      const [row] = await database.query(
        `update operation_runs set status = 'running', worker = $1,
           started_at = $2::timestamptz, heartbeat_at = $2::timestamptz
         where id = (select id from operation_runs where status = 'queued' and hold is null
                     order by queued_at, id limit 1 for update skip locked)
         returning id, type, input`,
        [worker, formatInstant(now())],
      );
      if (row === undefined) return undefined;
      return { id: String(row['id']), type: row['type'] as OperationType, input: row['input'] as OperationInput };
    },

    async progress(worker, id, progress) {
      await database.query(
        `update operation_runs set progress = $3::jsonb, heartbeat_at = $4::timestamptz
         where id = $2 and worker = $1 and status = 'running'`,
        [worker, id, JSON.stringify(progress), formatInstant(now())],
      );
    },

    async finish(worker, id, { outcome, failure }) {
      await database.query(
        `update operation_runs set status = 'completed', outcome = $3, failure = $4::jsonb,
           ended_at = $5::timestamptz
         where id = $2 and worker = $1 and status = 'running'`,
        [worker, id, outcome, failure === undefined ? null : JSON.stringify(failure), formatInstant(now())],
      );
    },

    async close(id, reason) {
      const at = formatInstant(now());
      const closed = await database.query(
        `update operation_runs set status = 'completed', outcome = 'failed', worker = null,
           reconciliation = $2::jsonb, reconciled_at = $3::timestamptz, ended_at = $3::timestamptz
         where id = $1 and status = 'running' returning id`,
        [id, JSON.stringify({ at, reason, from: 'running' }), at],
      );
      return closed.length > 0;
    },
  };
}
