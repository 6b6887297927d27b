import type { ConformanceCase } from '../../testing/conformance-case.js';
import { sqlSource } from '../source.js';
import { failingSecondPage, fakeDatabase } from './fake-database.js';

const row = {
  id: '9007199254740993',
  type: 'baseline_compare',
  status: 'running',
  queued_at: '2026-11-28 15:00:00+00',
  started_at: '2026-11-28 15:00:01.5+00',
  heartbeat_at: '2026-11-28 15:00:31+00',
  ended_at: null,
  tenant: '7',
  progress_processed: '12',
  progress_total: '40',
};

/** What the mapping of a table has to show. */
export const conformanceCases: readonly ConformanceCase[] = [
  {
    name: 'sql',
    source: sqlSource('app', {
      url: 'postgres://reader@database.example/app',
      table: 'operation_runs',
      fields: {
        id: 'id',
        type: 'operation',
        status: 'status',
        queued_at: 'created_at',
        started_at: 'started_at',
        heartbeat_at: 'updated_at',
        ended_at: 'completed_at',
        tenant: 'tenant_id',
        progress: { processed: "(summary_counts->>'processed')::int", total: "(summary_counts->>'total')::int" },
      },
      statuses: { queued: 'queued', running: 'running', done: 'succeeded', broken: 'failed' },
    }),
    row,
    other: { ...row, id: '9007199254740994' },
    states: [
      [
        'running',
        row,
        {
          id: '9007199254740993',
          status: 'running',
          startedAt: Date.parse('2026-11-28T15:00:01.500Z'),
          tenant: { id: '7', name: undefined },
          progress: { processed: 12, total: 40 },
        },
      ],
      [
        'queued, with the start of an earlier attempt',
        { ...row, status: 'queued' },
        { status: 'queued', startedAt: undefined },
      ],
      ['without progress', { ...row, progress_processed: null }, { progress: undefined }],
      ['broken', { ...row, status: 'broken', ended_at: '2026-11-28 16:00:00+00' }, { outcome: 'failed' }],
    ],
    broken: [
      ['id', { ...row, id: null }],
      ['started_at', { ...row, started_at: '2026-11-28 15:00:01' }],
      ['heartbeat_at', { ...row, heartbeat_at: 'soon' }],
      ['queued_at', { ...row, queued_at: '1795411423' }],
      ['operation', { ...row, type: null }],
      ['processed', { ...row, progress_processed: 'most' }],
    ],
    unknownStatus: { row: { ...row, status: 'levitating' }, native: 'levitating' },
    serve: (rows) => fakeDatabase(rows),
    cutShort: () => ({ body: undefined }),
    queries: ['/app'],
    failingSecondPage: failingSecondPage(row),
  },
];
