import { presetCase } from '../../sql/testing/preset-case.js';
import type { ConformanceCase } from '../../testing/conformance-case.js';
import { solidQueuePreset } from '../preset.js';

const row = {
  id: '9007199254740993',
  type: 'ReportJob',
  status: 'claimed',
  hold: null,
  hold_since: null,
  waits_for_kind: null,
  waits_for_id: null,
  waits_for_until: null,
  queued_at: '2026-11-28 15:00:00.123456',
  not_before: '2026-11-28 15:00:00.123456',
  started_at: '2026-11-28 15:00:01',
  heartbeat_at: '2026-11-28 15:00:31',
  heartbeat_interval: '60',
  ended_at: null,
  attempt: '1',
  workspace: 'default',
  flag_kind: null,
  flag_by: 'tardy',
  flag_text: 'It is in no table from which Solid Queue takes jobs.',
  failure_message: null,
};
const queued = { ...row, status: 'ready', started_at: null, heartbeat_at: null, heartbeat_interval: null };

/** What the preset has to show. */
export const conformanceCases: readonly ConformanceCase[] = [
  await presetCase(solidQueuePreset, {
    kind: 'solid-queue',
    row,
    other: { ...row, id: '9007199254740994' },
    states: [
      [
        'claimed',
        row,
        {
          id: '9007199254740993',
          type: 'ReportJob',
          status: 'running',
          queuedAt: Date.parse('2026-11-28T15:00:00.123Z'),
          startedAt: Date.parse('2026-11-28T15:00:01Z'),
          heartbeatAt: Date.parse('2026-11-28T15:00:31Z'),
          heartbeatInterval: 60_000,
          flag: undefined,
          native: { status: 'claimed' },
        },
      ],
      [
        'claimed by a process that is gone',
        { ...row, heartbeat_at: null, heartbeat_interval: null, flag_kind: 'worker_lost' },
        { status: 'running', flag: { kind: 'worker_lost', by: 'tardy' } },
      ],
      ['ready', queued, { status: 'queued', hold: undefined, startedAt: undefined }],
      ['for later', { ...queued, status: 'scheduled', hold: 'schedule' }, { status: 'queued', hold: 'schedule' }],
      [
        'blocked',
        { ...queued, status: 'blocked', hold: 'limit', waits_for_kind: 'semaphore', waits_for_id: 'acme' },
        { hold: 'limit', waitsFor: { kind: 'semaphore', id: 'acme' } },
      ],
      [
        'failed',
        { ...row, status: 'failed', ended_at: '2026-11-28 15:01:00', failure_message: 'boom' },
        { status: 'completed', outcome: 'failed', failure: { message: 'boom' } },
      ],
      [
        'finished',
        { ...row, status: 'finished', ended_at: '2026-11-28 15:01:00' },
        { status: 'completed', outcome: 'succeeded', endedAt: Date.parse('2026-11-28T15:01:00Z') },
      ],
    ],
    broken: [
      ['id', { ...row, id: null }],
      ['created_at', { ...row, queued_at: 'yesterday' }],
      ['class_name', { ...row, type: '' }],
      ['last_heartbeat_at', { ...row, heartbeat_at: 'infinity' }],
      ['executions', { ...row, attempt: 'many' }],
    ],
    unknownStatus: { row: { ...row, status: 'hibernating' }, native: 'hibernating' },
  }),
];
