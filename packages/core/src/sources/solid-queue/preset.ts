import type { Vocabulary } from '../reading/vocabulary.js';
import type { SqlPreset } from '../sql/preset.js';

/** Solid Queue has no states: the row that a job has in a table beside it says what it does. */
const STATES: Vocabulary = {
  scheduled: { status: 'queued' },
  ready: { status: 'queued' },
  blocked: { status: 'queued' },
  claimed: { status: 'running' },
  finished: { status: 'completed', outcome: 'succeeded' },
  failed: { status: 'completed', outcome: 'failed' },
};

/** Rails writes UTC into columns without a zone. */
const NOW = "(now() at time zone 'UTC')";
const DUE = `coalesce(j.scheduled_at, j.created_at) <= ${NOW}`;

/** The last of the counts in the arguments: those of the job itself are before it. */
const EXECUTIONS = `substring(j.arguments from '.*"executions":(\\d+)')::int`;

const NOWHERE = 'r.id is null and s.id is null and b.id is null';

/** The jobs of Solid Queue. */
export const solidQueuePreset: SqlPreset = {
  engines: ['postgres'],
  tables: {
    solid_queue_jobs: [
      'id',
      'queue_name',
      'class_name',
      'arguments',
      'scheduled_at',
      'finished_at',
      'concurrency_key',
      'created_at',
    ],
    solid_queue_ready_executions: ['id', 'job_id'],
    solid_queue_scheduled_executions: ['id', 'job_id'],
    solid_queue_claimed_executions: ['id', 'job_id', 'process_id', 'created_at'],
    solid_queue_blocked_executions: ['id', 'job_id', 'concurrency_key', 'created_at'],
    solid_queue_failed_executions: ['id', 'job_id', 'error', 'created_at'],
    solid_queue_processes: ['id', 'name', 'last_heartbeat_at'],
    solid_queue_pauses: ['queue_name', 'created_at'],
    solid_queue_semaphores: ['key', 'expires_at'],
  },
  knows: 'the columns of Solid Queue 1.0 to 1.5',
  runs: ({ table }, { tenant }) => ({
    from: `${table('solid_queue_jobs')} j
left join ${table('solid_queue_claimed_executions')} c on c.job_id = j.id
left join ${table('solid_queue_processes')} p on p.id = c.process_id
left join ${table('solid_queue_failed_executions')} f on f.job_id = j.id
left join ${table('solid_queue_ready_executions')} r on r.job_id = j.id
left join ${table('solid_queue_scheduled_executions')} s on s.job_id = j.id
left join ${table('solid_queue_blocked_executions')} b on b.job_id = j.id
left join ${table('solid_queue_semaphores')} m on m.key = b.concurrency_key
left join ${table('solid_queue_pauses')} z on z.queue_name = j.queue_name and c.id is null`,
    active: 'j.finished_at is null and f.id is null',
    ended: {
      where: 'j.finished_at is not null or f.id is not null',
      order: 'coalesce(j.finished_at, f.created_at)',
    },
    fields: {
      id: 'j.id',
      type: 'j.class_name',
      status: `case when j.finished_at is not null then 'finished'
    when f.id is not null then 'failed'
    when c.id is not null then 'claimed'
    when b.id is not null then 'blocked'
    when ${DUE} then 'ready'
    else 'scheduled' end`,
      hold: `case when c.id is null then case when b.id is not null then 'limit'
    when z.queue_name is not null and ${DUE} then 'paused'
    when s.id is not null and ${EXECUTIONS} > 0 then 'retry'
    when s.id is not null then 'schedule' end end`,
      hold_since: `case when c.id is null then case when b.id is not null then b.created_at
    when z.queue_name is not null and ${DUE} then greatest(z.created_at, j.scheduled_at, j.created_at) end end`,
      // Once the semaphore has expired, the dispatcher lets the job through; it looks every 10 minutes.
      waits_for: {
        kind: "case when b.id is not null then 'semaphore' end",
        id: 'b.concurrency_key',
        until: "m.expires_at + interval '10 minutes'",
      },
      queued_at: 'j.created_at',
      not_before: 'j.scheduled_at',
      started_at: 'c.created_at',
      heartbeat_at: 'p.last_heartbeat_at',
      heartbeat_interval: 'case when p.id is not null then 60 end',
      ended_at: 'coalesce(j.finished_at, f.created_at)',
      attempt: `${EXECUTIONS} + 1`,
      workspace: 'j.queue_name',
      tenant,
      flag: {
        kind: `case when j.finished_at is not null or f.id is not null then null
    when c.id is not null and p.id is null then 'worker_lost'
    when c.id is null and ${NOWHERE} then 'orphaned' end`,
        by: "'tardy'",
        text: `case when c.id is not null then 'The process that claimed it is not registered any more.'
    else 'It is in no table from which Solid Queue takes jobs.' end`,
      },
      failure: {
        message: `case when f.error like '{%' and f.error not like '%\\\\u0000%' then f.error::jsonb->>'message' else f.error end`,
      },
    },
    statuses: STATES,
    instants: 'timestamp',
    zone: 'UTC',
  }),
};
