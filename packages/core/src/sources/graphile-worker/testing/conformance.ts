import { presetCase } from '../../sql/testing/preset-case.js';
import type { ConformanceCase } from '../../testing/conformance-case.js';
import { graphileWorkerPreset } from '../preset.js';

const row = {
  id: '1',
  type: 'nightly-report',
  status: 'locked',
  queued_at: '2026-11-28 16:21:33.886558+00',
  not_before: '2026-11-28 16:21:33.886558+00',
  started_at: '2026-11-28 16:21:33.906544+00',
  deadline_at: '2026-11-28 20:21:33.906544+00',
  attempt: '1',
  workspace: 'q1',
  label_0: 'worker-d5051b9be06fc35144',
};

/** What the preset has to show. */
export const conformanceCases: readonly ConformanceCase[] = [
  await presetCase(graphileWorkerPreset, {
    kind: 'graphile-worker',
    version: '18',
    row,
    other: { ...row, id: '2' },
    states: [
      [
        'locked',
        row,
        {
          status: 'running',
          startedAt: Date.parse('2026-11-28T16:21:33.906Z'),
          workspace: { id: 'q1', name: undefined },
        },
      ],
      ['waiting', { ...row, status: 'waiting', started_at: null }, { status: 'queued' }],
      [
        'failed',
        { ...row, status: 'failed', failure_message: 'gone' },
        { outcome: 'failed', failure: { message: 'gone' } },
      ],
    ],
    broken: [
      ['id', { ...row, id: null }],
      ['task_identifier', { ...row, type: null }],
      ['locked_at', { ...row, started_at: 'infinity' }],
      ['attempts', { ...row, attempt: 'many' }],
    ],
    unknownStatus: { row: { ...row, status: 'hibernating' }, native: 'hibernating' },
  }),
];
