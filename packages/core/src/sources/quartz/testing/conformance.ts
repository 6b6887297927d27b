import { presetCase } from '../../sql/testing/preset-case.js';
import type { ConformanceCase } from '../../testing/conformance-case.js';
import { quartzPreset } from '../preset.js';

const row = {
  id: 'app/vm17958849859471795884985818',
  type: 'report',
  status: 'EXECUTING',
  hold: null,
  hold_since: null,
  waits_for_kind: null,
  waits_for_id: null,
  queued_at: '1795884987168',
  not_before: '1795884987168',
  started_at: '1795884988035',
  heartbeat_at: '1795884995733',
  heartbeat_interval: '7.5000000000000000',
  workspace: 'app',
  flag_kind: null,
  flag_by: 'tardy',
  flag_text: 'The scheduler that fired it does not check in any more.',
  label_0: 'DEFAULT.report',
  label_1: 'vm1795884985947',
};
const queued = {
  ...row,
  id: 'app/DEFAULT.report',
  status: 'WAITING',
  started_at: null,
  heartbeat_at: null,
  heartbeat_interval: null,
  label_1: null,
};

/** What the preset has to show. */
export const conformanceCases: readonly ConformanceCase[] = [
  await presetCase(quartzPreset, {
    kind: 'quartz',
    row,
    other: { ...row, id: 'app/vm17958849859471795884985819' },
    states: [
      [
        'EXECUTING',
        row,
        {
          id: row.id,
          type: 'report',
          status: 'running',
          queuedAt: 1795884987168,
          startedAt: 1795884988035,
          heartbeatAt: 1795884995733,
          heartbeatInterval: 7_500,
          flag: undefined,
          labels: { trigger: 'DEFAULT.report', worker: 'vm1795884985947' },
          native: { status: 'EXECUTING' },
        },
      ],
      [
        'EXECUTING on a scheduler that is gone',
        { ...row, heartbeat_at: null, heartbeat_interval: null, flag_kind: 'worker_lost' },
        { status: 'running', flag: { kind: 'worker_lost', by: 'tardy' } },
      ],
      ['WAITING', queued, { status: 'queued', hold: undefined, startedAt: undefined }],
      ['PAUSED', { ...queued, status: 'PAUSED', hold: 'paused' }, { status: 'queued', hold: 'paused' }],
      [
        'BLOCKED',
        { ...queued, status: 'BLOCKED', hold: 'limit', waits_for_kind: 'job', waits_for_id: 'app/a' },
        { hold: 'limit', waitsFor: { kind: 'job', id: 'app/a' } },
      ],
      [
        'ERROR',
        { ...queued, status: 'ERROR', flag_kind: 'cannot_start', flag_by: 'source' },
        { status: 'queued', flag: { kind: 'cannot_start', by: 'source' } },
      ],
    ],
    broken: [
      ['id', { ...row, id: null }],
      ['sched_time', { ...row, queued_at: 'soon' }],
      ['job_name', { ...row, type: '' }],
      ['last_checkin_time', { ...row, heartbeat_at: '1795884995' }],
      ['fired_time', { ...row, started_at: '-5' }],
    ],
    unknownStatus: { row: { ...row, status: 'HIBERNATING' }, native: 'HIBERNATING' },
  }),
];
