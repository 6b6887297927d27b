import { presetCase } from '../../sql/testing/preset-case.js';
import type { ConformanceCase } from '../../testing/conformance-case.js';
import { hangfirePreset } from '../preset.js';

const row = {
  id: '41',
  type: 'Shop.ReportJob.Run',
  status: 'Processing',
  hold: null,
  waits_for_kind: null,
  waits_for_id: null,
  waits_for_state: null,
  queued_at: '2026-11-28 15:00:00.123456+00',
  not_before: null,
  started_at: '2026-11-28 15:00:01+00',
  heartbeat_at: '2026-11-28 15:00:31+00',
  heartbeat_interval: '30',
  ended_at: null,
  attempt: '1',
  workspace: 'default',
  flag_kind: null,
  flag_by: 'tardy',
  flag_text: 'The job after which it is to run does not exist any more.',
  failure_message: null,
};
const queued = { ...row, status: 'Enqueued', started_at: null, heartbeat_at: null, heartbeat_interval: null };

/** What the preset has to show. */
export const conformanceCases: readonly ConformanceCase[] = [
  await presetCase(hangfirePreset, {
    kind: 'hangfire',
    version: '23',
    row,
    other: { ...row, id: '42' },
    states: [
      [
        'Processing',
        row,
        {
          id: '41',
          type: 'Shop.ReportJob.Run',
          status: 'running',
          queuedAt: Date.parse('2026-11-28T15:00:00.123Z'),
          startedAt: Date.parse('2026-11-28T15:00:01Z'),
          heartbeatAt: Date.parse('2026-11-28T15:00:31Z'),
          heartbeatInterval: 30_000,
          flag: undefined,
          native: { status: 'Processing' },
        },
      ],
      [
        'Processing on a server that is gone',
        { ...row, heartbeat_at: null, heartbeat_interval: null, flag_kind: 'worker_lost' },
        { status: 'running', flag: { kind: 'worker_lost', by: 'tardy' } },
      ],
      ['Enqueued', queued, { status: 'queued', hold: undefined }],
      ['Scheduled', { ...queued, status: 'Scheduled', hold: 'schedule' }, { status: 'queued', hold: 'schedule' }],
      [
        'Awaiting',
        { ...queued, status: 'Awaiting', hold: 'dependency', waits_for_kind: 'job', waits_for_id: '40' },
        { hold: 'dependency', waitsFor: { kind: 'job', id: '40' } },
      ],
      [
        'Failed',
        { ...row, status: 'Failed', ended_at: '2026-11-28 15:01:00+00', failure_message: 'boom' },
        { status: 'completed', outcome: 'failed', failure: { message: 'boom' } },
      ],
      [
        'Deleted',
        { ...row, status: 'Deleted', ended_at: '2026-11-28 15:01:00+00' },
        { status: 'completed', outcome: 'cancelled' },
      ],
    ],
    broken: [
      ['id', { ...row, id: null }],
      ['createdat', { ...row, queued_at: '2026-11-28 15:00:00' }],
      ['invocationdata', { ...row, type: '' }],
      ['lastheartbeat', { ...row, heartbeat_at: 'infinity' }],
      ['value', { ...row, attempt: 'many' }],
    ],
    unknownStatus: { row: { ...row, status: 'Throttled' }, native: 'Throttled' },
  }),
];
