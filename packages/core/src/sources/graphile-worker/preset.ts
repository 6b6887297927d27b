import type { Vocabulary } from '../reading/vocabulary.js';
import type { SqlPreset } from '../sql/preset.js';

/** The system keeps no status; these are what it means that a job is locked, or has no attempt left. */
const STATES: Vocabulary = {
  waiting: { status: 'queued' },
  locked: { status: 'running' },
  failed: { status: 'completed', outcome: 'failed' },
};

/** The last migration of 0.16.6. */
const KNOWN = 18;

/** The jobs of Graphile Worker 0.16. Those that succeed are deleted. */
export const graphileWorkerPreset: SqlPreset = {
  engines: ['postgres'],
  schema: 'graphile_worker',
  tables: {
    // A view of the owner. The tables below it have row security: of those, another role sees no row.
    jobs: [
      'id',
      'queue_name',
      'task_identifier',
      'run_at',
      'attempts',
      'max_attempts',
      'last_error',
      'created_at',
      'locked_at',
      'locked_by',
    ],
    migrations: ['id'],
  },
  version: (table) => `select max(id)::text as version from ${table('migrations')}`,
  knows: `migration ${KNOWN} (version 0.16)`,
  isKnown: (version) => Number(version) === KNOWN,
  runs: ({ table }, { tenant }) => ({
    // Of the jobs of a queue with a name, one is at work at a time.
    from: `${table('jobs')} j
left join lateral (
  select b.id from ${table('jobs')} b
  where b.queue_name = j.queue_name and b.locked_at is not null and b.id <> j.id
  limit 1
) busy on j.locked_at is null`,
    active: 'j.locked_at is not null or j.attempts < j.max_attempts',
    ended: { where: 'j.locked_at is null and j.attempts >= j.max_attempts', order: 'j.run_at' },
    fields: {
      id: 'j.id',
      type: 'j.task_identifier',
      status:
        "case when j.locked_at is not null then 'locked' when j.attempts < j.max_attempts then 'waiting' else 'failed' end",
      hold: `case when j.locked_at is null then case when busy.id is not null then 'limit'
    when j.attempts > 0 then 'retry' when j.run_at > j.created_at then 'schedule' end end`,
      waits_for: {
        kind: "case when busy.id is not null then 'job' end",
        id: 'busy.id',
        name: 'j.queue_name',
      },
      queued_at: 'j.created_at',
      not_before: 'j.run_at',
      started_at: 'j.locked_at',
      // Any worker takes a job again that has been locked for so long.
      deadline_at: "j.locked_at + interval '4 hours'",
      attempt: 'j.attempts + case when j.locked_at is null and j.attempts < j.max_attempts then 1 else 0 end',
      workspace: 'j.queue_name',
      tenant,
      failure: { message: 'case when j.locked_at is null and j.attempts >= j.max_attempts then j.last_error end' },
      labels: { worker: 'j.locked_by' },
    },
    statuses: STATES,
    instants: 'timestamp',
  }),
};
