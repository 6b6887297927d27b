import { presetCase } from '../../sql/testing/preset-case.js';
import type { ConformanceCase } from '../../testing/conformance-case.js';
import { delayedJobPreset } from '../preset.js';

const row = {
  id: '41',
  type: 'NightlyReport',
  status: 'locked',
  hold: null,
  queued_at: '2026-11-28 15:00:00.123456',
  not_before: '2026-11-28 15:00:00.123456',
  started_at: '2026-11-28 15:00:01',
  ended_at: null,
  attempt: '1',
  workspace: 'reports',
  failure_message: null,
  label_0: 'host:vm pid:4711',
};
const queued = { ...row, status: 'queued', started_at: null, label_0: null };

/** What the preset has to show. */
export const conformanceCases: readonly ConformanceCase[] = [
  await presetCase(delayedJobPreset, {
    kind: 'delayed-job',
    row,
    other: { ...row, id: '42' },
    states: [
      [
        'locked',
        row,
        {
          id: '41',
          type: 'NightlyReport',
          status: 'running',
          queuedAt: Date.parse('2026-11-28T15:00:00.123Z'),
          startedAt: Date.parse('2026-11-28T15:00:01Z'),
          attempt: 1,
          labels: { worker: 'host:vm pid:4711' },
          native: { status: 'locked' },
        },
      ],
      ['queued', queued, { status: 'queued', hold: undefined, startedAt: undefined }],
      ['for later', { ...queued, hold: 'schedule' }, { status: 'queued', hold: 'schedule' }],
      [
        'to be tried again',
        { ...queued, hold: 'retry', attempt: '2' },
        { status: 'queued', hold: 'retry', attempt: 2 },
      ],
      [
        'failed',
        { ...row, status: 'failed', ended_at: '2026-11-28 15:01:00', failure_message: 'boom' },
        { status: 'completed', outcome: 'failed', failure: { message: 'boom' } },
      ],
    ],
    broken: [
      ['id', { ...row, id: null }],
      ['created_at', { ...row, queued_at: 'yesterday' }],
      ['handler', { ...row, type: '' }],
      ['locked_at', { ...row, started_at: 'infinity' }],
      ['attempts', { ...row, attempt: 'many' }],
    ],
    unknownStatus: { row: { ...row, status: 'hibernating' }, native: 'hibernating' },
  }),
];
