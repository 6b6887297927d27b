import { isObject, type JsonObject } from '../../reading/body.js';
import { conforming, namedSource } from '../../http/testing/named.js';
import type { ConformanceCase } from '../../testing/conformance-case.js';
import type { Answer, Server } from '../../testing/fetch.js';
import { fixture } from '../../testing/fixtures.js';
import { airbyteMapping } from '../mapping.js';

const valid = conforming('airbyte');
const running = valid(fixture('airbyte/job.json'));
const startedAt = Date.parse('2023-03-25T01:30:50Z');
const endedAt = Date.parse('2023-03-25T09:37:02Z');
const ended = (status: string) => valid({ ...running, status, lastUpdatedAt: '2023-03-25T09:37:02Z' });

/** The link to the next page is sent after every page that is not empty, and leads to another host. */
const page = (data: readonly unknown[]): Answer => ({
  body: { previous: '', next: data.length > 0 ? 'https://api.airbyte.com/v1/jobs?limit=5&offset=10' : '', data },
});

/** Airbyte with these jobs, of which it sends those with the status of the filter. One of tomorrow comes with those that run. */
const serve =
  (rows: readonly JsonObject[]): Server =>
  ({ pathname, searchParams }) => {
    const id = /^\/api\/public\/v1\/jobs\/(\d+)$/.exec(pathname)?.[1];
    if (id !== undefined) {
      const found = rows.find((row) => isObject(row) && String(row['jobId']) === id);
      return found === undefined
        ? { status: 404, body: { status: 404, title: 'resource-not-found' } }
        : { body: found };
    }
    const known = ['pending', 'queued', 'incomplete', 'failed', 'cancelled', 'succeeded'];
    const filterOf = (row: unknown) => known.find((name) => isObject(row) && row['status'] === name) ?? 'running';
    const held = rows.filter((row) => filterOf(row) === searchParams.get('status'));
    const offset = Number(searchParams.get('offset'));
    return page(held.slice(offset, offset + Number(searchParams.get('limit'))));
  };

const then =
  (second: Answer): Server =>
  ({ searchParams }) =>
    searchParams.get('status') !== 'running' ? page([]) : searchParams.get('offset') === '0' ? page([running]) : second;

/** What the mapping has to show. */
export const conformanceCases: readonly ConformanceCase[] = [
  {
    name: 'airbyte',
    source: await namedSource('airbyte', airbyteMapping, 'https://airbyte.example/api/public/v1'),
    row: running,
    other: valid({ ...running, jobId: 15 }),
    states: [
      [
        'running',
        running,
        {
          id: '14',
          type: 'sync 18dccc91-0ab1-4f72-9ed7-0b8fc27c5826',
          status: 'running',
          hold: undefined,
          queuedAt: startedAt,
          startedAt,
          endedAt: undefined,
          failure: undefined,
          labels: { connection: '18dccc91-0ab1-4f72-9ed7-0b8fc27c5826', job: 'sync' },
        },
      ],
      [
        'running since second 0, which Airbyte leaves out',
        valid({ ...running, startTime: '2023-03-25T01:30Z' }),
        { startedAt: Date.parse('2023-03-25T01:30:00Z') },
      ],
      [
        'pending',
        valid({ ...running, status: 'pending' }),
        { status: 'queued', hold: undefined, startedAt: undefined },
      ],
      ['queued for capacity', valid({ ...running, status: 'queued' }), { status: 'queued', hold: 'limit' }],
      ['between two attempts', valid({ ...running, status: 'incomplete' }), { status: 'running', hold: 'retry' }],
      ['succeeded', ended('succeeded'), { outcome: 'succeeded', endedAt, failure: undefined }],
      ['failed', ended('failed'), { outcome: 'failed', failure: { code: 'failed', message: undefined } }],
      ['cancelled', ended('cancelled'), { outcome: 'cancelled' }],
    ],
    broken: [
      ['jobId', { ...running, jobId: null }],
      ['connectionId', { ...running, connectionId: null }],
      ['startTime', { ...running, startTime: 1679707850 }],
    ],
    unknownStatus: { row: { ...running, status: 'hibernating' }, native: 'hibernating' },
    serve,
    cutShort: then({ body: undefined }),
    failingSecondPage: then({ status: 500, body: {} }),
  },
];
