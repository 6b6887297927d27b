import type { Vocabulary } from '../reading/vocabulary.js';
import type { SqlPreset } from '../sql/preset.js';
import type { DbSchedulerConfig } from './config.js';

/** db-scheduler has no states: an execution is picked, or it is not. */
const STATES: Vocabulary = {
  scheduled: { status: 'queued' },
  picked: { status: 'running' },
};

/** The executions of db-scheduler. */
export const dbSchedulerPreset: SqlPreset<DbSchedulerConfig> = {
  engines: ['postgres'],
  tables: {
    scheduled_tasks: ['task_name', 'task_instance', 'execution_time', 'picked', 'picked_by', 'last_heartbeat'],
  },
  knows: 'the columns of db-scheduler 6 to 16',
  runs: ({ table, has }, { tenant, heartbeat_interval: interval = 300 }) => {
    const failures = has('scheduled_tasks', 'consecutive_failures') ? 'coalesce(j.consecutive_failures, 0)' : '0';
    return {
      from: `${table('scheduled_tasks')} j`,
      // Executions are deleted when they end, or get their next time.
      active: 'true',
      fields: {
        id: "j.task_name || '/' || j.task_instance",
        type: 'j.task_name',
        status: "case when j.picked then 'picked' else 'scheduled' end",
        hold: `case when not j.picked and j.execution_time > now() then case when ${failures} > 0 then 'retry' else 'schedule' end end`,
        not_before: 'j.execution_time',
        // When it was picked is not kept: that is soon after its time.
        started_at: 'j.execution_time',
        heartbeat_at: 'case when j.picked then j.last_heartbeat end',
        heartbeat_interval: `case when j.picked then ${interval} end`,
        attempt: `${failures} + 1`,
        tenant,
        labels: { instance: 'j.task_instance', worker: 'case when j.picked then j.picked_by end' },
      },
      statuses: STATES,
      instants: 'timestamp',
    };
  },
};
