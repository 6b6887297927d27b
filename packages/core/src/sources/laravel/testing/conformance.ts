import { presetCase } from '../../sql/testing/preset-case.js';
import type { ConformanceCase } from '../../testing/conformance-case.js';
import { laravelPreset } from '../preset.js';

const row = {
  id: '1',
  type: 'App\\Jobs\\NightlyReport',
  status: 'reserved',
  queued_at: '1795883289',
  not_before: '1795883289',
  started_at: '1795883290',
  deadline_at: '1795883380',
  attempt: '1',
  workspace: 'default',
};

/** What the preset has to show. */
export const conformanceCases: readonly ConformanceCase[] = [
  await presetCase(laravelPreset, {
    kind: 'laravel',
    row,
    other: { ...row, id: '2' },
    states: [
      ['reserved', row, { status: 'running', startedAt: 1_795_883_290_000, deadlineAt: 1_795_883_380_000 }],
      ['available', { ...row, status: 'available', started_at: null, deadline_at: null }, { status: 'queued' }],
      ['for later', { ...row, status: 'available', hold: 'schedule' }, { hold: 'schedule' }],
    ],
    broken: [
      ['id', { ...row, id: null }],
      ['displayName', { ...row, type: null }],
      ['reserved_at', { ...row, started_at: '1795883290000' }],
      ['attempts', { ...row, attempt: 'many' }],
    ],
    unknownStatus: { row: { ...row, status: 'hibernating' }, native: 'hibernating' },
  }),
];
