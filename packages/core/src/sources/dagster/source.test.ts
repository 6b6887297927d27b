import { describe, expect, it } from 'vitest';
import { classify } from '../../classify.js';
import { createPolicy } from '../../policy.js';
import type { JsonObject } from '../reading/body.js';
import { endedStatuses } from '../reading/vocabulary.js';
import { DAGSTER_STATUSES } from './run.js';
import { dagsterAdapter, dagsterSource } from './source.js';
import { dagsterRow, dagsterRows, dagsterServer } from './testing/server.js';
import { fetchFrom, gather, type Server } from '../testing/fetch.js';
import { fixture } from '../testing/fixtures.js';

const ENDED = endedStatuses(DAGSTER_STATUSES);
const source = dagsterSource('pipelines', { url: 'https://dagster.example/prod' });
const started = dagsterRow('active.json', '73d9f6fc');
const queued = dagsterRow('active.json', '9b278b4b');

const mapped = async (row: JsonObject) => {
  const { runs, issues } = await gather(source, dagsterServer([row]), { activity: 'all' });
  expect(issues).toEqual([]);
  if (runs[0] === undefined) throw new Error('No run.');
  return runs[0];
};

const statusesAsked = (asked: readonly { readonly body?: unknown }[]) =>
  asked.flatMap(({ body }) => {
    const { variables } = body as { variables: { filter?: { statuses: string[] } } };
    return variables.filter === undefined ? [] : [variables.filter.statuses];
  });

describe('what Dagster publishes', () => {
  const published = fixture('dagster/run-status.json') as {
    data: Record<'__type', { enumValues: { name: string }[] }>;
  };
  const words = published.data['__type'].enumValues.map(({ name }) => name);

  it.each(words)('holds the status %s, which is known', async (status) => {
    const run = await mapped({ ...started, status });
    expect(run.outcome).not.toBe('unknown');
    expect(run.status === 'completed').toBe(ENDED.includes(status));
  });

  it('is asked for all statuses but those of the end', async () => {
    const { asked } = await gather(source, dagsterServer([]), { activity: 'recent', limit: 5 });
    const [active = [], ended = []] = statusesAsked(asked);
    expect([...active, ...ended].sort()).toEqual([...words].sort());
    expect(ended).toEqual(ENDED);
    expect(asked.every(({ url }) => url === 'https://dagster.example/prod/graphql')).toBe(true);
    expect(asked.at(-1)?.body).toMatchObject({ variables: { limit: 5 } });
  });

  it('is asked for what it knows: neither a status that it lacks, nor without one that it has', async () => {
    const told =
      (names: readonly string[]): Server =>
      (url, request) =>
        JSON.stringify(request.body).includes('tardyStatuses')
          ? { body: { data: { __type: { enumValues: names.map((name) => ({ name })) } } } }
          : dagsterServer([])(url, request);
    const older = await gather(source, told(['QUEUED', 'STARTED', 'SUCCESS', 'FAILURE']));
    expect(statusesAsked(older.asked)).toEqual([['QUEUED', 'STARTED']]);
    const newer = await gather(source, told([...words, 'HIBERNATING']));
    expect(statusesAsked(newer.asked)[0]).toContain('HIBERNATING');
    const silent = await gather(source, told([]));
    expect(statusesAsked(silent.asked)[0]).toContain('STARTED');
  });
});

describe('a list of runs', () => {
  it('is read from the last run of a page on, whatever leaves the list meanwhile', async () => {
    let rows = dagsterRows('active.json');
    const server: Server = (url, request) => {
      const answer = dagsterServer(rows, 3)(url, request);
      if (JSON.stringify(request.body).includes('tardyRuns')) rows = rows.slice(1);
      return answer;
    };
    const { runs, incomplete } = await gather(source, server);
    expect(runs).toHaveLength(5);
    expect(incomplete).toEqual([]);
  });

  it('reads the recorded pages', async () => {
    const server: Server = (url, request) => {
      const { query, variables } = request.body as { query: string; variables: { cursor?: string } };
      if (query.includes('tardyStatuses')) return dagsterServer([])(url, request);
      return { body: fixture(`dagster/page-${variables.cursor === undefined ? 1 : 2}.json`) };
    };
    const { runs, error, incomplete } = await gather(source, server);
    expect({ error, incomplete }).toEqual({ error: undefined, incomplete: [] });
    expect(runs).toHaveLength(5);
  });

  it.each([
    [{ errors: [{ message: 'no such field' }], data: null }, 'http', 'no such field'],
    [
      { data: { __type: null, runsOrError: { __typename: 'PythonError', message: 'the database is gone' } } },
      'http',
      'gone',
    ],
    [{ data: { __type: null, runsOrError: { __typename: 'UnauthorizedError', message: 'no' } } }, 'forbidden', 'no'],
    [{ data: { __type: null } }, 'shape', 'Is this the URL of Dagster?'],
    [{ data: { __type: null, runsOrError: { __typename: 'Runs', results: null } } }, 'shape', 'Dagster'],
  ])('takes %j, sent with status 200, for the error it is', async (body, code, reason) => {
    const { error } = await gather(source, () => ({ body }));
    expect(error).toMatchObject({ code });
    expect(error?.message).toContain(reason);
  });
});

