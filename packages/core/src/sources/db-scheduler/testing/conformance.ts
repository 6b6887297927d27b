import { presetCase } from '../../sql/testing/preset-case.js';
import type { ConformanceCase } from '../../testing/conformance-case.js';
import { dbSchedulerPreset } from '../preset.js';

const row = {
  id: 'report/41',
  type: 'report',
  status: 'picked',
  hold: null,
  not_before: '2026-11-28 15:00:00.123456+00',
  started_at: '2026-11-28 15:00:00.123456+00',
  heartbeat_at: '2026-11-28 15:05:00+00',
  heartbeat_interval: '300',
  attempt: '1',
  label_0: '41',
  label_1: 'vm',
};
const queued = { ...row, status: 'scheduled', heartbeat_at: null, heartbeat_interval: null, label_1: null };

/** What the preset has to show. */
export const conformanceCases: readonly ConformanceCase[] = [
  await presetCase(dbSchedulerPreset, {
    kind: 'db-scheduler',
    columns: { scheduled_tasks: ['consecutive_failures'] },
    row,
    other: { ...row, id: 'report/42' },
    states: [
      [
        'picked',
        row,
        {
          id: 'report/41',
          type: 'report',
          status: 'running',
          startedAt: Date.parse('2026-11-28T15:00:00.123Z'),
          heartbeatAt: Date.parse('2026-11-28T15:05:00Z'),
          heartbeatInterval: 300_000,
          labels: { instance: '41', worker: 'vm' },
          native: { status: 'picked' },
        },
      ],
      ['due', queued, { status: 'queued', hold: undefined, startedAt: undefined }],
      ['for later', { ...queued, hold: 'schedule' }, { status: 'queued', hold: 'schedule' }],
      [
        'to be tried again',
        { ...queued, hold: 'retry', attempt: '2' },
        { status: 'queued', hold: 'retry', attempt: 2 },
      ],
    ],
    broken: [
      ['id', { ...row, id: null }],
      ['execution_time', { ...row, not_before: 'tomorrow' }],
      ['task_name', { ...row, type: '' }],
      ['last_heartbeat', { ...row, heartbeat_at: 'infinity' }],
      ['consecutive_failures', { ...row, attempt: 'many' }],
    ],
    unknownStatus: { row: { ...row, status: 'hibernating' }, native: 'hibernating' },
  }),
];
