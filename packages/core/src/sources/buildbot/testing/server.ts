import { isObject, type JsonObject } from '../../reading/body.js';
import { buildbotSource } from '../source.js';
import type { ConformanceCase } from '../../testing/conformance-case.js';
import type { Server } from '../../testing/fetch.js';
import { fixture } from '../../testing/fixtures.js';

const LISTS = {
  builds: 'builds',
  ended: 'builds',
  requests: 'buildrequests',
  'requests-after-kill9': 'buildrequests',
} as const;

/** The rows of a recorded response. */
export function buildbotRows(file: keyof typeof LISTS): readonly JsonObject[] {
  return fixture(`buildbot/v4/${file}.json`)[LISTS[file]] as readonly JsonObject[];
}

/** A master with these builds and requests, responding like the recorded one. */
export function buildbotServer(rows: readonly JsonObject[], workers = 'workers.json', size = 200): Server {
  const isRequest = (row: unknown) => isObject(row) && row['claimed'] !== undefined;
  return (url) => {
    const [what, id, sub] = url.pathname.split('/').slice(3);
    if (what === 'workers') return { body: fixture(`buildbot/v4/${workers}`) };
    if (what === 'builders') return { body: fixture('buildbot/v4/builders.json') };
    const of = (row: JsonObject) => id !== undefined && String(row['buildrequestid']) === id;
    const builds = rows.filter((row) => !isRequest(row));
    if (sub !== undefined) return { body: { builds: builds.filter(of), meta: { total: 1 } } };
    if (id !== undefined) {
      const found = rows.filter(of).map((row) => (isRequest(row) ? row : { ...row, claimed: true }));
      return found.length === 0
        ? { status: 404, body: fixture('buildbot/v4/error-no-request.json') }
        : { body: { buildrequests: found, meta: { total: 1 } } };
    }
    const complete = url.searchParams.get('complete') === 'true';
    const claimed = url.searchParams.get('claimed');
    const held = (what === 'builds' ? builds : rows.filter(isRequest)).filter(
      (row) =>
        (isObject(row) && row['complete'] === true) === complete &&
        (claimed === null || String(isObject(row) && row['claimed']) === claimed),
    );
    const offset = Number(url.searchParams.get('offset'));
    return { body: { [String(what)]: held.slice(offset, offset + size), meta: { total: held.length } } };
  };
}

const [healthy = {}, nightly = {}] = buildbotRows('builds');
const [waiting = {}] = buildbotRows('requests');
const ended = (results: number | null): JsonObject => ({
  ...healthy,
  complete: true,
  results,
  complete_at: 1_795_421_190,
});

/** What Buildbot's adapter shows to conform. */
export const buildbotApiCase: ConformanceCase = {
  name: 'buildbot',
  source: buildbotSource('ci', { url: 'https://ci.example' }),
  row: healthy,
  other: nightly,
  states: [
    [
      'building',
      healthy,
      {
        id: '3',
        type: 'healthy',
        title: 'try healthy',
        status: 'running',
        startedAt: 1_795_421_178_000,
        heartbeatAt: undefined,
        endedAt: undefined,
        flag: undefined,
        initiator: { kind: 'user', name: 'Ana <ana@example.com>' },
        url: 'https://ci.example/#/builders/1/builds/1',
        labels: { worker: 'steady' },
        native: { status: 'building', outcome: undefined },
      },
    ],
    [
      'waiting for its worker to be started',
      { ...healthy, state_string: 'preparing worker', workerid: 2 },
      {
        status: 'queued',
        phaseAt: 1_795_421_178_000,
        flag: undefined,
        native: { status: 'preparing', outcome: undefined },
      },
    ],
    [
      'waiting for a lock',
      { ...healthy, state_string: 'acquiring locks' },
      { status: 'running', hold: 'limit', native: { status: 'acquiring locks', outcome: undefined } },
    ],
    [
      'taken by a master, without a build',
      { ...waiting, builderid: 1, claimed: true, claimed_at: 1_795_421_180, claimed_by_masterid: 1 },
      {
        status: 'queued',
        phaseAt: 1_795_421_180_000,
        flag: undefined,
        native: { status: 'claimed', outcome: undefined },
      },
    ],
    [
      'not taken by any worker',
      { ...waiting, builderid: 1 },
      {
        id: '5',
        status: 'queued',
        queuedAt: 1_795_421_178_000,
        flag: undefined,
        url: 'https://ci.example/#/buildrequests/5',
      },
    ],
    [
      'not taken, since no worker of its builder is there',
      waiting,
      {
        flag: {
          kind: 'cannot_start',
          by: 'tardy',
          text: 'No worker of the builder waiting is connected.',
          since: undefined,
        },
      },
    ],
    ['success', ended(0), { status: 'completed', outcome: 'succeeded', endedAt: 1_795_421_190_000 }],
    ['warnings', ended(1), { outcome: 'partially_succeeded' }],
    [
      'failure',
      buildbotRows('ended').find(({ results }) => results === 2) ?? {},
      { outcome: 'failed', failure: { code: undefined, message: "failed 'false' (failure)" } },
    ],
    ['skipped', ended(3), { outcome: 'skipped' }],
    ['exception', ended(4), { outcome: 'failed' }],
    ['cancelled', ended(6), { outcome: 'cancelled' }],
  ],
  broken: [
    ['buildrequestid', { ...healthy, buildrequestid: null }],
    ['started_at', { ...healthy, started_at: 'just now' }],
    ['builderid', { ...healthy, builderid: null }],
    ['properties.reason', { ...healthy, properties: { reason: [7, 'Force'] } }],
  ],
  unknownStatus: { row: ended(9), native: '9' },
  serve: (rows) => buildbotServer(rows),
  cutShort: (url, request) =>
    url.pathname.endsWith('/builds') && url.searchParams.get('complete') === 'false'
      ? { body: { builds: url.searchParams.get('offset') === '0' ? [healthy] : [], meta: { total: 12 } } }
      : buildbotServer([])(url, request),
  failingSecondPage: (url, request) =>
    url.searchParams.get('offset') === '1'
      ? { status: 500, body: {} }
      : buildbotServer([healthy, nightly], 'workers.json', 1)(url, request),
};
