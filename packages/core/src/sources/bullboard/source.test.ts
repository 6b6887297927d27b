import { describe, expect, it } from 'vitest';
import { classify } from '../../classify.js';
import { createPolicy } from '../../policy.js';
import type { JsonObject } from '../reading/body.js';
import { BULLBOARD_ENDED } from './job.js';
import { haveChildrenFailed } from './job.js';
import { bullboardAdapter, bullboardSource } from './source.js';
import { bullboardJob, bullboardServer } from './testing/server.js';
import { fetchFrom, gather, type Server } from '../testing/fetch.js';
import { fixture } from '../testing/fixtures.js';

const source = bullboardSource('jobs', { url: 'https://board.example/admin/queues' });
const policy = createPolicy({ version: 1 });
const active = bullboardJob('queues-active.json', 'active', 1);

/** The board of the second recording. */
const recordedBoard: Server = (url) => {
  const queue = url.searchParams.get('activeQueue');
  if (queue === null) return { body: fixture('bullboard/overview.json') };
  const page = queue === 'bulk' ? `-page${url.searchParams.get('page')}` : '';
  return { body: fixture(`bullboard/${queue}-${url.searchParams.get('status')}${page}.json`) };
};

async function mapped(job: JsonObject, queue?: JsonObject) {
  const { runs, issues } = await gather(source, bullboardServer([job], queue), { activity: 'all' });
  expect(issues).toEqual([]);
  if (runs[0] === undefined) throw new Error('No run.');
  return runs[0];
}

describe('the states of BullMQ', () => {
  const states = Object.values(fixture('bullboard/vocabulary.json'))
    .flat()
    .filter((state) => state !== 'latest') as string[];

  it.each([...new Set(states)])('hold %s, which is known', async (state) => {
    const run = await mapped({ ...active, state });
    expect(run.outcome).not.toBe('unknown');
    expect(run.status === 'completed').toBe(BULLBOARD_ENDED.includes(state));
  });
});

describe('a board of several queues', () => {
  it('is asked how the queues are, and then for what they hold that is active', async () => {
    const { runs, issues, incomplete, error, asked } = await gather(source, recordedBoard);
    expect({ issues, incomplete, error }).toEqual({ issues: [], incomplete: [], error: undefined });
    expect(asked.map(({ url }) => url.slice('https://board.example/admin/queues/api/queues'.length))).toEqual([
      '',
      '?activeQueue=reports&status=delayed&page=1&jobsPerPage=100',
      '?activeQueue=reports&status=active&page=1&jobsPerPage=100',
      '?activeQueue=mails&status=delayed&page=1&jobsPerPage=100',
      '?activeQueue=mails&status=waiting&page=1&jobsPerPage=100',
      '?activeQueue=mails&status=prioritized&page=1&jobsPerPage=100',
      '?activeQueue=flow&status=waiting-children&page=1&jobsPerPage=100',
      '?activeQueue=bulk&status=waiting&page=1&jobsPerPage=100',
      '?activeQueue=bulk&status=waiting&page=2&jobsPerPage=100',
      '?activeQueue=bulk&status=waiting&page=3&jobsPerPage=100',
    ]);
    expect(runs.filter(({ labels }) => labels['queue'] === 'bulk')).toHaveLength(6);
    expect(runs.filter(({ labels }) => labels['queue'] === 'mails').map(({ hold }) => hold)).toEqual([
      'paused',
      'paused',
      'paused',
    ]);
    expect(runs.find(({ id }) => id === 'reports/nightly/1')).toMatchObject({
      url: 'https://board.example/admin/queues/queue/reports/nightly%2F1',
      progress: { processed: 5, total: 100, unit: '%' },
    });
  });

  it('may be limited to some, and says when one is missing', async () => {
    const some = bullboardSource('jobs', { url: 'https://board.example/admin/queues', queues: ['reports', 'gone'] });
    const { runs, incomplete } = await gather(some, recordedBoard);
    expect(new Set(runs.map(({ labels }) => labels['queue']))).toEqual(new Set(['reports']));
    expect(incomplete).toEqual(['The board shows no queue gone.']);
  });

  it('never shows the data of a job, but for the tenant where its place is named', async () => {
    const named = bullboardSource('jobs', { url: 'https://board.example/admin/queues', tenant: 'tenant' });
    const secretive = { ...active, data: { tenant: 'acme', password: 's3cret' }, returnValue: 's3cret' };
    const { runs } = await gather(named, bullboardServer([secretive]));
    expect(runs[0]?.tenant).toEqual({ id: 'acme', name: undefined });
    expect(JSON.stringify(runs)).not.toContain('s3cret');
    expect((await mapped(secretive)).tenant).toBeUndefined();
  });
});

describe('a job whose worker was killed', () => {
  const alive = bullboardJob('queues-active.json', 'active', 1);
  const dead = bullboardJob('queues-active-45s-after-kill9.json', 'active', 1);
  const startedAt = 1_795_411_040_065;
  const flag = {
    kind: 'worker_lost',
    by: 'source',
    text: 'No worker is connected to the queue reports.',
    since: undefined,
  };

  it('is told by its queue, which has no worker', async () => {
    expect(classify(await mapped(alive), policy, startedAt + 60_000).state).toBe('fresh');
    const run = await mapped(dead, { hasWorkers: false });
    expect(run.flag).toEqual(flag);
    expect(classify(run, policy, startedAt + 60_000).state).toBe('late');
  });

  it('keeps its flag when it is read again', async () => {
    const { fetch } = fetchFrom(bullboardServer([dead], { hasWorkers: false }));
    expect((await source.get('reports/nightly-1', fetch))?.flag).toEqual(flag);
  });

  it.each([
    [true, 'active'],
    [null, 'active'],
    [true, 'waiting'],
    [null, 'prioritized'],
    [false, 'completed'],
    [false, 'delayed'],
  ])('is not suspected where hasWorkers is %j and it is %s', async (hasWorkers, state) => {
    expect((await mapped({ ...dead, state }, { hasWorkers })).flag).toBeUndefined();
  });
});

