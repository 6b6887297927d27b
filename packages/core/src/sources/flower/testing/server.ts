import { isObject, type JsonObject } from '../../reading/body.js';
import { flowerSource } from '../source.js';
import type { ConformanceCase } from '../../testing/conformance-case.js';
import type { Server } from '../../testing/fetch.js';
import { fixture } from '../../testing/fixtures.js';

const ALIVE = { 'a@h1': true, 'b@h1': true };

/** A recorded task. */
export function flowerTask(file: string, id: string): JsonObject {
  return fixture(`flower/${file}`)[id] as JsonObject;
}

/** A Flower with these tasks and workers, which responds like the recorded one. */
export function flowerServer(tasks: readonly JsonObject[], workers: JsonObject = ALIVE): Server {
  const known = ['PENDING', 'RECEIVED', 'RETRY', 'SUCCESS', 'FAILURE', 'REVOKED', 'REJECTED', 'IGNORED', 'PROGRESS'];
  return (url) => {
    if (url.pathname.endsWith('/api/workers')) return { body: workers };
    // It has no result backend.
    if (url.pathname.includes('/api/task/result/')) return { status: 503, body: undefined };
    const id = /\/api\/task\/info\/(.+)$/.exec(url.pathname)?.[1];
    const found = tasks.find((task) => isObject(task) && task['uuid'] === id);
    if (id !== undefined) return found === undefined ? { status: 404, body: undefined } : { body: found };
    const state = url.searchParams.get('state');
    const held = tasks.filter((task) => {
      const own = isObject(task) ? String(task['state']) : 'STARTED';
      return own === state || (state === 'STARTED' && !known.includes(own));
    });
    const [offset, limit] = [Number(url.searchParams.get('offset')), Number(url.searchParams.get('limit'))];
    const named = held.map((task, index) => [isObject(task) ? `${String(task['uuid'])} ${index}` : `x${index}`, task]);
    return { body: Object.fromEntries(named.slice(offset, offset + limit)) as JsonObject };
  };
}

/** What Flower does not say of a wait. */
const NOBODY = { id: undefined, name: undefined, url: undefined, state: undefined };

const started = flowerTask('tasks-STARTED.json', 'a-hung');

/** A list of more than one page. */
const many: Server = (url, request) => {
  const offset = Number(url.searchParams.get('offset'));
  if (!url.pathname.endsWith('/tasks') || url.searchParams.get('state') !== 'STARTED')
    return flowerServer([])(url, request);
  const ids = Array.from({ length: offset === 0 ? 10_000 : 3 }, (_, index) => `t${index + Math.max(0, offset)}`);
  return { body: Object.fromEntries(ids.map((uuid) => [uuid, { ...started, uuid }])) };
};

/** What Flower's adapter shows to conform. */
export const flowerCase: ConformanceCase = {
  name: 'flower',
  source: flowerSource('tasks', { url: 'https://flower.example' }),
  row: started,
  other: flowerTask('tasks-STARTED.json', 'b-healthy'),
  states: [
    [
      'started',
      started,
      {
        id: 'a-hung',
        type: 'reports.nightly',
        status: 'running',
        queuedAt: 1_795_420_171_771,
        startedAt: 1_795_420_171_777,
        heartbeatAt: undefined,
        endedAt: undefined,
        attempt: 1,
        flag: undefined,
        url: 'https://flower.example/task/a-hung',
        labels: { worker: 'a@h1' },
        native: { status: 'STARTED', outcome: undefined },
      },
    ],
    ['pending', { ...started, state: 'PENDING', started: null, worker: undefined }, { status: 'queued' }],
    [
      'received, for later',
      flowerTask('tasks-RECEIVED.json', 'b-later'),
      {
        status: 'queued',
        hold: 'schedule',
        waitsFor: { ...NOBODY, kind: 'time', until: Date.parse('2026-11-23T08:49:31.784Z') },
        notBefore: Date.parse('2026-11-23T08:49:31.784Z'),
      },
    ],
    [
      'to be tried again',
      flowerTask('tasks-RETRY.json', 'b-flaky'),
      {
        status: 'queued',
        attempt: 2,
        startedAt: undefined,
        phaseAt: 1_795_420_171_829,
        hold: 'retry',
        waitsFor: { ...NOBODY, kind: 'next attempt', until: Date.parse('2026-11-23T07:59:31.811Z') },
      },
    ],
    [
      'succeeded',
      flowerTask('tasks-SUCCESS.json', 'b-quick'),
      { status: 'completed', outcome: 'succeeded', endedAt: 1_795_420_171_796 },
    ],
    [
      'failed',
      flowerTask('tasks-FAILURE.json', 'b-boom'),
      { outcome: 'failed', failure: { code: undefined, message: "ValueError('boom')" } },
    ],
    ['revoked', { ...started, state: 'REVOKED' }, { outcome: 'cancelled' }],
    ['rejected', { ...started, state: 'REJECTED' }, { outcome: 'cancelled' }],
    ['ignored', { ...started, state: 'IGNORED' }, { outcome: 'cancelled' }],
    ['nameless, since Flower came late', { ...started, name: null }, { type: 'unnamed task' }],
  ],
  broken: [
    ['uuid', { ...started, uuid: null }],
    ['name', { ...started, name: 7 }],
    ['received', { ...started, received: 'just now' }],
    ['started', { ...started, started: '2026-11-23T07:49:31' }],
    ['retries', { ...started, retries: 'two' }],
    ['eta', { ...flowerTask('tasks-RECEIVED.json', 'b-later'), eta: '2026-11-23T08:49:31' }],
    ['expires', { ...flowerTask('tasks-RECEIVED.json', 'b-later'), expires: 'soon' }],
  ],
  unknownStatus: { row: { ...started, state: 'HIBERNATING' }, native: 'HIBERNATING' },
  serve: (rows) => flowerServer(rows),
  cutShort: (url, request) => (url.searchParams.get('offset') === '9999' ? { body: {} } : many(url, request)),
  failingSecondPage: (url, request) =>
    url.searchParams.get('offset') === '9999' ? { status: 500, body: {} } : many(url, request),
};
