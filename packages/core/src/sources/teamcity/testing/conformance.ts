import { isObject, type JsonObject } from '../../reading/body.js';
import { conforming, namedSource } from '../../http/testing/named.js';
import type { ConformanceCase } from '../../testing/conformance-case.js';
import type { Answer, Server } from '../../testing/fetch.js';
import { fixture } from '../../testing/fixtures.js';
import { teamcityMapping } from '../mapping.js';

const valid = conforming('teamcity');
const running = valid(fixture('teamcity/build.json'));
const queuedAt = Date.parse('2026-11-28T11:40:02Z');
const endedAt = Date.parse('2026-11-28T11:52:00Z');
const { number: _n, status: _s, statusText: _t, startDate: _d, agent: _a, 'running-info': _i, ...base } = running;
const queued = (waitReason: string, more: JsonObject = {}) => valid({ ...base, state: 'queued', waitReason, ...more });
const ended = (status: string, statusText: string) =>
  valid({
    ...base,
    state: 'finished',
    status,
    statusText,
    startDate: '20261128T114031+0000',
    finishDate: '20261128T115200+0000',
  });

const page = (rows: readonly unknown[], nextHref?: string): Answer => ({
  body: { count: rows.length, ...(nextHref !== undefined && { nextHref }), build: rows },
});

/** TeamCity with these builds. One of tomorrow comes with those that have not ended. */
const serve =
  (rows: readonly JsonObject[]): Server =>
  ({ pathname, searchParams }) => {
    const id = /^\/app\/rest\/builds\/id:(\d+)$/.exec(pathname)?.[1];
    if (id !== undefined) {
      const found = rows.find((row) => isObject(row) && String(row['id']) === id);
      return found === undefined
        ? { status: 404, body: { errors: [{ message: `No build found by locator 'id:${id}'.` }] } }
        : { body: found };
    }
    const finished = searchParams.get('locator')?.startsWith('state:finished,') === true;
    return page(rows.filter((row) => (isObject(row) && row['state'] === 'finished') === finished));
  };

const then =
  (second: Answer): Server =>
  ({ searchParams }) =>
    searchParams.get('locator')?.includes('start:200') === true
      ? second
      : page(
          [running],
          '/app/rest/builds?locator=state:(queued:true,running:true),defaultFilter:false,count:200,start:200',
        );

/** What the mapping has to show. */
export const conformanceCases: readonly ConformanceCase[] = [
  {
    name: 'teamcity',
    source: await namedSource('teamcity', teamcityMapping, 'https://teamcity.example'),
    row: running,
    other: valid({ ...running, id: 5043 }),
    states: [
      [
        'running',
        running,
        {
          id: '5042',
          type: 'Web_Build',
          title: 'Tests passed: 7',
          status: 'running',
          hold: undefined,
          waitsFor: undefined,
          flag: undefined,
          failure: undefined,
          queuedAt,
          startedAt: Date.parse('2026-11-28T11:40:31Z'),
          endedAt: undefined,
          initiator: { kind: 'user', name: 'robin' },
          labels: { project: 'Web', branch: 'main', agent: 'linux-1', number: '42' },
          url: 'https://teamcity.example/viewLog.html?buildId=5042&buildTypeId=Web_Build',
        },
      ],
      [
        'on an agent that is disconnected',
        valid({ ...running, agent: { name: 'linux-1', connected: false } }),
        { flag: { kind: 'worker_lost', by: 'tardy', since: undefined, text: 'Its agent linux-1 is disconnected.' } },
      ],
      [
        'done with its agent',
        valid({ ...running, agent: { name: 'linux-1', connected: false }, detachedFromAgent: true }),
        { flag: undefined },
      ],
      [
        'hanging, says TeamCity',
        valid({ ...running, 'running-info': { probablyHanging: true, lastActivityTime: '20261128T115800+0000' } }),
        {
          flag: {
            kind: 'stuck',
            by: 'source',
            since: Date.parse('2026-11-28T11:58:00Z'),
            text: 'TeamCity takes the build for hanging.',
          },
        },
      ],
      [
        'queued while all agents are busy',
        queued('There are no idle compatible agents which can run this build'),
        {
          status: 'queued',
          hold: undefined,
          flag: undefined,
          queuedAt,
          startedAt: undefined,
          title: 'There are no idle compatible agents which can run this build',
        },
      ],
      [
        'queued without an agent that could run it',
        queued('There are no compatible agents which can run this build'),
        {
          status: 'queued',
          hold: undefined,
          flag: {
            kind: 'cannot_start',
            by: 'source',
            since: undefined,
            text: 'There are no compatible agents which can run this build',
          },
        },
      ],
      [
        'queued behind its dependencies',
        queued('Build dependencies have not been built yet'),
        { status: 'queued', hold: 'dependency', flag: undefined },
      ],
      [
        'queued at the limit of its configuration',
        queued('The maximum number of running builds for this configuration is reached'),
        { status: 'queued', hold: 'limit' },
      ],
      [
        'queued for a shared resource',
        queued('Build is waiting for the following resource to become available: db (locked by Web / Deploy)'),
        { status: 'queued', hold: 'limit' },
      ],
      [
        'waiting for an approval',
        queued('Build is waiting for approval', {
          approvalInfo: { status: 'waitingForApproval', timeoutTimestamp: '20261128T174002+0000' },
        }),
        {
          status: 'queued',
          hold: 'approval',
          waitsFor: { kind: 'approval', until: Date.parse('2026-11-28T17:40:02Z') },
        },
      ],
      [
        'approved',
        queued('There are no idle compatible agents which can run this build', {
          approvalInfo: { status: 'approved' },
        }),
        { status: 'queued', hold: undefined, waitsFor: undefined },
      ],
      [
        'queued without a reason',
        valid({ ...base, state: 'queued' }),
        { status: 'queued', hold: undefined, flag: undefined },
      ],
      [
        'by a schedule',
        valid({ ...running, triggered: { type: 'schedule' } }),
        { initiator: { kind: 'schedule', name: undefined } },
      ],
      [
        'by a change',
        valid({ ...running, triggered: { type: 'vcs' } }),
        { initiator: { kind: 'event', name: undefined } },
      ],
      ['succeeded', ended('SUCCESS', 'Success'), { outcome: 'succeeded', endedAt, failure: undefined }],
      [
        'failed',
        ended('FAILURE', 'Exit code 1'),
        { outcome: 'failed', failure: { code: undefined, message: 'Exit code 1' } },
      ],
      ['canceled', ended('UNKNOWN', 'Canceled'), { outcome: 'cancelled' }],
    ],
    broken: [
      ['id', { ...running, id: null }],
      ['buildTypeId', { ...running, buildTypeId: null }],
      ['queuedDate', { ...running, queuedDate: '20261128' }],
      ['startDate', { ...running, startDate: '20261128T114031' }],
    ],
    unknownStatus: { row: valid({ ...running, state: 'unknown' }), native: 'unknown' },
    serve,
    cutShort: then({ body: undefined }),
    failingSecondPage: then({ status: 500, body: {} }),
  },
];
