import type { Vocabulary } from '../reading/vocabulary.js';
import type { SqlPreset } from '../sql/preset.js';

/** The states of fired triggers, and of triggers whose time has come. */
const STATES: Vocabulary = {
  EXECUTING: { status: 'running' },
  ACQUIRED: { status: 'queued' },
  WAITING: { status: 'queued' },
  BLOCKED: { status: 'queued' },
  PAUSED: { status: 'queued' },
  PAUSED_BLOCKED: { status: 'queued' },
  ERROR: { status: 'queued' },
};

const NOW_MS = '(extract(epoch from now()) * 1000)::bigint';

/** The jobs of Quartz that are at work, and its triggers whose time has come. */
export const quartzPreset: SqlPreset = {
  engines: ['postgres'],
  tables: {
    qrtz_fired_triggers: [
      'sched_name',
      'entry_id',
      'trigger_name',
      'trigger_group',
      'instance_name',
      'fired_time',
      'sched_time',
      'state',
      'job_name',
      'job_group',
    ],
    qrtz_triggers: [
      'sched_name',
      'trigger_name',
      'trigger_group',
      'job_name',
      'job_group',
      'next_fire_time',
      'trigger_state',
    ],
    qrtz_scheduler_state: ['sched_name', 'instance_name', 'last_checkin_time', 'checkin_interval'],
  },
  knows: 'the columns of Quartz 2',
  runs: ({ table }, { tenant }) => {
    const fired = table('qrtz_fired_triggers');
    const schedulers = table('qrtz_scheduler_state');
    return {
      // A trigger that is at work or acquired has a fired one, which stands for it. One that fires no more has -1 as its next time.
      from: `(
  select f.sched_name || '/' || f.entry_id as id, f.sched_name, f.instance_name, f.trigger_group, f.trigger_name,
    coalesce(f.job_group, t.job_group) as job_group, coalesce(f.job_name, t.job_name) as job_name, f.state,
    case when f.state = 'EXECUTING' then f.sched_time else f.fired_time end as queued_at, f.sched_time as due_at,
    f.fired_time as started_at, true as fired
  from ${fired} f
  left join ${table('qrtz_triggers')} t
    on t.sched_name = f.sched_name and t.trigger_group = f.trigger_group and t.trigger_name = f.trigger_name
  union all
  select t.sched_name || '/' || t.trigger_group || '.' || t.trigger_name, t.sched_name, null, t.trigger_group, t.trigger_name,
    t.job_group, t.job_name, t.trigger_state, nullif(greatest(t.next_fire_time, 0), 0), nullif(greatest(t.next_fire_time, 0), 0), null, false
  from ${table('qrtz_triggers')} t
  where t.trigger_state <> 'COMPLETE'
    and (t.next_fire_time between 1 and ${NOW_MS} or t.trigger_state = 'ERROR')
    and not (t.trigger_state = 'ACQUIRED' and exists (
      select from ${fired} f
      where f.sched_name = t.sched_name and f.trigger_group = t.trigger_group and f.trigger_name = t.trigger_name
    ))
) r
left join ${schedulers} s on s.sched_name = r.sched_name and s.instance_name = r.instance_name
left join lateral (
  select f.sched_name || '/' || f.entry_id as id from ${fired} f
  where f.sched_name = r.sched_name and f.job_group = r.job_group and f.job_name = r.job_name and f.state = 'EXECUTING'
  order by f.fired_time limit 1
) busy on not r.fired and r.state in ('BLOCKED', 'PAUSED_BLOCKED')`,
      active: 'true',
      fields: {
        id: 'r.id',
        type: "case when r.job_group = 'DEFAULT' then r.job_name else r.job_group || '.' || r.job_name end",
        status: 'r.state',
        hold: `case when r.fired then null
    when r.state in ('PAUSED', 'PAUSED_BLOCKED') then 'paused'
    when busy.id is not null then 'limit' end`,
        hold_since: "case when not r.fired and (r.state like 'PAUSED%' or busy.id is not null) then r.due_at end",
        waits_for: { kind: "case when r.state = 'BLOCKED' and busy.id is not null then 'job' end", id: 'busy.id' },
        queued_at: 'r.queued_at',
        not_before: 'r.due_at',
        started_at: 'r.started_at',
        // Only the schedulers of a cluster check in.
        heartbeat_at: "case when r.state = 'EXECUTING' then s.last_checkin_time end",
        heartbeat_interval: "case when r.state = 'EXECUTING' then s.checkin_interval / 1000.0 end",
        workspace: 'r.sched_name',
        tenant,
        flag: {
          kind: `case when r.fired and r.state = 'EXECUTING' and s.instance_name is null
      and exists (select from ${schedulers} x where x.sched_name = r.sched_name) then 'worker_lost'
    when not r.fired and r.state = 'ERROR' then 'cannot_start'
    when not r.fired and (r.state = 'ACQUIRED' or r.state = 'BLOCKED' and busy.id is null) then 'orphaned' end`,
          by: "case when r.state = 'ERROR' then 'source' else 'tardy' end",
          text: `case when r.fired then 'The scheduler that fired it does not check in any more.'
    when r.state = 'ERROR' then 'Its trigger is in the state ERROR, and fires no more until that is reset.'
    when r.state = 'ACQUIRED' then 'Its trigger is acquired, but no scheduler is about to fire it.'
    else 'Its trigger waits for a job of the same kind, but none is at work.' end`,
        },
        labels: { trigger: "r.trigger_group || '.' || r.trigger_name", worker: 'r.instance_name' },
      },
      statuses: STATES,
      instants: 'epoch_ms',
    };
  },
};
