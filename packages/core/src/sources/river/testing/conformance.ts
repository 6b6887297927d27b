import { presetCase } from '../../sql/testing/preset-case.js';
import type { ConformanceCase } from '../../testing/conformance-case.js';
import { riverPreset } from '../preset.js';

const row = {
  id: '41',
  type: 'nightly-report',
  status: 'running',
  hold: null,
  hold_since: null,
  queued_at: '2026-11-28 15:00:00.123456+00',
  not_before: '2026-11-28 15:00:00.123456+00',
  started_at: '2026-11-28 15:00:01+00',
  ended_at: null,
  attempt: '1',
  workspace: 'default',
  flag_kind: null,
  flag_by: 'tardy',
  flag_text: 'No client works its queue any more: each reports that every 10 minutes.',
  flag_since: '2026-11-28 15:00:00+00',
  failure_message: null,
};
const queued = { ...row, status: 'available', started_at: null };

/** What the preset has to show. */
export const conformanceCases: readonly ConformanceCase[] = [
  await presetCase(riverPreset, {
    kind: 'river',
    version: '8',
    columns: { river_migration: ['line', 'version'] },
    row,
    other: { ...row, id: '42' },
    states: [
      [
        'running',
        row,
        {
          id: '41',
          type: 'nightly-report',
          status: 'running',
          queuedAt: Date.parse('2026-11-28T15:00:00.123Z'),
          startedAt: Date.parse('2026-11-28T15:00:01Z'),
          attempt: 1,
          workspace: { id: 'default', name: undefined },
          flag: undefined,
          native: { status: 'running' },
        },
      ],
      [
        'running in a queue that no client works',
        { ...row, flag_kind: 'worker_lost' },
        { flag: { kind: 'worker_lost', by: 'tardy', since: Date.parse('2026-11-28T15:00:00Z') } },
      ],
      ['available', queued, { status: 'queued', hold: undefined, startedAt: undefined }],
      ['for later', { ...queued, status: 'scheduled', hold: 'schedule' }, { status: 'queued', hold: 'schedule' }],
      [
        'to be tried again',
        { ...queued, status: 'retryable', hold: 'retry', attempt: '2', started_at: row.started_at },
        { status: 'queued', hold: 'retry', attempt: 2, startedAt: undefined },
      ],
      ['pending', { ...queued, status: 'pending', hold: 'dependency' }, { status: 'queued', hold: 'dependency' }],
      [
        'discarded',
        { ...row, status: 'discarded', ended_at: '2026-11-28 15:01:00+00', failure_message: 'boom' },
        { status: 'completed', outcome: 'failed', failure: { message: 'boom' } },
      ],
      [
        'cancelled',
        { ...row, status: 'cancelled', ended_at: '2026-11-28 15:01:00+00' },
        { status: 'completed', outcome: 'cancelled' },
      ],
    ],
    broken: [
      ['id', { ...row, id: null }],
      ['created_at', { ...row, queued_at: '2026-11-28 15:00:00' }],
      ['kind', { ...row, type: '' }],
      ['attempted_at', { ...row, started_at: 'infinity' }],
      ['attempt', { ...row, attempt: 'many' }],
    ],
    unknownStatus: { row: { ...row, status: 'hibernating' }, native: 'hibernating' },
  }),
];
