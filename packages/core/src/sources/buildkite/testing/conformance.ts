import { isObject, type JsonObject } from '../../reading/body.js';
import { conforming, namedSource } from '../../http/testing/named.js';
import type { ConformanceCase } from '../../testing/conformance-case.js';
import type { Server } from '../../testing/fetch.js';
import { fixture } from '../../testing/fixtures.js';
import { buildkiteMapping } from '../mapping.js';

const URL_OF_ORGANISATION = 'https://api.buildkite.com/v2/organizations/my-great-org';
const valid = conforming('buildkite');
const passed = valid(fixture('buildkite/build.json'));
const jobs = passed['jobs'] as readonly JsonObject[];
const waitingJob = { ...jobs[0], id: 'b', state: 'scheduled', started_at: null, finished_at: null };
const running = valid({ ...passed, state: 'running', finished_at: null, jobs: [...jobs, waitingJob] });
const createdAt = Date.parse('2015-05-09T21:05:59.874Z');
const ENDED = ['passed', 'failed', 'blocked', 'canceled', 'skipped', 'not_run', 'waiting_failed'];

/** Buildkite with these builds: one state a request, `finished` for all that have ended. One of tomorrow comes with those that run. */
const serve =
  (rows: readonly JsonObject[]): Server =>
  ({ searchParams }) => {
    const wanted = searchParams.get('state');
    const known = ['creating', 'scheduled', 'running', 'failing', 'canceling', ...ENDED];
    const stateOf = (row: unknown) => {
      const state = isObject(row) ? String(row['state']) : 'running';
      return ENDED.includes(state) ? 'finished' : known.includes(state) ? state : 'running';
    };
    return { body: rows.filter((row) => stateOf(row) === wanted) };
  };

/** What the mapping has to show. */
export const conformanceCases: readonly ConformanceCase[] = [
  {
    name: 'buildkite',
    source: await namedSource('buildkite', buildkiteMapping, URL_OF_ORGANISATION),
    row: running,
    other: valid({ ...running, id: 'another', number: 2 }),
    states: [
      [
        'running',
        running,
        {
          id: 'f62a1b4d-10f9-4790-bc1c-e2c3a0c80983',
          type: 'great-pipeline',
          title: 'Bumping to version 0.2-beta.6',
          status: 'running',
          queuedAt: createdAt,
          startedAt: createdAt,
          endedAt: undefined,
          progress: { processed: 1, total: 2, unit: 'jobs' },
          initiator: { kind: 'event', name: 'Keith Pitt' },
          url: 'https://buildkite.com/my-great-org/my-pipeline/builds/1',
        },
      ],
      [
        'scheduled',
        valid({ ...running, state: 'scheduled', started_at: null }),
        { status: 'queued', startedAt: undefined },
      ],
      [
        'running before its first job was taken',
        valid({ ...running, started_at: null }),
        { status: 'running', startedAt: createdAt },
      ],
      ['waiting for a person', valid({ ...running, blocked: true }), { status: 'queued', hold: 'approval' }],
      ['being canceled', valid({ ...running, state: 'canceling' }), { status: 'running' }],
      ['by hand', valid({ ...running, source: 'ui' }), { initiator: { kind: 'user', name: 'Keith Pitt' } }],
      ['passed', passed, { outcome: 'succeeded', endedAt: createdAt }],
      ['failed', valid({ ...passed, state: 'failed' }), { outcome: 'failed' }],
      ['canceled', valid({ ...passed, state: 'canceled' }), { outcome: 'cancelled' }],
    ],
    broken: [
      ['id', { ...running, id: null }],
      ['pipeline', { ...running, pipeline: null }],
      ['scheduled_at', { ...running, scheduled_at: 'yesterday' }],
      ['started_at', { ...running, started_at: 7 }],
    ],
    unknownStatus: { row: { ...running, state: 'hibernating' }, native: 'hibernating' },
    serve,
    emptyList: 'none',
    // Buildkite counts nothing: a page that is cut off is no list.
    cutShort: () => ({ body: undefined }),
    failingSecondPage: (url) => {
      if (url.searchParams.has('page')) return { status: 500, body: {} };
      if (url.searchParams.get('state') !== 'running') return { body: [] };
      return { body: [running], headers: { link: `<${url.href}&page=2>; rel="next"` } };
    },
  },
];
