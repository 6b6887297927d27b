import { presetCase } from '../../sql/testing/preset-case.js';
import type { ConformanceCase } from '../../testing/conformance-case.js';
import { obanPreset } from '../preset.js';

const row = {
  id: '1',
  type: 'MyApp.NightlyReport',
  status: 'executing',
  queued_at: '2026-11-28 16:22:53.193993',
  not_before: '2026-11-28 16:22:53.193993',
  started_at: '2026-11-28 16:22:53.207637',
  heartbeat_at: '2026-11-28 16:22:52.138533',
  heartbeat_interval: '15',
  attempt: '1',
  workspace: 'reports',
};

/** What the preset has to show. */
export const conformanceCases: readonly ConformanceCase[] = [
  await presetCase(obanPreset, {
    kind: 'oban',
    columns: { oban_producers: ['uuid', 'updated_at', 'queue', 'meta'] },
    row,
    other: { ...row, id: '2' },
    states: [
      ['executing', row, { status: 'running', startedAt: Date.parse('2026-11-28T16:22:53.207Z') }],
      ['available', { ...row, status: 'available' }, { status: 'queued', startedAt: undefined }],
      ['suspended', { ...row, status: 'suspended', hold: 'paused' }, { status: 'queued', hold: 'paused' }],
      [
        'discarded',
        { ...row, status: 'discarded', ended_at: '2026-11-28 16:23:00' },
        { outcome: 'failed', endedAt: Date.parse('2026-11-28T16:23:00Z') },
      ],
      ['cancelled', { ...row, status: 'cancelled' }, { outcome: 'cancelled' }],
    ],
    broken: [
      ['id', { ...row, id: null }],
      ['worker', { ...row, type: null }],
      ['attempted_at', { ...row, started_at: 'soon' }],
      ['attempt', { ...row, attempt: 'many' }],
    ],
    unknownStatus: { row: { ...row, status: 'hibernating' }, native: 'hibernating' },
  }),
];
