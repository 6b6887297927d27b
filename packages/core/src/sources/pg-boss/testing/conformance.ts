import type { ConformanceCase } from '../../testing/conformance-case.js';
import { presetCase } from '../../sql/testing/preset-case.js';
import { pgBossPreset } from '../preset.js';

const row = {
  id: '0f8f6b3e-2b1f-4a39-9a3e-5a3f7d3c1a01',
  type: 'nightly-report',
  status: 'active',
  hold: null,
  waits_for_kind: null,
  waits_for_id: null,
  queued_at: '2026-11-28 15:00:00.123456+00',
  not_before: '2026-11-28 15:00:00.123456+00',
  started_at: '2026-11-28 15:00:01+00',
  heartbeat_at: '2026-11-28 15:00:31+00',
  heartbeat_interval: '30.0000000000000000',
  deadline_at: '2026-11-28 17:00:01+00',
  ended_at: null,
  attempt: '1',
  failure_message: null,
};
const queued = { ...row, status: 'created', started_at: null, heartbeat_at: null, deadline_at: null };

/** What the preset has to show. */
export const conformanceCases: readonly ConformanceCase[] = [
  await presetCase(pgBossPreset, {
    kind: 'pg-boss',
    version: '46',
    columns: { job: ['expire_seconds', 'heartbeat_seconds', 'blocked'] },
    row,
    other: { ...row, id: '0f8f6b3e-2b1f-4a39-9a3e-5a3f7d3c1a02' },
    states: [
      [
        'active',
        row,
        {
          id: row.id,
          type: 'nightly-report',
          status: 'running',
          queuedAt: Date.parse('2026-11-28T15:00:00.123Z'),
          startedAt: Date.parse('2026-11-28T15:00:01Z'),
          heartbeatAt: Date.parse('2026-11-28T15:00:31Z'),
          heartbeatInterval: 30_000,
          deadlineAt: Date.parse('2026-11-28T17:00:01Z'),
          attempt: 1,
          native: { status: 'active' },
        },
      ],
      ['created', queued, { status: 'queued', hold: undefined, startedAt: undefined }],
      ['for later', { ...queued, hold: 'schedule' }, { status: 'queued', hold: 'schedule' }],
      [
        'behind another job',
        { ...queued, hold: 'limit', waits_for_kind: 'job', waits_for_id: 'a' },
        { hold: 'limit', waitsFor: { kind: 'job', id: 'a' } },
      ],
      [
        'to be tried again',
        { ...queued, status: 'retry', hold: 'retry', attempt: '2', started_at: row.started_at },
        { status: 'queued', hold: 'retry', attempt: 2, startedAt: undefined },
      ],
      [
        'failed',
        { ...row, status: 'failed', ended_at: '2026-11-28 15:01:00+00', failure_message: 'boom' },
        {
          status: 'completed',
          outcome: 'failed',
          failure: { message: 'boom' },
          endedAt: Date.parse('2026-11-28T15:01:00Z'),
        },
      ],
    ],
    broken: [
      ['id', { ...row, id: null }],
      ['created_on', { ...row, queued_at: '2026-11-28 15:00:00' }],
      ['name', { ...row, type: '' }],
      ['started_on', { ...row, started_at: 'infinity' }],
      ['retry_count', { ...row, attempt: 'many' }],
    ],
    unknownStatus: { row: { ...row, status: 'hibernating' }, native: 'hibernating' },
  }),
];
