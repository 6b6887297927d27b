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
  it('asks for the queue and the executors, in this order, and for no builds that have ended', async () => {
    const server: Server = (url) => ({
      body: fixture(url.pathname.includes('/queue/') ? 'jenkins/queue.json' : 'jenkins/computers.json'),
    });
    const { runs, asked, issues } = await gather(source, server);
    expect(issues).toEqual([]);
    expect(asked.map(({ url }) => new URL(url).pathname)).toEqual([
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

  it('lists a pipeline once, by its own state, wherever its steps come', async () => {
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
    for (let level = 0; level < 5; level++) jobs = [{ jobs }];
    const server: Server = (url, request) =>
      url.pathname === '/api/json' ? { body: { jobs } } : jenkinsServer([])(url, request);
    expect((await gather(rootSource, server, { activity: 'recent' })).incomplete).toEqual([
      'Folders more than 5 deep were not looked into for builds that ended.',
    ]);
  });
});

describe('what is wrong', () => {
  it.each([
    ['that its node is offline', jenkinsServer([freestyle], { offline: true }), 'Its node master is offline.'],
    ['what Jenkins calls likely stuck', jenkinsServer([freestyle], {}, true), 'Jenkins calls it likely stuck'],
    ['what Jenkins calls stuck in the queue', jenkinsServer([stuck]), 'Jenkins calls it stuck in the queue'],
  ])('is told: %s', async (_, server, text) => {
    const run = await only(server);
    expect(run.flag?.text).toContain(text);
    expect(classify(run, policy, run.startedAt ?? run.queuedAt ?? 0)).toMatchObject({
      state: 'late',
      clock: 'flag',
    });
  });

  it('is that no executor works on a running build', async () => {
    const { fetch } = fetchFrom((url, request) =>
      url.pathname.startsWith('/computer/') ? { body: { computer: [] } } : jenkinsServer([freestyle])(url, request),
    );
    expect((await rootSource.get('job/freestylejob/14', fetch))?.flag?.kind).toBe('worker_lost');
  });
});

describe('a second look', () => {
  const described = (answer: { status?: number; body: unknown }): Server => {
    const server = jenkinsServer([pipeline], {}, true);
    return (url, request) => (url.pathname.endsWith('/wfapi/describe') ? answer : server(url, request));
  };

  it('sees that a pipeline waits for a person, which is no wonder', async () => {
    const server = described({ body: { status: 'PAUSED_PENDING_INPUT' } });
    const run = await only(server);
    const { fetch, asked } = fetchFrom(server);
    expect(await rootSource.inspect?.(run, fetch)).toEqual({ ...run, hold: 'approval', flag: undefined });
    expect(asked[0]?.url).toBe('https://ci.example/job/folder/job/pipeline/53/wfapi/describe');
  });

  it.each([
    ['at work', { body: { status: 'IN_PROGRESS' } }],
    ['no pipeline, or there is no such plugin', { status: 404, body: undefined }],
  ])('leaves a build as it is that is %s', async (_, answer) => {
    const server = described(answer);
    const run = await only(server);
    expect(await rootSource.inspect?.(run, fetchFrom(server).fetch)).toBe(run);
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