describe('a job that waits', () => {
  it.each(['waiting', 'prioritized'])('in the state %s for a queue without workers cannot start', async (state) => {
    const run = await mapped({ ...active, state }, { hasWorkers: false });
    expect(run.flag).toMatchObject({ kind: 'cannot_start', by: 'source' });
    expect((await mapped({ ...active, state }, { hasWorkers: false, isPaused: true })).flag).toBeUndefined();
  });

  it.each([
    [
      { globalConcurrency: 1, counts: { active: 1, waiting: 1, delayed: 0 } },
      'limit',
      { kind: 'concurrency limit', name: '1' },
    ],
    [{ globalConcurrency: 2, counts: { active: 1, waiting: 1, delayed: 0 } }, undefined, undefined],
    [{ activeRateLimitTtl: 60_000 }, 'limit', { kind: 'rate limit' }],
    [{ activeRateLimitTtl: -2, globalConcurrency: null }, undefined, undefined],
    [{ activeRateLimitTtl: 60_000, isPaused: true }, 'paused', undefined],
  ])('in a queue with %j has the hold %s', async (queue, hold, waitsFor) => {
    const run = await mapped({ ...active, state: 'waiting' }, queue);
    expect({ hold: run.hold, kind: run.waitsFor?.kind, name: run.waitsFor?.name }).toEqual({ hold, ...waitsFor });
  });

  it('for its time is not held by the limit of its queue', async () => {
    const run = await mapped({ ...active, state: 'delayed' }, { activeRateLimitTtl: 60_000 });
    expect(run.hold).toBeUndefined();
  });

  it('for a rate limit says until when, by the clock of the board', async () => {
    const server = bullboardServer([{ ...active, state: 'waiting' }], { activeRateLimitTtl: 60_000 });
    const { runs } = await gather(source, (url, request) => ({
      ...server(url, request),
      headers: { date: 'Sat, 28 Nov 2026 12:00:00 GMT' },
    }));
    expect(runs[0]?.waitsFor?.until).toBe(Date.parse('2026-11-28T12:01:00Z'));
  });

  it.each([{ isPaused: 'no' }, { hasWorkers: 1 }, { globalConcurrency: '1' }, { activeRateLimitTtl: '60' }])(
    'is not read from a queue with %j',
    async (queue) => {
      const { error } = await gather(source, bullboardServer([active], queue));
      expect(error?.code).toBe('shape');
    },
  );

  it('for its next attempt says until when', async () => {
    const tried = { ...active, state: 'delayed', attempts: 2, processedOn: 1_795_411_040_065, delay: 60_000 };
    expect(await mapped(tried)).toMatchObject({
      status: 'queued',
      hold: 'retry',
      waitsFor: { kind: 'next attempt', until: 1_795_411_100_065 },
    });
    expect((await mapped({ ...tried, attempts: 0 })).hold).toBeUndefined();
    expect(await mapped(tried, { isPaused: true })).toMatchObject({ hold: 'paused', waitsFor: undefined });
  });
});

describe('children of a parent', () => {
  const none = { active: 0, waiting: 0, delayed: 0, prioritized: 0, completed: 3, failed: 0, 'waiting-children': 1 };

  it.each([
    ['have failed where no job is left that could be one', [none, { ...none, failed: 2 }], true],
    ['may have ended where none has failed', [none, none], false],
    ['may be at work', [none, { ...none, failed: 2, active: 1 }], false],
    ['may wait for a retry', [none, { ...none, failed: 2, delayed: 1 }], false],
    ['may be in an unknown state', [{ ...none, failed: 2, levitating: 1 }], false],
  ])('%s', (_, counts, failed) => {
    expect(haveChildrenFailed(counts)).toBe(failed);
  });
});

const NO_PROGRESS = { succeeded: undefined, failed: undefined, skipped: undefined, unit: undefined };

describe('progress', () => {
  it.each([
    [
      { done: 3, total: 1000 },
      { processed: 3, total: 1000 },
    ],
    [45.5, { processed: 45.5, total: 100, unit: '%' }],
    [0, undefined],
    [4500, undefined],
    [{ step: 'uploading' }, undefined],
    [{ done: 7, total: 5 }, undefined],
    ['half', undefined],
  ])('of %j is %j', async (progress, expected) => {
    const run = await mapped({ ...active, progress });
    expect(run.progress).toEqual(expected && { ...NO_PROGRESS, ...expected });
  });
});

describe('what stands before a board', () => {
  it.each([
    ['t0ken', 'Bearer t0ken'],
    ['admin:secret', 'Basic YWRtaW46c2VjcmV0'],
  ])('is sent %s as %s', (secret, authorization) => {
    expect(bullboardAdapter.credentialHeaders(secret, { url: '' })).toEqual({ authorization });
  });
});
