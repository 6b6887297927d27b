import type { Vocabulary } from '../reading/vocabulary.js';
import type { SqlPreset } from '../sql/preset.js';

/** The values of the enum `procrastinate_job_status`. */
const STATUSES: Vocabulary = {
  todo: { status: 'queued' },
  doing: { status: 'running' },
  // Up to version 2.
  aborting: { status: 'running' },
  succeeded: { status: 'completed', outcome: 'succeeded' },
  failed: { status: 'completed', outcome: 'failed' },
  cancelled: { status: 'completed', outcome: 'cancelled' },
  aborted: { status: 'completed', outcome: 'cancelled' },
};

const WAITING = "j.status = 'todo'";
const AT_WORK = "j.status in ('doing', 'aborting')";

/** The jobs of Procrastinate 3: since then a job names its worker, and workers have heartbeats. */
export const procrastinatePreset: SqlPreset = {
  engines: ['postgres'],
  tables: {
    procrastinate_jobs: [
      'id',
      'queue_name',
      'task_name',
      'status',
      'lock',
      'scheduled_at',
      'attempts',
      'worker_id',
      'abort_requested',
    ],
    procrastinate_workers: ['id', 'last_heartbeat'],
    procrastinate_events: ['job_id', 'type', 'at'],
  },
  knows: 'version 3',
  runs: ({ table }, { tenant }) => ({
    from: `${table('procrastinate_jobs')} j
left join ${table('procrastinate_workers')} w on w.id = j.worker_id and ${AT_WORK}
left join lateral (
  select min(e.at) filter (where e.type = 'deferred') as deferred_at,
    max(e.at) filter (where e.type in ('deferred_for_retry', 'retried')) as retried_at,
    max(e.at) filter (where e.type = 'started') as started_at,
    max(e.at) filter (where e.type in ('succeeded', 'failed', 'cancelled', 'aborted')) as ended_at
  from ${table('procrastinate_events')} e where e.job_id = j.id
) event on true
left join lateral (
  select b.id from ${table('procrastinate_jobs')} b where b.lock = j.lock and b.status = 'doing' limit 1
) busy on ${WAITING}`,
    active: "j.status in ('todo', 'doing', 'aborting')",
    ended: { where: "j.status not in ('todo', 'doing', 'aborting')", order: 'j.id' },
    fields: {
      id: 'j.id',
      type: 'j.task_name',
      status: 'j.status',
      hold: `case when ${WAITING} then case when busy.id is not null then 'limit'
    when j.scheduled_at is null then null when j.attempts > 0 then 'retry' else 'schedule' end end`,
      waits_for: { kind: "case when busy.id is not null then 'lock' end", id: 'busy.id', name: 'j.lock' },
      queued_at: 'event.deferred_at',
      phase_at: `case when ${WAITING} then event.retried_at end`,
      not_before: 'j.scheduled_at',
      started_at: 'event.started_at',
      heartbeat_at: 'w.last_heartbeat',
      // By default a worker sends one every 10 seconds.
      heartbeat_interval: 'case when w.id is not null then 10 end',
      ended_at: 'event.ended_at',
      // It is counted when an attempt ends.
      attempt: `j.attempts + case when j.status in ('todo', 'doing', 'aborting') then 1 else 0 end`,
      workspace: 'j.queue_name',
      tenant,
      flag: {
        kind: `case when ${AT_WORK} and w.id is null then 'worker_lost' end`,
        by: "'tardy'",
        text: "'The worker of this job is not registered any more.'",
      },
      labels: { abort: "case when j.abort_requested then 'requested' end" },
    },
    statuses: STATUSES,
    instants: 'timestamp',
  }),
};
