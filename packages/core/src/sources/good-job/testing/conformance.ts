import { presetCase } from '../../sql/testing/preset-case.js';
import type { ConformanceCase } from '../../testing/conformance-case.js';
import { goodJobPreset } from '../preset.js';

const row = {
  id: '0f8f6b3e-2b1f-4a39-9a3e-5a3f7d3c1a01',
  type: 'ReportJob',
  status: 'running',
  hold: null,
  waits_for_kind: null,
  waits_for_until: null,
  queued_at: '2026-11-28 15:00:00.123456',
  not_before: '2026-11-28 15:00:00.123456',
  started_at: '2026-11-28 15:00:01',
  heartbeat_at: '2026-11-28 15:00:31',
  heartbeat_interval: '30',
  ended_at: null,
  attempt: '1',
  workspace: 'default',
  flag_kind: null,
  flag_by: 'tardy',
  flag_text: 'The process that took it is not registered any more.',
  failure_message: null,
};
const queued = { ...row, status: 'queued', started_at: null, heartbeat_at: null, heartbeat_interval: null };

/** What the preset has to show. */
export const conformanceCases: readonly ConformanceCase[] = [
  await presetCase(goodJobPreset, {
    kind: 'good-job',
    row,
    other: { ...row, id: '0f8f6b3e-2b1f-4a39-9a3e-5a3f7d3c1a02' },
    states: [
      [
        'running',
        row,
        {
          id: row.id,
          type: 'ReportJob',
          status: 'running',
          queuedAt: Date.parse('2026-11-28T15:00:00.123Z'),
          startedAt: Date.parse('2026-11-28T15:00:01Z'),
          heartbeatAt: Date.parse('2026-11-28T15:00:31Z'),
          heartbeatInterval: 30_000,
          flag: undefined,
          native: { status: 'running' },
        },
      ],
      [
        'running in a process that is gone',
        { ...row, heartbeat_at: null, heartbeat_interval: null, flag_kind: 'worker_lost' },
        { status: 'running', flag: { kind: 'worker_lost', by: 'tardy' } },
      ],
      ['queued', queued, { status: 'queued', hold: undefined, startedAt: undefined }],
      ['for later', { ...queued, status: 'scheduled', hold: 'schedule' }, { status: 'queued', hold: 'schedule' }],
      [
        'to be tried again',
        { ...queued, status: 'retried', hold: 'retry', attempt: '2', started_at: row.started_at },
        { status: 'queued', hold: 'retry', attempt: 2, startedAt: undefined },
      ],
      [
        'discarded',
        { ...row, status: 'discarded', ended_at: '2026-11-28 15:01:00', failure_message: 'boom' },
        { status: 'completed', outcome: 'failed', failure: { message: 'boom' } },
      ],
      [
        'succeeded',
        { ...row, status: 'succeeded', ended_at: '2026-11-28 15:01:00' },
        { status: 'completed', outcome: 'succeeded', endedAt: Date.parse('2026-11-28T15:01:00Z') },
      ],
    ],
    broken: [
      ['id', { ...row, id: null }],
      ['created_at', { ...row, queued_at: 'yesterday' }],
      ['job_class', { ...row, type: '' }],
      ['updated_at', { ...row, heartbeat_at: 'infinity' }],
      ['executions_count', { ...row, attempt: 'many' }],
    ],
    unknownStatus: { row: { ...row, status: 'hibernating' }, native: 'hibernating' },
  }),
];
