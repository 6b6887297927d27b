import { describe, expect, it } from 'vitest';
import { classify } from '../../classify.js';
import { createPolicy } from '../../policy.js';
import { jenkinsSource } from './source.js';
import { fetchFrom, gather, type Server } from '../testing/fetch.js';
import { fixture } from '../testing/fixtures.js';
import { jenkinsRows, jenkinsServer } from './testing/server.js';

const source = jenkinsSource('ci', { url: 'https://ci.example/jenkins' });
const rootSource = jenkinsSource('ci', { url: 'https://ci.example' });
const policy = createPolicy({ version: 1 });
const { freestyle, pipeline, step, stuck, success } = jenkinsRows;

async function only(server: Server) {
  const { runs } = await gather(rootSource, server);
  const [run] = runs;
  if (run === undefined || runs.length > 1) throw new Error(`${runs.length} runs.`);
  return run;
}

describe('what Jenkins publishes', () => {
  it.each(fixture('jenkins/result.json')['values'] as string[])(
    'holds the result %s, which is known',
    async (result) => {
      const { runs } = await gather(rootSource, jenkinsServer([{ ...success, result }]), { activity: 'all' });
      expect(runs[0]).toMatchObject({ status: 'completed', native: { status: result } });
      expect(runs[0]?.outcome).not.toBe('unknown');
    },
  );
});

describe('a list', () => {
  it('asks for the newest builds, the queue and then the executors', async () => {
    const server: Server = (url) => {
      if (url.pathname === '/jenkins/api/json') return { body: { jobs: [] } };
      return { body: fixture(url.pathname.includes('/queue/') ? 'jenkins/queue.json' : 'jenkins/computers.json') };
    };
    const { runs, asked, issues } = await gather(source, server);
    expect(issues).toEqual([]);
    expect(asked.map(({ url }) => new URL(url).pathname)).toEqual([
      '/jenkins/api/json',
      '/jenkins/queue/api/json',
      '/jenkins/computer/api/json',
    ]);
    expect(runs.map(({ id }) => id)).toEqual([
      'queue/item/669',
      'queue/item/668',
      'job/freestylejob/14',
      'job/folder/job/pipeline/53',
    ]);
    expect(runs[3]).toMatchObject({
      title: 'folder/job/pipeline #53',
      url: 'https://ci.example/jenkins/job/folder/job/pipeline/53/',
      labels: { node: 'master' },
    });
  });

  it('gives a pipeline once, by what itself says, wherever its steps come', async () => {
    const run = await only(jenkinsServer([step, pipeline, step]));
    expect(run.title).toBe('folder/job/pipeline #53');
  });

  it('adds no more ended builds than were asked for, the newest first', async () => {
    const older = { ...success, url: 'http://0.0.0.0:8080/job/freestylejob/13/', timestamp: 1_619_000_000_000 };
    const { runs } = await gather(rootSource, jenkinsServer([older, success]), { activity: 'recent', limit: 1 });
    expect(runs.map(({ id }) => id)).toEqual(['job/freestylejob/14']);
  });

  it('says when folders were too deep to be looked into', async () => {
    let jobs: unknown[] = [{ name: 'deepest' }];
    for (let level = 0; level < 10; level++) jobs = [{ jobs }];
    const server: Server = (url, request) =>
      url.pathname === '/api/json' ? { body: { jobs } } : jenkinsServer([])(url, request);
    for (const activity of ['active', 'recent'] as const) {
      const { incomplete } = await gather(rootSource, server, { activity });
      expect(incomplete).toEqual(['Folders more than 10 deep were not looked into.']);
    }
    expect.assertions(2);
  });
});

describe('what is wrong', () => {
  it.each([
    ['that its node is offline', jenkinsServer([freestyle], { offline: true }), 'Its node master is offline.'],
    [
      'why its node is offline',
      jenkinsServer([freestyle], {
        offline: true,
        temporarilyOffline: false,
        offlineCauseReason: 'Connection was broken',
      }),
      'Its node master is offline: Connection was broken',
    ],
    [
      'what Jenkins calls likely stuck',
      jenkinsServer([freestyle], {}, true),
      'likelyStuck: it takes many times as long',
    ],
    ['what Jenkins calls stuck in the queue', jenkinsServer([stuck]), 'stuck in the queue: There are no nodes'],
  ])('is flagged: %s', async (_, server, text) => {
    const run = await only(server);
    expect(run.flag?.text).toContain(text);
    expect(classify(run, policy, run.startedAt ?? run.queuedAt ?? 0)).toMatchObject({
      state: 'late',
      clock: 'flag',
    });
  });

  it('began when Jenkins lost the connection to the node', async () => {
    const facts = { offline: true, offlineCause: { timestamp: 1_619_167_600_000 } };
    expect((await only(jenkinsServer([freestyle], facts))).flag?.since).toBe(1_619_167_600_000);
  });

  it('is not that a node takes no new builds', async () => {
    const run = await only(jenkinsServer([freestyle], { offline: true, temporarilyOffline: true }));
    expect(run.flag).toBeUndefined();
  });
});