describe('a run whose worker was killed', () => {
  const policy = createPolicy({ version: 1 });
  const HOUR = 3_600_000;

  it('stays STARTED to Dagster, and is likely stuck to us in time', async () => {
    const dead = dagsterRow('active-after-kill9.json', '93259603');
    expect(dead).toEqual(dagsterRow('active.json', '93259603'));
    const run = await mapped(dead);
    const { startedAt = 0 } = run;
    expect(classify(run, policy, startedAt + 60_000).state).toBe('fresh');
    expect(classify(run, policy, startedAt + 6 * HOUR)).toMatchObject({ state: 'likely_stale', clock: 'run' });
  });
});

describe('a look inside', () => {
  const look = async (row: JsonObject, body: JsonObject) => {
    const run = await mapped(row);
    const { fetch, asked } = fetchFrom(() => ({ body }));
    return { run, seen: await source.inspect?.(run, fetch), asked };
  };
  const atWork = (keys: readonly string[], stepStats: readonly JsonObject[]): JsonObject => ({
    data: { runOrError: { __typename: 'Run', executionPlan: { steps: keys.map((key) => ({ key })) }, stepStats } },
  });

  it('tells how many steps are done', async () => {
    const { run, seen, asked } = await look(started, fixture('dagster/inside-started.json'));
    expect(seen).toEqual({ ...run, progress: { processed: 0, total: 1, unit: 'steps' } });
    expect(asked).toHaveLength(1);
    const dead = await look(
      dagsterRow('active-after-kill9.json', '93259603'),
      fixture('dagster/inside-after-kill9.json'),
    );
    expect(dead.seen).toEqual({ ...dead.run, progress: { processed: 0, total: 1, unit: 'steps' } });
    const some = atWork(
      ['a', 'b', 'c'],
      [
        { stepKey: 'a', status: 'SUCCESS', endTime: 1_795_420_200.5 },
        { stepKey: 'b', status: 'FAILURE', endTime: 1_795_420_201 },
      ],
    );
    expect((await look(started, some)).seen?.progress).toEqual({ processed: 2, total: 3, failed: 1, unit: 'steps' });
  });

  it('flags a run all of whose steps have ended, since the last did', async () => {
    const all = atWork(
      ['a', 'b'],
      [
        { stepKey: 'a', status: 'SUCCESS', endTime: 1_795_420_200.5 },
        { stepKey: 'b', status: 'SKIPPED', endTime: null },
      ],
    );
    expect((await look(started, all)).seen?.flag).toEqual({
      kind: 'stuck',
      by: 'tardy',
      text: 'All 2 steps have ended, but the run has not.',
      since: 1_795_420_200_500,
    });
  });

  it('says of a queued run that it waits for its turn, as long as the others are at work', async () => {
    const { run, seen } = await look(queued, fixture('dagster/inside-queued.json'));
    expect(seen).toEqual({
      ...run,
      hold: 'limit',
      waitsFor: { kind: 'run queue', state: '3 of 3 runs at work' },
    });
    const free = { data: { ...(fixture('dagster/inside-queued.json')['data'] as JsonObject), atWork: { count: 2 } } };
    expect((await look(queued, free)).seen?.hold).toBeUndefined();
  });

  it.each([
    ['paused', { maxConcurrentRuns: 0 }, 'paused'],
    ['without a limit', { maxConcurrentRuns: -1 }, undefined],
    ['without a limit that the run has a tag for', { tagConcurrencyLimitsYaml: '- key: other\n  limit: 1' }, undefined],
  ])('reads a queue that is %s', async (_, runQueueConfig, hold) => {
    const { seen, asked } = await look(queued, { data: { atWork: { count: 50 }, instance: { runQueueConfig } } });
    expect(seen?.hold).toBe(hold);
    // Besides the queue, the pools and the code locations where the queue did not decide; never the runs at work.
    expect(asked).toHaveLength(hold === undefined ? 3 : 1);
  });

  describe('at a limit on a tag', () => {
    const waiting = { ...queued, tags: [{ key: 'dagster/backfill', value: 'bf1' }] };
    const atWork = (value: string, status = 'STARTED') => ({
      ...started,
      runId: `${value} ${status}`,
      status,
      tags: [{ key: 'dagster/backfill', value }],
    });
    const inspected = async (results: readonly JsonObject[]) => {
      const config = { tagConcurrencyLimitsYaml: '- key: dagster/backfill\n  limit: 2\n' };
      const run = await mapped(waiting);
      const { fetch, asked } = fetchFrom((_, { body }) =>
        JSON.stringify(body).includes('tardyInside')
          ? { body: { data: { atWork: { count: 9 }, instance: { runQueueConfig: config } } } }
          : { body: { data: { runsOrError: { __typename: 'Runs', count: results.length, results } } } },
      );
      const seen = await source.inspect?.(run, fetch);
      return { seen, again: await source.inspect?.(run, fetch), asked };
    };

    it('waits for the runs at work with that tag', async () => {
      const { seen, again, asked } = await inspected([atWork('bf1'), atWork('bf2', 'CANCELING')]);
      expect(seen).toMatchObject({ hold: 'limit', waitsFor: { kind: 'tag limit', name: 'dagster/backfill' } });
      expect(again).toEqual(seen);
      expect(asked.filter(({ body }) => JSON.stringify(body).includes('tardyInside'))).toHaveLength(1);
    });

    it.each([
      ['too few of which are at work', [atWork('bf1')]],
      ['one of which has not started', [atWork('bf1'), atWork('bf1', 'QUEUED')]],
    ])('is not held by runs %s', async (_, results) => {
      expect((await inspected(results)).seen?.hold).toBeUndefined();
    });
  });

  it('flags a queued run when the daemon that would launch it is dead', async () => {
    const daemonStatus = { required: true, healthy: false, lastHeartbeatTime: 1_795_420_271.999 };
    const instance = { runQueueConfig: { maxConcurrentRuns: 3 }, daemonHealth: { daemonStatus } };
    const { seen } = await look(queued, { data: { runOrError: {}, atWork: { count: 3 }, instance } });
    expect(seen?.hold).toBeUndefined();
    expect(seen?.flag).toMatchObject({ kind: 'worker_lost', since: 1_795_420_271_999 });
  });

  it('leaves alone what cannot be seen, and reads nothing about what has ended or waits', async () => {
    const { run, seen } = await look(started, { data: { runOrError: { __typename: 'RunNotFoundError' } } });
    expect(seen).toBe(run);
    expect((await look({ ...started, status: 'SUCCESS' }, {})).asked).toEqual([]);
    expect((await look({ ...started, status: 'SUSPENDED' }, {})).asked).toEqual([]);
  });
});

