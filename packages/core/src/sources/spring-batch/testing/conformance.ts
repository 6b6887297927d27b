import { presetCase } from '../../sql/testing/preset-case.js';
import type { ConformanceCase } from '../../testing/conformance-case.js';
import { springBatchPreset } from '../preset.js';

const row = {
  id: '41',
  type: 'nightly-import',
  status: 'STARTED',
  queued_at: '2026-11-28 16:00:00.123456',
  started_at: '2026-11-28 16:00:01',
  heartbeat_at: '2026-11-28 16:00:31',
  heartbeat_interval: '2.0319991250000000',
  ended_at: null,
  progress_processed: '16',
  progress_succeeded: '15',
  progress_skipped: '1',
  failure_code: null,
  failure_message: null,
};
const ended = { ...row, heartbeat_at: null, heartbeat_interval: null, ended_at: '2026-11-28 16:01:00' };

/** What the preset has to show. */
export const conformanceCases: readonly ConformanceCase[] = [
  await presetCase(springBatchPreset, {
    kind: 'spring-batch',
    config: { zone: 'Europe/Berlin' },
    row,
    other: { ...row, id: '42' },
    states: [
      [
        'STARTED',
        row,
        {
          id: '41',
          type: 'nightly-import',
          status: 'running',
          queuedAt: Date.parse('2026-11-28T15:00:00.123Z'),
          startedAt: Date.parse('2026-11-28T15:00:01Z'),
          heartbeatAt: Date.parse('2026-11-28T15:00:31Z'),
          progress: { processed: 16, succeeded: 15, skipped: 1 },
          native: { status: 'STARTED' },
        },
      ],
      ['STARTING', { ...row, status: 'STARTING', started_at: null }, { status: 'queued', startedAt: undefined }],
      ['STOPPING', { ...row, status: 'STOPPING' }, { status: 'running' }],
      [
        'FAILED',
        { ...ended, status: 'FAILED', failure_code: 'FAILED', failure_message: 'boom' },
        { status: 'completed', outcome: 'failed', failure: { code: 'FAILED', message: 'boom' } },
      ],
      ['COMPLETED', { ...ended, status: 'COMPLETED' }, { status: 'completed', outcome: 'succeeded' }],
      ['ABANDONED', { ...ended, status: 'ABANDONED' }, { status: 'completed', outcome: 'cancelled' }],
      ['UNKNOWN', { ...ended, status: 'UNKNOWN' }, { status: 'completed', outcome: 'unknown' }],
    ],
    broken: [
      ['id', { ...row, id: null }],
      ['create_time', { ...row, queued_at: 'yesterday' }],
      ['job_name', { ...row, type: '' }],
      ['last_updated', { ...row, heartbeat_at: 'infinity' }],
      ['write_count', { ...row, progress_processed: 'many' }],
    ],
    unknownStatus: { row: { ...row, status: 'RESTING' }, native: 'RESTING' },
  }),
];
