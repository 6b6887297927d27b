import type { Vocabulary } from '../reading/vocabulary.js';
import type { SqlPreset } from '../sql/preset.js';

/** The states of Hangfire itself; an extension may add some. */
const STATES: Vocabulary = {
  Enqueued: { status: 'queued' },
  Scheduled: { status: 'queued' },
  Awaiting: { status: 'queued' },
  Processing: { status: 'running' },
  Succeeded: { status: 'completed', outcome: 'succeeded' },
  Failed: { status: 'completed', outcome: 'failed' },
  Deleted: { status: 'completed', outcome: 'cancelled' },
};

/** The versions of its schema that this preset was written for: from the one with JSON on. */
const OLDEST = 20;
const NEWEST = 23;

const ENDED = "j.statename in ('Succeeded', 'Failed', 'Deleted')";
const RETRIES = "case when t.value ~ '^\\d{1,9}$' then t.value::int else 0 end";

/** The jobs of Hangfire. */
export const hangfirePreset: SqlPreset = {
  engines: ['postgres'],
  schema: 'hangfire',
  tables: {
    job: ['id', 'stateid', 'statename', 'invocationdata', 'createdat'],
    state: ['id', 'createdat', 'data'],
    server: ['id', 'lastheartbeat'],
    jobqueue: ['jobid', 'queue'],
    jobparameter: ['jobid', 'name', 'value'],
    schema: ['version'],
  },
  version: (table) => `select max(version)::text as version from ${table('schema')}`,
  knows: `${OLDEST} to ${NEWEST}`,
  isKnown: (version) => Number(version) >= OLDEST && Number(version) <= NEWEST,
  runs: ({ table }, { tenant }) => ({
    // A job may be in a queue more than once, and no join may repeat its row.
    from: `${table('job')} j
left join ${table('state')} s on s.id = j.stateid
left join ${table('server')} v on j.statename = 'Processing' and v.id = s.data->>'ServerId'
left join lateral (select x.value from ${table('jobparameter')} x where x.jobid = j.id and x.name = 'RetryCount' limit 1) t on true
left join lateral (select x.queue from ${table('jobqueue')} x where x.jobid = j.id limit 1) q on true
left join ${table('job')} parent on j.statename = 'Awaiting' and parent.id = ${numberIn('ParentId')}`,
    // A job without a state is not there yet: Hangfire deletes those whose making was interrupted.
    active: `j.statename is not null and not ${ENDED}`,
    ended: { where: ENDED, order: 's.createdat' },
    fields: {
      id: 'j.id',
      type: `concat_ws('.', split_part(coalesce(j.invocationdata->>'Type', j.invocationdata->>'t'), ',', 1),
    coalesce(j.invocationdata->>'Method', j.invocationdata->>'m'))`,
      status: 'j.statename',
      hold: `case j.statename when 'Awaiting' then 'dependency'
    when 'Scheduled' then case when ${RETRIES} > 0 then 'retry' else 'schedule' end end`,
      waits_for: {
        kind: "case when j.statename = 'Awaiting' and parent.id is not null then 'job' end",
        id: 'parent.id',
        state: 'parent.statename',
      },
      queued_at: 'j.createdat',
      not_before: `case when j.statename = 'Scheduled' then ${instantIn('EnqueueAt')} else ${instantIn('EnqueuedAt')} end`,
      started_at: "case when j.statename = 'Processing' then s.createdat end",
      heartbeat_at: 'v.lastheartbeat',
      heartbeat_interval: 'case when v.id is not null then 30 end',
      ended_at: `case when ${ENDED} then s.createdat end`,
      attempt: `${RETRIES} + 1`,
      workspace: "coalesce(q.queue, s.data->>'Queue')",
      tenant,
      flag: {
        kind: `case when j.statename = 'Processing' and v.id is null then 'worker_lost'
    when j.statename = 'Awaiting' and s.data ? 'ParentId' and parent.id is null then 'cannot_start' end`,
        by: "'tardy'",
        text: `case when j.statename = 'Processing' then 'The server that took it is not registered any more.'
    else 'The job after which it is to run does not exist any more.' end`,
      },
      failure: { message: "case when j.statename = 'Failed' then s.data->>'ExceptionMessage' end" },
    },
    statuses: STATES,
    instants: 'timestamp',
  }),
};

/** Another text is no number, and would end the query. */
function numberIn(key: string): string {
  return `case when s.data->>'${key}' ~ '^\\d{1,18}$' then (s.data->>'${key}')::bigint end`;
}

/** Since Hangfire 1.7 times are milliseconds where the app asks for its compatibility level, else ISO 8601. */
function instantIn(key: string): string {
  return `case when s.data->>'${key}' ~ '^\\d{12,14}$' then to_timestamp((s.data->>'${key}')::numeric / 1000)
    when s.data->>'${key}' ~ '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d' then (s.data->>'${key}')::timestamptz end`;
}
