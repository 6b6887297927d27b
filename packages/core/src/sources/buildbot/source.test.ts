import { describe, expect, it } from 'vitest';
import { classify } from '../../classify.js';
import { createPolicy } from '../../policy.js';
import { BUILDBOT_RESULTS } from './run.js';
import { buildbotSource } from './source.js';
import { buildbotRows, buildbotServer } from './testing/server.js';
import type { JsonObject } from '../reading/body.js';
import { SourceError } from '../source.js';
import { fetchFrom, gather, type Server } from '../testing/fetch.js';
import { fixture } from '../testing/fixtures.js';

const source = buildbotSource('ci', { url: 'https://ci.example' });
const policy = createPolicy({ version: 1 });
const [healthy = {}, nightly = {}] = buildbotRows('builds');

describe('the results of Buildbot', () => {
  it('are those that it has, in their order', () => {
    expect(Object.values(fixture('buildbot/v4/vocabulary.json'))).toEqual([[...BUILDBOT_RESULTS]]);
  });

  it('hold one that ends no run: a build to be retried', async () => {
    const retried = { ...healthy, complete: true, results: 5, complete_at: 1_795_421_190 };
    const { runs, incomplete } = await gather(source, buildbotServer([retried]), { activity: 'all' });
    expect({ runs, incomplete }).toEqual({ runs: [], incomplete: [] });
  });
});

describe('a master', () => {
  it('is asked for its workers and builders once, then for requests and builds that have not ended', async () => {
    const { runs, issues, incomplete, asked } = await gather(
      source,
      buildbotServer([...buildbotRows('requests'), ...buildbotRows('builds')]),
    );
    expect({ issues, incomplete }).toEqual({ issues: [], incomplete: [] });
    expect(runs.map(({ id, type }) => [id, type])).toEqual([
      ['5', 'waiting'],
      ['3', 'healthy'],
      ['6', 'nightly'],
    ]);
    expect(asked.map(({ url }) => url.slice('https://ci.example/api/v2/'.length))).toEqual([
      'workers',
      'builders',
      'buildrequests?claimed=false&complete=false&order=buildrequestid&limit=200&offset=0&property=owner&property=reason',
      'buildrequests?claimed=true&complete=false&order=buildrequestid&limit=200&offset=0&property=owner&property=reason',
      'builds?complete=false&order=buildid&limit=200&offset=0&property=owner&property=reason',
    ]);
  });

  it('has a request that was collapsed into another, and never built', async () => {
    const [request = {}] = fixture('buildbot/v4/request-4.json')['buildrequests'] as never[];
    const { fetch } = fetchFrom(buildbotServer([request]));
    expect(await source.get('4', fetch)).toMatchObject({ id: '4', status: 'completed', outcome: 'skipped' });
  });
});

describe('a build whose worker was killed', () => {
  const after = buildbotServer(buildbotRows('requests-after-kill9'), 'workers-after-kill9.json');
  const flag = { kind: 'cannot_start', by: 'tardy', text: 'No worker of the builder nightly is connected.' };

  it('is dropped by Buildbot; its request stays, under the same id, and nobody is there to take it', async () => {
    const before = await gather(source, buildbotServer([nightly]));
    expect(before.runs[0]).toMatchObject({ id: '6', status: 'running', flag: undefined });
    const { runs } = await gather(source, after);
    const run = runs.find(({ id }) => id === '6');
    if (run === undefined) throw new Error('The run is gone.');
    expect(run).toMatchObject({ status: 'queued', type: 'nightly', flag });
    expect(classify(run, policy, (run.queuedAt ?? 0) + 10_000).state).toBe('late');
    const { fetch } = fetchFrom(after);
    expect(await source.get('6', fetch)).toEqual(run);
  });

  it('is flagged while Buildbot has not dropped it', async () => {
    const { runs } = await gather(source, buildbotServer([healthy, nightly], 'workers-after-kill9.json'));
    expect(runs.map((run) => run.flag?.text)).toEqual([undefined, 'Its worker doomed is not connected.']);
  });
});

