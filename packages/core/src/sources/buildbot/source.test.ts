import { describe, expect, it } from 'vitest';
import { classify } from '../../classify.js';
import { createPolicy } from '../../policy.js';
import { BUILDBOT_RESULTS } from './run.js';
import { buildbotSource } from './source.js';
import { buildbotRows, buildbotServer } from './testing/server.js';
import { fetchFrom, gather } from '../testing/fetch.js';
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
  const flag = { kind: 'worker_lost', text: 'No worker of the builder nightly is connected.', since: undefined };

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

  it('is on hold when the workers of its builder are paused', async () => {
    const [request = {}] = buildbotRows('requests');
    const { runs } = await gather(source, (url, asked) =>
      url.pathname.endsWith('/workers')
        ? { body: { workers: [{ configured_on: [{ builderid: 4 }], connected_to: [{ masterid: 1 }], paused: true }] } }
        : buildbotServer([request])(url, asked),
    );
    expect(runs[0]).toMatchObject({ status: 'queued', hold: 'paused', flag: undefined });
  });
});
