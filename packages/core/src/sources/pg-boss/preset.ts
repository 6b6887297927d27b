import type { Vocabulary } from '../reading/vocabulary.js';
import type { SqlPreset } from '../sql/preset.js';

/** The states of the enum `pgboss.job_state`. */
const STATES: Vocabulary = {
  created: { status: 'queued' },
  retry: { status: 'queued' },
  active: { status: 'running' },
  completed: { status: 'completed', outcome: 'succeeded' },
  cancelled: { status: 'completed', outcome: 'cancelled' },
  failed: { status: 'completed', outcome: 'failed' },
  // Up to version 9.
  expired: { status: 'completed', outcome: 'failed' },
};

/** The versions of its schema that this preset was written for: 10.4.2 has 24, 12.38.0 has 46. */
const OLDEST = 24;
const NEWEST = 46;

/** The jobs of pg-boss 10 to 12. */
export const pgBossPreset: SqlPreset = {
  engines: ['postgres'],
  schema: 'pgboss',
  tables: {
    job: ['id', 'name', 'state', 'retry_count', 'start_after', 'started_on', 'created_on', 'completed_on', 'output'],
    version: ['version'],
  },
  version: (table) => `select max(version)::text as version from ${table('version')}`,
  knows: `${OLDEST} to ${NEWEST}`,
  isKnown: (version) => Number(version) >= OLDEST && Number(version) <= NEWEST,
  runs: ({ table, has }, { tenant }) => {
    const limit = has('job', 'expire_seconds') ? "j.expire_seconds * interval '1 second'" : 'j.expire_in';
    const blocked = has('job', 'blocked') ? "when j.blocked then 'dependency'" : '';
    // The time of the last heartbeat is set whenever a job is taken, and again only where the queue has asked for heartbeats: for every
    // other job it says nothing.
    const beats = has('job', 'heartbeat_seconds')
      ? {
          heartbeat_at: "case when j.state = 'active' and j.heartbeat_seconds is not null then j.heartbeat_on end",
          // A worker sends one after half of that time.
          heartbeat_interval: 'j.heartbeat_seconds / 2.0',
        }
      : {};
    return {
      // Of a queue with these policies only one job, or one for each key, is at work.
      from: `${table('job')} j
left join lateral (
  select a.id from ${table('job')} a
  where j.policy in ('singleton', 'stately', 'exclusive') and a.name = j.name and a.state = 'active' and a.id <> j.id
    and coalesce(a.singleton_key, '') = coalesce(j.singleton_key, '')
  limit 1
) busy on j.state < 'active'`,
      active: "j.state <= 'active'",
      ended: { where: "j.state > 'active'", order: 'j.completed_on' },
      fields: {
        id: 'j.id',
        type: 'j.name',
        status: 'j.state',
        hold: `case when j.state < 'active' then case ${blocked}
    when busy.id is not null then 'limit'
    when j.state = 'retry' then 'retry'
    when j.start_after > j.created_on then 'schedule' end end`,
        waits_for: { kind: "case when busy.id is not null then 'job' end", id: 'busy.id' },
        queued_at: 'j.created_on',
        not_before: 'j.start_after',
        started_at: 'j.started_on',
        ...beats,
        deadline_at: `case when j.state = 'active' then j.started_on + ${limit} end`,
        ended_at: 'j.completed_on',
        // It is counted when the job is taken again.
        attempt: "j.retry_count + case when j.state = 'retry' then 2 else 1 end",
        tenant,
        failure: { message: "case when j.state = 'failed' then j.output->>'message' end" },
      },
      statuses: STATES,
      instants: 'timestamp',
    };
  },
};
