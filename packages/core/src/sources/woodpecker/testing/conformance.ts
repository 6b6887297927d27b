import { isObject, type JsonObject } from '../../reading/body.js';
import { conforming, namedSource } from '../../http/testing/named.js';
import type { ConformanceCase } from '../../testing/conformance-case.js';
import type { Server } from '../../testing/fetch.js';
import { fixture } from '../../testing/fixtures.js';
import { woodpeckerMapping } from '../mapping.js';

const valid = conforming('woodpecker');
const running = valid(fixture('woodpecker/pipeline.json'));
const createdAt = Number(running['created']) * 1000;
const startedAt = Number(running['started']) * 1000;
const LEFT_OUT = ['success', 'failure', 'error', 'killed', 'canceled', 'declined', 'skipped', 'blocked', 'created'];
const { started: _, ...notStarted } = running;

/** Woodpecker with these pipelines: it sends those that are pending or running. One of tomorrow comes with them. */
const serve =
  (rows: readonly JsonObject[]): Server =>
  () => ({ body: rows.filter((row) => !(isObject(row) && LEFT_OUT.includes(String(row['status'])))) });

/** What the mapping has to show. */
export const conformanceCases: readonly ConformanceCase[] = [
  {
    name: 'woodpecker',
    source: await namedSource('woodpecker', woodpeckerMapping, 'https://woodpecker.example'),
    row: running,
    other: valid({ ...running, number: 43, id: 4022 }),
    states: [
      [
        'running',
        running,
        {
          id: '17-42',
          type: 'repository 17',
          title: 'Build the site',
          status: 'running',
          queuedAt: createdAt,
          startedAt,
          endedAt: undefined,
          initiator: { kind: 'event', name: 'robin' },
          labels: { branch: 'main', sha: '0c0ffee0c0ffee0c0ffee0c0ffee0c0ffee0c0ff', event: 'push' },
        },
      ],
      [
        'pending',
        valid({ ...notStarted, status: 'pending' }),
        { status: 'queued', queuedAt: createdAt, startedAt: undefined },
      ],
      ['by cron', valid({ ...running, event: 'cron' }), { initiator: { kind: 'schedule', name: 'robin' } }],
      ['by hand', valid({ ...running, event: 'manual' }), { initiator: { kind: 'user', name: 'robin' } }],
    ],
    broken: [
      ['repo_id', { ...running, repo_id: null }],
      ['created', { ...running, created: 'yesterday' }],
      ['started', { ...running, started: 'yesterday' }],
      ['number', { ...running, number: null }],
    ],
    unknownStatus: { row: { ...running, status: 'hibernating' }, native: 'hibernating' },
    serve,
    emptyList: 'none',
    // Woodpecker counts nothing: a list that is cut off is no list.
    cutShort: () => ({ body: undefined }),
  },
];
