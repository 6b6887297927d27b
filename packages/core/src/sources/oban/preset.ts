import type { Vocabulary } from '../reading/vocabulary.js';
import type { SqlPreset } from '../sql/preset.js';

/** The values of the enum `oban_job_state`. */
const STATES: Vocabulary = {
  available: { status: 'queued' },
  scheduled: { status: 'queued' },
  suspended: { status: 'queued' },
  retryable: { status: 'queued' },
  executing: { status: 'running' },
  completed: { status: 'completed', outcome: 'succeeded' },
  discarded: { status: 'completed', outcome: 'failed' },
  cancelled: { status: 'completed', outcome: 'cancelled' },
};

const EXECUTING = "j.state::text = 'executing'";

/** The jobs of Oban for Elixir and for Python: their table is the same. */
export const obanPreset: SqlPreset = {
  engines: ['postgres'],
  tables: {
    oban_jobs: [
      'id',
      'state',
      'queue',
      'worker',
      'attempt',
      'attempted_by',
      'inserted_at',
      'scheduled_at',
      'attempted_at',
      'completed_at',
      'discarded_at',
      'cancelled_at',
    ],
  },
  // Oban for Elixir without Pro has none.
  optionalTables: ['oban_producers'],
  knows: 'Oban 2.11 and later for Elixir, 0.7 for Python',
  runs: ({ table, has }, { tenant }) => {
    const producers = has('oban_producers', 'uuid') && has('oban_producers', 'updated_at');
    const jobs = `${table('oban_jobs')} j`;
    return {
      from: producers
        ? `${jobs}
left join ${table('oban_producers')} p on ${EXECUTING} and p.uuid::text = j.attempted_by[2]
left join lateral (
  select bool_and(coalesce((q.meta->>'paused')::boolean, false)) as paused
  from ${table('oban_producers')} q where q.queue = j.queue
) queue on j.state::text = 'available'`
        : jobs,
      active: "j.state::text not in ('completed', 'discarded', 'cancelled')",
      ended: {
        where: "j.state::text in ('completed', 'discarded', 'cancelled')",
        order: 'j.id',
      },
      fields: {
        id: 'j.id',
        type: 'j.worker',
        status: 'j.state',
        hold: `case j.state::text when 'scheduled' then 'schedule' when 'retryable' then 'retry' when 'suspended' then 'paused'
    ${producers ? "when 'available' then case when queue.paused then 'paused' end" : ''} end`,
        queued_at: 'j.inserted_at',
        not_before: 'j.scheduled_at',
        started_at: 'j.attempted_at',
        ...(producers
          ? {
              heartbeat_at: 'p.updated_at',
              // By default a producer refreshes its row every 15 seconds.
              heartbeat_interval: 'case when p.uuid is not null then 15 end',
              flag: {
                kind: `case when ${EXECUTING} and p.uuid is null then 'worker_lost' end`,
                by: "'tardy'",
                text: "'The producer that took this job is not registered any more.'",
              },
            }
          : {}),
        ended_at: 'coalesce(j.completed_at, j.discarded_at, j.cancelled_at)',
        // It is counted when a job is taken.
        attempt:
          "j.attempt + case when j.state::text in ('available', 'scheduled', 'suspended', 'retryable') then 1 else 0 end",
        workspace: 'j.queue',
        tenant,
        labels: { node: `case when ${EXECUTING} then j.attempted_by[1] end` },
      },
      statuses: STATES,
      instants: 'timestamp',
      // Its columns have no time zone, and it writes UTC into them.
      zone: 'UTC',
    };
  },
};
