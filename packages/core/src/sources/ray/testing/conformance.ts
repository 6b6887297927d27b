import type { ConformanceCase } from '../../testing/conformance-case.js';
import { raySource } from '../source.js';
import { job, rayServer } from './server.js';

const healthy = job('healthy');
const submittedAt = 1_795_872_579_309;

/** What the adapter has to show. */
export const conformanceCases: readonly ConformanceCase[] = [
  {
    name: 'ray',
    source: raySource('ray', { url: 'http://ray.example:8265' }),
    row: healthy,
    other: job('nightly'),
    states: [
      [
        'running',
        healthy,
        {
          id: 'healthy',
          type: 'sleep 3600',
          status: 'running',
          outcome: 'pending',
          startedAt: submittedAt,
          flag: undefined,
        },
      ],
      ['pending', job('needs-gpu'), { status: 'queued', startedAt: undefined, queuedAt: 1_795_872_579_973 }],
      [
        'succeeded',
        job('quick'),
        { type: 'quick-report', status: 'completed', outcome: 'succeeded', endedAt: 1_795_872_600_379 },
      ],
      [
        'failed',
        job('infeasible-task'),
        {
          outcome: 'failed',
          failure: { code: 'JOB_ENTRYPOINT_COMMAND_ERROR', message: 'Job entrypoint command failed with exit code 1' },
        },
      ],
      ['stopped', { ...healthy, status: 'STOPPED', end_time: submittedAt + 1000 }, { outcome: 'cancelled' }],
      [
        'a driver that nobody submitted',
        { ...healthy, type: 'DRIVER', submission_id: null, job_id: '05000000', entrypoint: '' },
        { id: '05000000', type: 'driver', flag: undefined },
      ],
    ],
    broken: [
      ['submission_id and job_id', { ...healthy, submission_id: null, job_id: null }],
      ['entrypoint', { ...healthy, entrypoint: 7 }],
      ['start_time', { ...healthy, start_time: 'yesterday' }],
      ['metadata', { ...healthy, metadata: 'none' }],
    ],
    unknownStatus: { row: { ...healthy, status: 'HIBERNATING' }, native: 'HIBERNATING' },
    serve: (rows) => rayServer(rows),
    // The list comes in one response; one that is cut off is no list.
    cutShort: ({ pathname }) => ({ body: pathname === '/api/version' ? { ray_version: '2.60.0' } : { jobs: [] } }),
  },
];