describe('a request that is not claimed', () => {
  const [request = {}] = buildbotRows('requests');
  const only = async (workers: readonly JsonObject[], builders?: readonly JsonObject[]) => {
    const { runs } = await gather(source, (url, asked) => {
      if (url.pathname.endsWith('/workers')) return { body: { workers } };
      if (url.pathname.endsWith('/builders') && builders !== undefined) return { body: { builders } };
      return buildbotServer([request])(url, asked);
    });
    return runs[0];
  };
  const [recorded = {}] = fixture('buildbot/v4/worker-paused.json')['workers'] as JsonObject[];
  const worker = (fields: JsonObject): JsonObject => ({
    ...recorded,
    configured_on: [{ builderid: 4 }],
    paused: false,
    pause_reason: null,
    ...fields,
  });

  it.each([
    ['paused', { paused: true, pause_reason: recorded['pause_reason'] }, { why: 'live test' }],
    ['shutting down', { graceful: true }, {}],
  ])('is on hold when the workers of its builder are %s', async (_, fields, labels) => {
    expect(await only([worker(fields)])).toMatchObject({ status: 'queued', hold: 'paused', flag: undefined, labels });
    expect((await only([worker(fields), worker({})]))?.hold).toBeUndefined();
  });

  it('can never start when its builder has been removed', async () => {
    const run = await only([worker({})], [{ builderid: 4, name: 'old', masterids: [] }]);
    expect(run?.flag).toMatchObject({
      kind: 'cannot_start',
      text: 'No master runs the builder old: it has been removed from the configuration.',
    });
  });
});

describe('a request that is claimed', () => {
  const [request = {}] = buildbotRows('requests');
  const claimed = { ...request, builderid: 1, claimed: true, claimed_at: 1_795_421_180, claimed_by_masterid: 1 };

  it('is a run of its own only without a build', async () => {
    const ofBuild = { ...claimed, buildrequestid: healthy['buildrequestid'] };
    const { runs } = await gather(source, buildbotServer([claimed, ofBuild, healthy]));
    expect(runs.map(({ id, status }) => [id, status])).toEqual([
      ['3', 'running'],
      ['5', 'queued'],
    ]);
  });

  it('is not looked for where Buildbot does not list it, and the report says so', async () => {
    const { fetch } = fetchFrom(buildbotServer([healthy]));
    const notes: unknown[] = [];
    for await (const page of source.list({ activity: 'active' }, async (asked) => {
      if (asked.url.includes('claimed=true')) throw new SourceError('not_found', 'no');
      return fetch(asked);
    })) {
      notes.push(page.note);
    }
    expect(notes).toContain('Buildbot lists no requests that are claimed: those without a build were not looked for.');
  });
});

describe('a response', () => {
  it.each([
    ['workers', { workers: {} }],
    ['workers', { workers: ['steady'] }],
    ['workers', { workers: [{ workerid: '1', connected_to: [], configured_on: [] }] }],
    ['workers', { workers: [{ workerid: 1, connected_to: 'master', configured_on: [] }] }],
    ['workers', { workers: [{ workerid: 1, connected_to: [] }] }],
    ['workers', { workers: [{ workerid: 1, connected_to: [], configured_on: [], paused: 'no' }] }],
    ['builds', { builds: [], meta: { total: '0' } }],
    ['builds', { builds: [], meta: [] }],
    ['builds', { builds: [], meta: { total: 0 }, error: 'database is locked' }],
  ])('whose %s have another type is refused: %j', async (what, body) => {
    const server: Server = (url, asked) =>
      url.pathname.endsWith(`/${what}`) ? { body } : buildbotServer([])(url, asked);
    expect((await gather(source, server)).error?.code).toBe('shape');
  });
});
