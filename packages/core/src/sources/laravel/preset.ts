import type { Vocabulary } from '../reading/vocabulary.js';
import type { Engine } from '../sql/engine.js';
import type { SqlPreset } from '../sql/preset.js';
import type { LaravelConfig } from './config.js';

/** Laravel keeps no status: a job that a worker has taken is reserved. */
const STATES: Vocabulary = { available: { status: 'queued' }, reserved: { status: 'running' } };

/** `retry_after` in the config that a new app has, in seconds. */
const RETRY_AFTER = 90;

/** The jobs of the driver `database`. Those that end are deleted, or move to `failed_jobs`. */
export const laravelPreset: SqlPreset<LaravelConfig> = {
  engines: ['postgres', 'mysql', 'sqlite'],
  tables: { jobs: ['id', 'queue', 'payload', 'attempts', 'reserved_at', 'available_at', 'created_at'] },
  knows: 'the table of Laravel 5.3 and later',
  runs: ({ engine, table }, { tenant, retry_after: retryAfter = RETRY_AFTER }) => ({
    from: `${table('jobs')} j`,
    active: '1 = 1',
    fields: {
      id: 'j.id',
      type: `coalesce(${payload(engine, 'displayName')}, j.queue)`,
      status: "case when j.reserved_at is null then 'available' else 'reserved' end",
      hold: `case when j.reserved_at is not null then null when j.attempts > 0 then 'retry'
    when j.available_at > j.created_at then 'schedule' end`,
      queued_at: 'j.created_at',
      not_before: 'j.available_at',
      started_at: 'j.reserved_at',
      // From then on any worker takes the job again.
      deadline_at: `j.reserved_at + ${retryAfter}`,
      // It is counted when a job is taken.
      attempt: 'j.attempts + case when j.reserved_at is null then 1 else 0 end',
      workspace: 'j.queue',
      tenant,
    },
    statuses: STATES,
    instants: 'epoch_s',
  }),
};

function payload(engine: Engine, key: string): string {
  switch (engine) {
    case 'postgres':
      return `j.payload::jsonb->>'${key}'`;
    case 'mysql':
      return `json_unquote(json_extract(j.payload, '$.${key}'))`;
    case 'sqlite':
    case 'duckdb':
      return `json_extract(j.payload, '$.${key}')`;
  }
}
