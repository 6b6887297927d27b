import type { Vocabulary } from '../reading/vocabulary.js';
import type { SqlPreset } from '../sql/preset.js';

/** Laravel keeps no status of a batch, but when it was cancelled and finished. */
const STATES: Vocabulary = {
  unfinished: { status: 'running' },
  finished: { status: 'completed', outcome: 'succeeded' },
  'finished with failures': { status: 'completed', outcome: 'partially_succeeded' },
  cancelled: { status: 'completed', outcome: 'cancelled' },
};

/** Batches of Laravel 8 and later. */
export const laravelBatchesPreset: SqlPreset = {
  engines: ['postgres', 'mysql', 'sqlite'],
  tables: {
    job_batches: [
      'id',
      'name',
      'total_jobs',
      'pending_jobs',
      'failed_jobs',
      'cancelled_at',
      'created_at',
      'finished_at',
    ],
  },
  knows: 'the table of Laravel 8 and later',
  runs: ({ table }, { tenant }) => ({
    from: `${table('job_batches')} b`,
    active: 'b.finished_at is null and b.cancelled_at is null',
    ended: {
      where: 'b.finished_at is not null or b.cancelled_at is not null',
      order: 'coalesce(b.finished_at, b.cancelled_at)',
    },
    fields: {
      id: 'b.id',
      type: "coalesce(nullif(b.name, ''), 'batch')",
      status: `case when b.cancelled_at is not null then 'cancelled' when b.finished_at is null then 'unfinished'
    when b.failed_jobs > 0 then 'finished with failures' else 'finished' end`,
      queued_at: 'b.created_at',
      started_at: 'b.created_at',
      ended_at: 'coalesce(b.finished_at, b.cancelled_at)',
      tenant,
      // A job that failed is still counted as pending.
      progress: {
        processed: 'b.total_jobs - b.pending_jobs + b.failed_jobs',
        total: 'b.total_jobs',
        failed: 'b.failed_jobs',
        unit: "'jobs'",
      },
    },
    statuses: STATES,
    instants: 'epoch_s',
  }),
};
