import { presetCase } from '../../sql/testing/preset-case.js';
import type { ConformanceCase } from '../../testing/conformance-case.js';
import { procrastinatePreset } from '../preset.js';

const row = {
  id: '1',
  type: 'nightly-report',
  status: 'doing',
  queued_at: '2026-11-28 16:22:02.430541+00',
  started_at: '2026-11-28 16:22:02.535083+00',
  heartbeat_at: '2026-11-28 16:22:02.528068+00',
  heartbeat_interval: '10',
  attempt: '1',
  workspace: 'reports',
  flag_kind: null,
  flag_by: 'tardy',
  flag_text: 'The worker of this job is not registered any more.',
};

/** What the preset has to show. */
export const conformanceCases: readonly ConformanceCase[] = [
  await presetCase(procrastinatePreset, {
    kind: 'procrastinate',
    row,
    other: { ...row, id: '2' },
    states: [
      [
        'doing',
        row,
        {
          status: 'running',
          flag: undefined,
          heartbeatInterval: 10_000,
          workspace: { id: 'reports', name: undefined },
        },
      ],
      [
        'doing without its worker',
        { ...row, flag_kind: 'worker_lost' },
        { flag: { kind: 'worker_lost', by: 'tardy', text: row.flag_text, since: undefined } },
      ],
      ['to do', { ...row, status: 'todo' }, { status: 'queued', startedAt: undefined }],
      ['aborting', { ...row, status: 'aborting' }, { status: 'running' }],
      ['aborted', { ...row, status: 'aborted' }, { outcome: 'cancelled' }],
    ],
    broken: [
      ['id', { ...row, id: null }],
      ['task_name', { ...row, type: null }],
      ['started', { ...row, started_at: '2026-11-28' }],
      ['last_heartbeat', { ...row, heartbeat_at: 'now' }],
    ],
    unknownStatus: { row: { ...row, status: 'hibernating' }, native: 'hibernating' },
  }),
];