describe('a run', () => {
  const tagged = (tags: Readonly<Record<string, string>>) =>
    mapped({ ...started, tags: Object.entries(tags).map(([key, value]) => ({ key, value })) });

  it.each([
    [{ 'dagster/schedule_name': 'nightly' }, { kind: 'schedule', name: 'nightly' }],
    [{ 'dagster/sensor_name': 'new_file' }, { kind: 'event', name: 'new_file' }],
    [{ user: 'ana' }, { kind: 'user', name: 'ana' }],
    [{}, undefined],
  ])('tagged %j was started by %j', async (tags, initiator) => {
    expect((await tagged(tags)).initiator).toEqual(initiator);
  });

  it('has the deadline, the attempt and the partition that its tags name', async () => {
    const run = await tagged({
      'dagster/max_runtime': '600',
      'dagster/retry_number': '2',
      'dagster/partition': '2026-11-23',
      '.dagster/repository': 'x',
    });
    expect(run).toMatchObject({ attempt: 3, title: 'sleeping (2026-11-23)', labels: { partition: '2026-11-23' } });
    expect(run.deadlineAt).toBe((run.startedAt ?? 0) + 600_000);
  });

  it('of assets is called by what it makes', async () => {
    const one = await mapped({ ...started, assetSelection: [{ path: ['raw', 'users'] }] });
    expect(one.title).toBe('raw/users');
    const three = [{ path: ['a'] }, { path: ['b'] }, { path: ['c'] }];
    expect((await mapped({ ...started, assetSelection: three })).title).toBe('a and 2 more');
  });

  it('carries no more labels than a run may have', async () => {
    const many = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`tag${index}`, 'x']));
    expect(Object.keys((await tagged(many)).labels).length).toBeLessThan(64);
  });

  it('of Dagster+ is asked for with its own header', () => {
    expect(dagsterAdapter.credentialHeaders('t0ken', { url: '' })).toEqual({ 'dagster-cloud-api-token': 't0ken' });
  });
});
