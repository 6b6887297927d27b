import type { Vocabulary } from '../reading/vocabulary.js';
import type { SqlPreset } from '../sql/preset.js';
import type { SpringBatchConfig } from './config.js';

/** The values of `BatchStatus`. */
const STATES: Vocabulary = {
  STARTING: { status: 'queued' },
  STARTED: { status: 'running' },
  STOPPING: { status: 'running' },
  COMPLETED: { status: 'completed', outcome: 'succeeded' },
  FAILED: { status: 'completed', outcome: 'failed' },
  STOPPED: { status: 'completed', outcome: 'cancelled' },
  ABANDONED: { status: 'completed', outcome: 'cancelled' },
  // Its end could not be written: with a time it has ended, without one that is unknown.
  UNKNOWN: { status: 'completed', outcome: 'unknown' },
  'UNKNOWN without an end': { status: 'running', outcome: 'unknown' },
};

/** Spring Batch itself goes by the status alone: it refuses to start a job that has one of the others. */
const ACTIVE = `(e.status is null or e.status not in ('COMPLETED', 'FAILED', 'STOPPED', 'ABANDONED', 'UNKNOWN')
  or e.status = 'UNKNOWN' and e.end_time is null)`;

/** A step that commits chunks writes its row with each; how long one takes is known after some. A tasklet writes it at its end. */
const BEATS = 'filter (where x.end_time is null and x.commit_count >= 3)';

/** The executions of jobs of Spring Batch. */
export const springBatchPreset: SqlPreset<SpringBatchConfig> = {
  engines: ['postgres'],
  tables: {
    batch_job_execution: [
      'job_execution_id',
      'job_instance_id',
      'create_time',
      'start_time',
      'end_time',
      'status',
      'exit_code',
      'exit_message',
    ],
    batch_job_instance: ['job_instance_id', 'job_name'],
    batch_step_execution: [
      'job_execution_id',
      'start_time',
      'end_time',
      'commit_count',
      'filter_count',
      'write_count',
      'read_skip_count',
      'process_skip_count',
      'write_skip_count',
      'last_updated',
    ],
  },
  knows: 'the columns of Spring Batch 4 to 6',
  runs: ({ table }, { tenant, zone }) => ({
    from: `${table('batch_job_execution')} e
join ${table('batch_job_instance')} i on i.job_instance_id = e.job_instance_id
left join lateral (
  select max(x.last_updated) ${BEATS} as beat,
    max(extract(epoch from x.last_updated - x.start_time) / x.commit_count) ${BEATS} as rhythm,
    sum(x.write_count) as written,
    sum(x.filter_count + x.read_skip_count + x.process_skip_count + x.write_skip_count) as skipped
  from ${table('batch_step_execution')} x where x.job_execution_id = e.job_execution_id
) s on true`,
    active: ACTIVE,
    ended: { where: `not ${ACTIVE}`, order: 'coalesce(e.end_time, e.create_time)' },
    fields: {
      id: 'e.job_execution_id',
      type: 'i.job_name',
      status: "case when e.status = 'UNKNOWN' and e.end_time is null then 'UNKNOWN without an end' else e.status end",
      queued_at: 'e.create_time',
      started_at: 'e.start_time',
      heartbeat_at: `case when ${ACTIVE} then s.beat end`,
      heartbeat_interval: `case when ${ACTIVE} then nullif(s.rhythm, 0) end`,
      ended_at: 'e.end_time',
      tenant,
      progress: {
        processed: 'nullif(s.written + s.skipped, 0)',
        succeeded: 's.written',
        skipped: 's.skipped',
      },
      failure: {
        code: "case when e.status = 'FAILED' then e.exit_code end",
        message: "case when e.status = 'FAILED' then e.exit_message end",
      },
    },
    statuses: STATES,
    instants: 'timestamp',
    zone,
  }),
};
