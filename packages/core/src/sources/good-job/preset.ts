import type { Vocabulary } from '../reading/vocabulary.js';
import type { SqlPreset } from '../sql/preset.js';

/** GoodJob has no states: its dashboard derives these words from the times of a job. */
const STATES: Vocabulary = {
  scheduled: { status: 'queued' },
  retried: { status: 'queued' },
  queued: { status: 'queued' },
  running: { status: 'running' },
  succeeded: { status: 'completed', outcome: 'succeeded' },
  discarded: { status: 'completed', outcome: 'failed' },
};

/** Rails writes UTC into columns without a zone. */
const NOW = "(now() at time zone 'UTC')";
const LATER = `coalesce(j.scheduled_at, j.created_at) > ${NOW}`;
const WAITS = 'j.performed_at is null and j.finished_at is null';
const TRIED = 'coalesce(j.executions_count, 0)';

/** A limit on concurrency puts the job off, as an error would. */
const LIMITED = "(j.error like '%ConcurrencyExceededError%' or j.error like '%ThrottleExceededError%')";

/** The jobs of GoodJob. */
export const goodJobPreset: SqlPreset = {
  engines: ['postgres'],
  tables: {
    good_jobs: [
      'id',
      'job_class',
      'queue_name',
      'serialized_params',
      'scheduled_at',
      'performed_at',
      'finished_at',
      'error',
      'created_at',
      'executions_count',
      'labels',
      'locked_by_id',
      'locked_at',
    ],
    good_job_processes: ['id', 'updated_at'],
    good_job_settings: ['key', 'value'],
  },
  knows: 'the columns of GoodJob 4',
  runs: ({ table }, { tenant }) => {
    const paused = `(z.value->'queues' @> to_jsonb(j.queue_name) or z.value->'job_classes' @> to_jsonb(j.job_class)
      or exists (select from unnest(j.labels) l (name) where z.value->'labels' @> to_jsonb(l.name)))`;
    return {
      from: `${table('good_jobs')} j
left join ${table('good_job_processes')} p on p.id = j.locked_by_id
left join ${table('good_job_settings')} z on z.key = 'pauses'`,
      active: 'j.finished_at is null',
      ended: { where: 'j.finished_at is not null', order: 'j.finished_at' },
      fields: {
        id: 'j.id',
        type: "coalesce(j.job_class, j.serialized_params->>'job_class')",
        status: `case when j.finished_at is not null then case when j.error is null then 'succeeded' else 'discarded' end
    when j.performed_at is not null then 'running'
    when not ${LATER} then 'queued'
    when ${TRIED} > 0 then 'retried'
    else 'scheduled' end`,
        hold: `case when ${WAITS} then case when ${LATER} and ${LIMITED} then 'limit'
    when ${LATER} and ${TRIED} > 0 then 'retry'
    when ${LATER} then 'schedule'
    when ${paused} then 'paused' end end`,
        waits_for: {
          kind: `case when ${WAITS} and ${LATER} and ${LIMITED} then 'concurrency' end`,
          until: 'j.scheduled_at',
        },
        queued_at: 'j.created_at',
        not_before: 'j.scheduled_at',
        started_at: 'j.performed_at',
        heartbeat_at: 'case when j.performed_at is not null then p.updated_at end',
        heartbeat_interval: 'case when j.performed_at is not null and p.id is not null then 30 end',
        ended_at: 'j.finished_at',
        // It is counted when the job is taken.
        attempt: `${TRIED} + case when ${WAITS} then 1 else 0 end`,
        workspace: 'j.queue_name',
        tenant,
        flag: {
          kind: "case when j.performed_at is not null and j.finished_at is null and p.id is null then 'worker_lost' end",
          by: "'tardy'",
          text: "'The process that took it is not registered any more.'",
        },
        failure: { message: 'case when j.finished_at is not null then j.error end' },
      },
      statuses: STATES,
      instants: 'timestamp',
      zone: 'UTC',
    };
  },
};
