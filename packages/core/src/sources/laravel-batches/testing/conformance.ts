import { presetCase } from '../../sql/testing/preset-case.js';
import type { ConformanceCase } from '../../testing/conformance-case.js';
import { laravelBatchesPreset } from '../preset.js';

const row = {
  id: 'a355aa92-e390-4be9-adbc-df57c36da86d',
  type: 'nightly',
  status: 'unfinished',
  queued_at: '1795883293',
  started_at: '1795883293',
  progress_processed: '1',
  progress_total: '5',
  progress_failed: '0',
  progress_unit: 'jobs',
};

/** What the preset has to show. */
export const conformanceCases: readonly ConformanceCase[] = [
  await presetCase(laravelBatchesPreset, {
    kind: 'laravel-batches',
    row,
    other: { ...row, id: 'a355aa93-27bc-45b8-a6a1-f9c17cdb1fcf' },
    states: [
      [
        'unfinished',
        row,
        {
          status: 'running',
          progress: { processed: 1, total: 5, succeeded: undefined, failed: 0, skipped: undefined, unit: 'jobs' },
        },
      ],
      ['finished with failures', { ...row, status: 'finished with failures' }, { outcome: 'partially_succeeded' }],
      [
        'cancelled',
        { ...row, status: 'cancelled', ended_at: '1795883300' },
        { outcome: 'cancelled', endedAt: 1_795_883_300_000 },
      ],
    ],
    broken: [
      ['id', { ...row, id: null }],
      ['total_jobs', { ...row, progress_total: 'five' }],
      ['created_at', { ...row, started_at: '2026-11-28' }],
    ],
    unknownStatus: { row: { ...row, status: 'hibernating' }, native: 'hibernating' },
  }),
];
