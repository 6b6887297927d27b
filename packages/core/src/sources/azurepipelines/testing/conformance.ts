import { isObject, type JsonObject } from '../../reading/body.js';
import { conforming, namedSource } from '../../http/testing/named.js';
import type { ConformanceCase } from '../../testing/conformance-case.js';
import type { Answer, Server } from '../../testing/fetch.js';
import { fixture } from '../../testing/fixtures.js';
import { azurepipelinesMapping } from '../mapping.js';

const valid = conforming('azurepipelines');
const running = valid(fixture('azurepipelines/build.json'));
const queuedAt = Date.parse('2026-11-28T11:40:02.123Z');
const endedAt = Date.parse('2026-11-28T11:52:00Z');
const { startTime: _, ...notStarted } = running;
const ended = (result?: string) =>
  valid({
    ...running,
    status: 'completed',
    finishTime: '2026-11-28T11:52:00Z',
    ...(result !== undefined && { result }),
  });

const page = (rows: readonly unknown[], next?: string): Answer => ({
  body: { count: rows.length, value: rows },
  ...(next !== undefined && { headers: { 'x-ms-continuationtoken': next } }),
});

/** A project with these builds, of which it sends those with the status of the filter. One of tomorrow comes with those in progress. */
const serve =
  (rows: readonly JsonObject[]): Server =>
  ({ pathname, searchParams }) => {
    const id = /^\/acme\/web\/_apis\/build\/builds\/(\d+)$/.exec(pathname)?.[1];
    if (id !== undefined) {
      const found = rows.find((row) => isObject(row) && String(row['id']) === id);
      return found === undefined
        ? { status: 404, body: { message: `The build ${id} was not found.` } }
        : { body: found };
    }
    const wanted = searchParams.get('statusFilter');
    const known = ['postponed', 'notStarted', 'cancelling', 'completed'];
    const filterOf = (row: unknown) => known.find((name) => isObject(row) && row['status'] === name) ?? 'inProgress';
    return page(rows.filter((row) => filterOf(row) === wanted));
  };

/** The first page of builds in progress, and what follows it. */
const then =
  (second: Answer): Server =>
  ({ searchParams }) =>
    searchParams.get('statusFilter') !== 'inProgress'
      ? page([])
      : searchParams.has('continuationToken')
        ? second
        : page([running], '2026-11-28T11:40:02.1234567Z');

/** What the mapping has to show. */
export const conformanceCases: readonly ConformanceCase[] = [
  {
    name: 'azurepipelines',
    source: await namedSource('azurepipelines', azurepipelinesMapping, 'https://dev.azure.com/acme/web'),
    row: running,
    other: valid({ ...running, id: 7043 }),
    states: [
      [
        'in progress',
        running,
        {
          id: '7042',
          type: 'web',
          title: '20261128.4',
          status: 'running',
          queuedAt,
          startedAt: Date.parse('2026-11-28T11:40:31.765Z'),
          endedAt: undefined,
          initiator: { kind: 'event', name: 'Robin' },
          labels: {
            branch: 'refs/heads/main',
            sha: '0c0ffee0c0ffee0c0ffee0c0ffee0c0ffee0c0ff',
            reason: 'individualCI',
          },
          url: 'https://dev.azure.com/acme/web/_build/results?buildId=7042',
        },
      ],
      [
        'not started',
        valid({ ...notStarted, status: 'notStarted' }),
        { status: 'queued', hold: undefined, queuedAt, startedAt: undefined },
      ],
      ['postponed', valid({ ...notStarted, status: 'postponed' }), { status: 'queued', hold: 'paused' }],
      ['being cancelled', valid({ ...running, status: 'cancelling' }), { status: 'running', endedAt: undefined }],
      ['by schedule', valid({ ...running, reason: 'schedule' }), { initiator: { kind: 'schedule', name: 'Robin' } }],
      ['by hand', valid({ ...running, reason: 'manual' }), { initiator: { kind: 'user', name: 'Robin' } }],
      ['succeeded', ended('succeeded'), { outcome: 'succeeded', endedAt }],
      ['succeeded in part', ended('partiallySucceeded'), { outcome: 'partially_succeeded' }],
      ['failed', ended('failed'), { outcome: 'failed' }],
      ['canceled', ended('canceled'), { outcome: 'cancelled' }],
      ['completed without a result', ended(), { status: 'completed', outcome: 'unknown' }],
      ['completed with none', ended('none'), { status: 'completed', outcome: 'unknown' }],
    ],
    broken: [
      ['id', { ...running, id: null }],
      ['definition', { ...running, definition: null }],
      ['queueTime', { ...running, queueTime: 'yesterday' }],
      ['startTime', { ...running, startTime: 1764330000 }],
    ],
    unknownStatus: { row: valid({ ...running, status: 'none' }), native: 'none' },
    serve,
    // A token that leads to the first page again.
    cutShort: then(page([running], '2026-11-28T11:40:02.1234567Z')),
    failingSecondPage: then({ status: 500, body: {} }),
  },
];
