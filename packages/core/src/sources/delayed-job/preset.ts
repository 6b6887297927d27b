import type { Vocabulary } from '../reading/vocabulary.js';
import type { SqlPreset } from '../sql/preset.js';

/** Delayed Job has no states: the times of a job say what it does. */
const STATES: Vocabulary = {
  queued: { status: 'queued' },
  locked: { status: 'running' },
  failed: { status: 'completed', outcome: 'failed' },
};

/** Rails writes UTC into columns without a zone. */
const LATER = "j.run_at > (now() at time zone 'UTC')";

/** What the YAML of a job begins with: the class of an object, or of a method to call later. A job of Active Job names its class. */
const TYPE = `coalesce(
    substring(j.handler from '\\n +job_class: ["'']?([A-Za-z0-9_:]+)'),
    substring(j.handler from '^---[^\\n]*PerformableMethod.*?\\nobject: !(?:ruby/\\w+:|ruby/class ["'']?)([A-Za-z0-9_:]+)') || '#' ||
      substring(j.handler from '\\nmethod_name: :(\\S+)'),
    substring(j.handler from '^--- !ruby/\\w+:([A-Za-z0-9_:]+)'),
    'unknown'
  )`;

/** The jobs of Delayed Job. */
export const delayedJobPreset: SqlPreset = {
  engines: ['postgres'],
  tables: {
    delayed_jobs: [
      'id',
      'attempts',
      'handler',
      'last_error',
      'run_at',
      'locked_at',
      'locked_by',
      'failed_at',
      'queue',
      'created_at',
    ],
  },
  knows: 'the columns of Delayed Job 4',
  runs: ({ table }, { tenant }) => ({
    from: `${table('delayed_jobs')} j`,
    active: 'j.failed_at is null',
    ended: { where: 'j.failed_at is not null', order: 'j.failed_at' },
    fields: {
      id: 'j.id',
      type: TYPE,
      status: `case when j.failed_at is not null then 'failed' when j.locked_at is not null then 'locked' else 'queued' end`,
      hold: `case when j.failed_at is null and j.locked_at is null and ${LATER} then case when j.attempts > 0 then 'retry' else 'schedule' end end`,
      queued_at: 'j.created_at',
      not_before: 'j.run_at',
      started_at: 'j.locked_at',
      ended_at: 'j.failed_at',
      // An attempt is counted when it has failed.
      attempt: 'j.attempts + case when j.failed_at is null then 1 else 0 end',
      workspace: 'j.queue',
      tenant,
      failure: { message: 'case when j.failed_at is not null then j.last_error end' },
      labels: { worker: 'j.locked_by' },
    },
    statuses: STATES,
    instants: 'timestamp',
    zone: 'UTC',
  }),
};
