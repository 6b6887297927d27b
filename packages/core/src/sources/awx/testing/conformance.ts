import { isObject, type JsonObject } from '../../reading/body.js';
import { conforming, namedSource } from '../../http/testing/named.js';
import type { ConformanceCase } from '../../testing/conformance-case.js';
import type { Answer, Server } from '../../testing/fetch.js';
import { fixture } from '../../testing/fixtures.js';
import { awxMapping } from '../mapping.js';

const valid = conforming('awx');
const published = valid(fixture('awx/job.json'));
const running = valid({ ...published, status: 'running', finished: null });
const createdAt = Date.parse('2017-04-21T14:24:45.786Z');

const page = (rows: readonly unknown[], count: number, next: string | null): Answer => ({
  body: { count, next, previous: null, results: rows },
});

/** AWX with these jobs, of which it sends those with a status of the filter; one of tomorrow comes with those that are active. */
const serve =
  (rows: readonly JsonObject[]): Server =>
  ({ searchParams }) => {
    const wanted = searchParams.get('status__in')?.split(',') ?? [];
    const ended = ['successful', 'failed', 'error', 'canceled'];
    const held = rows.filter((row) => {
      const status = isObject(row) ? String(row['status']) : 'running';
      return ended.includes(status) ? wanted.includes(status) : wanted.includes('running');
    });
    return page(held, held.length, null);
  };

/** What the mapping has to show. */
export const conformanceCases: readonly ConformanceCase[] = [
  {
    name: 'awx',
    source: await namedSource('awx', awxMapping, 'https://awx.example'),
    row: running,
    other: valid({ ...running, id: 187 }),
    states: [
      [
        'running',
        running,
        {
          id: '186',
          type: 'Workflow-test',
          status: 'running',
          queuedAt: createdAt,
          startedAt: Date.parse('2017-04-21T14:24:45.941Z'),
          endedAt: undefined,
          failure: undefined,
          initiator: { kind: 'user', name: 'admin' },
          labels: { type: 'workflow_job' },
        },
      ],
      ...['new', 'pending', 'waiting'].map(
        (status) =>
          [status, valid({ ...running, status, started: null }), { status: 'queued', queuedAt: createdAt }] as const,
      ),
      [
        'on a node',
        valid({ ...running, execution_node: 'awx-task-0' }),
        { labels: { type: 'workflow_job', node: 'awx-task-0' } },
      ],
      [
        'started by a schedule',
        valid({ ...running, launch_type: 'scheduled' }),
        { initiator: { kind: 'schedule', name: 'admin' } },
      ],
      ['successful', published, { outcome: 'succeeded', failure: undefined }],
      [
        'in error',
        valid({ ...published, status: 'error', failed: true, job_explanation: 'Job terminated due to error' }),
        { outcome: 'failed', failure: { code: 'error', message: 'Job terminated due to error' } },
      ],
      ['canceled', valid({ ...published, status: 'canceled' }), { outcome: 'cancelled' }],
    ],
    broken: [
      ['id', { ...running, id: null }],
      ['name', { ...running, name: null }],
      ['created', { ...running, created: 'yesterday' }],
      ['started', { ...running, started: 7 }],
    ],
    unknownStatus: { row: { ...running, status: 'hibernating' }, native: 'hibernating' },
    serve,
    cutShort: () => page([running], 12, null),
    failingSecondPage: ({ searchParams }) =>
      searchParams.has('page') ? { status: 500, body: {} } : page([running], 2, '/api/v2/unified_jobs/?page=2'),
  },
];