describe('a build that no executor works on', () => {
  /** Jenkins without executors, whose job has these builds. */
  const without =
    (builds: readonly unknown[], single: unknown = freestyle): Server =>
    (url) => {
      if (url.pathname === '/api/json') return { body: { jobs: [{ jobs: [{ builds }] }] } };
      if (url.pathname === '/queue/api/json') return { body: { items: [] } };
      if (url.pathname === '/computer/api/json') return { body: { computer: [] } };
      return single === null ? { status: 404, body: {} } : { body: single };
    };
  const lost = { kind: 'worker_lost', by: 'tardy', text: 'It is called building, yet no executor works on it.' };

  it('is found among the newest of its job', async () => {
    expect(await only(without([freestyle, success]))).toMatchObject({ id: 'job/freestylejob/14', flag: lost });
    const earlier = { ...success, url: 'http://0.0.0.0:8080/job/freestylejob/12/' };
    const { runs } = await gather(rootSource, without([freestyle, earlier]), { activity: 'all' });
    expect(runs.map(({ id, flag }) => [id, flag?.kind])).toEqual([
      ['job/freestylejob/14', 'worker_lost'],
      ['job/freestylejob/12', undefined],
    ]);
  });

  it('is flagged when read alone', async () => {
    const { fetch } = fetchFrom(without([], freestyle));
    expect((await rootSource.get('job/freestylejob/14', fetch))?.flag).toEqual({ ...lost, since: undefined });
  });

  it('is not active if it has ended meanwhile', async () => {
    const ended = { ...freestyle, building: false, result: 'SUCCESS' };
    const { runs, issues } = await gather(rootSource, without([freestyle], ended));
    expect({ runs, issues }).toEqual({ runs: [], issues: [] });
    const all = await gather(rootSource, without([freestyle], ended), { activity: 'all' });
    expect(all.runs.map(({ status, flag }) => [status, flag])).toEqual([['completed', undefined]]);
  });

  it('stays a run if it is not found when read alone', async () => {
    const run = await only(without([{ url: freestyle['url'], building: true }], null));
    expect(run).toMatchObject({ id: 'job/freestylejob/14', startedAt: undefined, flag: lost });
  });

  it('is not looked for where Jenkins lists no jobs, and the report says so', async () => {
    const server: Server = (url, request) =>
      url.pathname === '/api/json' ? { status: 404, body: {} } : jenkinsServer([freestyle])(url, request);
    const { runs, notes, incomplete } = await gather(rootSource, server);
    expect(runs).toHaveLength(1);
    expect({ notes, incomplete }).toEqual({
      notes: ['Jenkins lists no jobs: only builds with an executor were read.'],
      incomplete: [],
    });
  });

  it('that cannot be read is an issue', async () => {
    const { issues } = await gather(rootSource, without([{ url: 7, building: true }, 'build']));
    expect(issues).toHaveLength(2);
  });
});

describe('a response', () => {
  it.each([
    ['executors', '/computer/api/json', { computer: [{ executors: {} }] }],
    ['offline', '/computer/api/json', { computer: [{ offline: 'no', executors: [{ currentExecutable: freestyle }] }] }],
    ['builds', '/api/json', { jobs: [{ builds: 'none' }] }],
    ['jobs', '/api/json', { jobs: [{ jobs: 7 }] }],
  ])('whose %s have another type is refused', async (_, path, body) => {
    const server: Server = (url, request) => (url.pathname === path ? { body } : jenkinsServer([])(url, request));
    expect((await gather(rootSource, server)).error?.code).toBe('shape');
  });
});

describe('a single run', () => {
  it('is the build that an item of the queue became', async () => {
    const left = fixture('jenkins/item-left.json');
    const build = { ...pipeline, url: 'http://0.0.0.0:8080/job/folder/job/pipeline/54/' };
    const { fetch } = fetchFrom(jenkinsServer([left, build]));
    expect(await rootSource.get('queue/item/599', fetch)).toMatchObject({
      id: 'job/folder/job/pipeline/54',
      status: 'running',
    });
    const cancelled = fetchFrom(jenkinsServer([{ ...left, cancelled: true, executable: null }]));
    expect((await rootSource.get('queue/item/599', cancelled.fetch))?.outcome).toBe('cancelled');
  });

  it.each(['job/a/../../script/1', 'computer/1', 'job/a', 'https://elsewhere.example/job/a/1'])(
    'is not %s, for which nobody is asked',
    async (id) => {
      const { fetch, asked } = fetchFrom(jenkinsServer([]));
      expect(await rootSource.get(id, fetch)).toBeUndefined();
      expect(asked).toEqual([]);
    },
  );
});
