import type { Vocabulary } from '../reading/vocabulary.js';
import type { SqlPreset } from '../sql/preset.js';

/** The states of the enum `river_job_state`. */
const STATES: Vocabulary = {
  available: { status: 'queued' },
  scheduled: { status: 'queued' },
  retryable: { status: 'queued' },
  pending: { status: 'queued' },
  running: { status: 'running' },
  completed: { status: 'completed', outcome: 'succeeded' },
  cancelled: { status: 'completed', outcome: 'cancelled' },
  discarded: { status: 'completed', outcome: 'failed' },
};

/** The versions of its migrations that this preset was written for: the first with queues in a table, and that of River 0.51. */
const OLDEST = 4;
const NEWEST = 8;

/** Each client sets the time of the queues that it works every 10 minutes; three times that is no coincidence. */
const SILENT = "q.updated_at < now() - interval '30 minutes'";

/** The jobs of River. */
export const riverPreset: SqlPreset = {
  engines: ['postgres'],
  tables: {
    river_job: [
      'id',
      'state',
      'attempt',
      'attempted_at',
      'created_at',
      'finalized_at',
      'scheduled_at',
      'errors',
      'kind',
      'queue',
    ],
    river_queue: ['name', 'paused_at', 'updated_at'],
  },
  // Those who migrate by a tool of their own do not have it.
  optionalTables: ['river_migration'],
  version: (table, has) =>
    has('river_migration')
      ? `select max(version)::text as version from ${table('river_migration')}${has('river_migration', 'line') ? " where line = 'main'" : ''}`
      : undefined,
  knows: `${OLDEST} to ${NEWEST}`,
  isKnown: (version) => version === undefined || (Number(version) >= OLDEST && Number(version) <= NEWEST),
  runs: ({ table }, { tenant }) => ({
    from: `${table('river_job')} j\nleft join ${table('river_queue')} q on q.name = j.queue`,
    active: 'j.finalized_at is null',
    ended: { where: 'j.finalized_at is not null', order: 'j.finalized_at' },
    fields: {
      id: 'j.id',
      type: 'j.kind',
      status: 'j.state',
      // A job that is not due would wait in a queue that is not paused as well.
      hold: `case when j.state::text = 'pending' then 'dependency'
    when j.state = 'running' then null
    when q.paused_at is not null and j.scheduled_at <= now() then 'paused'
    when j.state = 'retryable' then 'retry'
    when j.state = 'scheduled' then 'schedule' end`,
      hold_since: `case when q.paused_at is not null and j.state in ('available', 'scheduled', 'retryable') and j.scheduled_at <= now()
    then greatest(q.paused_at, j.scheduled_at) end`,
      queued_at: 'j.created_at',
      not_before: 'j.scheduled_at',
      started_at: 'j.attempted_at',
      ended_at: 'j.finalized_at',
      // It is counted when the job is taken.
      attempt: "j.attempt + case when j.finalized_at is null and j.state <> 'running' then 1 else 0 end",
      workspace: 'j.queue',
      tenant,
      flag: {
        kind: `case when j.state = 'running' and ${SILENT} then 'worker_lost' end`,
        by: "'tardy'",
        text: "'No client works its queue any more: each reports that every 10 minutes.'",
        since: 'q.updated_at',
      },
      failure: { message: "case when j.state = 'discarded' then j.errors[array_upper(j.errors, 1)]->>'error' end" },
    },
    statuses: STATES,
    instants: 'timestamp',
  }),
};
