import { describe, expect, it } from 'vitest';
import { classify } from '../classify.js';
import { createPolicy } from '../policy.js';
import type { Run } from '../run.js';
import type { JsonObject } from './body.js';
import { GITHUB_ACTIVE, githubAdapter, githubApi, githubSource } from './github-source.js';
import { fetchFrom, gather, type Server } from './test-fetch.js';
import { answerOf, description, example } from './test-github-api.js';

const source = githubSource('octo', { repository: 'octo-org/octo-repo' });
const row = (example('workflow-run-paginated')['workflow_runs'] as JsonObject[])[0] ?? {};
const published = (example('job-paginated')['jobs'] as JsonObject[])[0] ?? {};
/** The published example lacks a field that the published schema requires. */
const job: JsonObject = { ...published, created_at: published['started_at'] };
const isRunList = answerOf('/repos/{owner}/{repo}/actions/runs');
const isJobList = answerOf('/repos/{owner}/{repo}/actions/runs/{run_id}/jobs');

/** A GitHub that keeps to its published description: filters by one status, pages of what was asked, at most 1,000 filtered. */
function github(
  rows: readonly JsonObject[],
  counts: (page: number, held: number) => number = (_, held) => held,
): Server {
  return (url) => {
    const search = url.searchParams;
    const status = search.get('status');
    const size = Number(search.get('per_page') ?? 30);
    const page = Number(search.get('page') ?? 1);
    const all = rows.filter((one) => status === null || one['status'] === status || one['conclusion'] === status);
    const reachable = status === null ? all : all.slice(0, 1000);
    const next = new URL(url);
    next.searchParams.set('page', String(page + 1));
    const body = {
      total_count: counts(page, all.length),
      workflow_runs: reachable.slice((page - 1) * size, page * size),
    };
    conform(isRunList, body);
    return { body, headers: page * size < reachable.length ? { link: `<${next.href}>; rel="next"` } : {} };
  };
}

/** The fake sends nothing that GitHub's own description rules out. */
function conform(validate: typeof isRunList, body: unknown): void {
  if (!validate(body)) throw new Error(JSON.stringify(validate.errors));
}

const many = (count: number, fields: JsonObject) =>
  Array.from({ length: count }, (_, index) => ({ ...row, id: index + 1, ...fields }));

async function mapped(fields: JsonObject): Promise<Run> {
  const { runs, issues } = await gather(source, github([{ ...row, ...fields }]), { activity: 'all' });
  expect(issues).toEqual([]);
  if (runs[0] === undefined) throw new Error('No run.');
  return runs[0];
}

describe('what GitHub publishes', () => {
  const vocabulary = description.components.parameters['workflow-run-status']?.schema.enum ?? [];
  const suite = description.components.schemas['simple-check-suite']?.['properties'] as Record<
    string,
    { enum: string[] }
  >;
  const conclusions = suite['conclusion']?.enum ?? [];
  const statuses = vocabulary.filter((name) => name !== 'completed' && !conclusions.includes(name));

  it('asks for every status that is neither the end nor a conclusion, and for no other', () => {
    expect([...GITHUB_ACTIVE].sort()).toEqual([...statuses].sort());
  });

  it.each(statuses)('knows the status %s', async (status) => {
    expect(await mapped({ status })).toMatchObject({ outcome: 'pending', native: { status } });
  });

  it.each(conclusions)('knows the conclusion %s', async (conclusion) => {
    const run = await mapped({ status: 'completed', conclusion });
    expect(run).toMatchObject({ status: 'completed', native: { status: 'completed', outcome: conclusion } });
    expect(run.outcome).not.toBe('unknown');
  });

  it('reads the published example', async () => {
    const { runs } = await gather(source, () => ({ body: example('workflow-run-paginated') }), { activity: 'all' });
    expect(runs).toEqual([
      {
        id: '30433642',
        source: 'octo',
        type: 'Build',
        title: 'Update README.md',
        workspace: { id: 'octocat', name: undefined },
        tenant: undefined,
        status: 'queued',
        outcome: 'pending',
        hold: undefined,
        holdSince: undefined,
        queuedAt: Date.parse('2020-01-22T19:33:08Z'),
        notBefore: undefined,
        startedAt: undefined,
        heartbeatAt: undefined,
        endedAt: undefined,
        deadlineAt: undefined,
        attempt: 1,
        flag: undefined,
        progress: undefined,
        reconciliation: undefined,
        failure: undefined,
        initiator: { kind: 'event', name: 'octocat' },
        url: 'https://github.com/octo-org/octo-repo/actions/runs/30433642',
        labels: {
          repository: 'octocat/Hello-World',
          branch: 'master',
          event: 'push',
          sha: 'acb5820ced9479c074f688cc328bf03f341a511d',
        },
        native: { status: 'queued', outcome: undefined },
      },
    ]);
  });

  it('judges a run whose status is null as one that cannot be judged', async () => {
    const run = await mapped({ status: null });
    expect(run).toMatchObject({ outcome: 'unknown', native: { status: 'none' } });
    expect(classify(run, createPolicy({ version: 1 }), run.queuedAt ?? 0).state).toBe('unknown');
  });

  it.each([
    ['workflow_dispatch', 'user'],
    ['schedule', 'schedule'],
    ['repository_dispatch', 'api'],
    ['pull_request', 'event'],
  ])('takes a run that %s caused for one of %s', async (event, kind) => {
    expect((await mapped({ event })).initiator).toEqual({ kind, name: 'octocat' });
  });
});

describe('lists', () => {
  it('reads every page of every active status, each run once', async () => {
    const rows = [
      ...many(250, { status: 'in_progress' }),
      { ...row, id: 9001 },
      { ...row, id: 9002, status: 'waiting' },
    ];
    const { runs, incomplete, asked } = await gather(source, github(rows));
    expect(incomplete).toEqual([]);
    expect(runs).toHaveLength(252);
    expect(asked).toHaveLength(5 + 2 + 1);
    expect(asked[0]).toEqual({
      url: 'https://api.github.com/repos/octo-org/octo-repo/actions/runs?status=requested&per_page=100&exclude_pull_requests=true',
      headers: { accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' },
    });
  });

  it('finds a run in a status that is not known among the latest, and none of those that have ended', async () => {
    const rows = [
      { ...row, id: 9001, status: 'hibernating', conclusion: null },
      { ...row, id: 9002, status: 'queued', conclusion: null },
      { ...row, id: 9003, status: 'completed', conclusion: 'success' },
    ];
    const { runs } = await gather(source, github(rows));
    expect(runs.map(({ id, outcome, native }) => [id, outcome, native?.status])).toEqual([
      ['9002', 'pending', 'queued'],
      ['9001', 'unknown', 'hibernating'],
    ]);
  });

  it('says that GitHub lists no more than 1,000 runs of one status', async () => {
    const { runs, incomplete } = await gather(source, github(many(1234, { status: 'queued' })));
    expect(runs).toHaveLength(1000);
    expect(incomplete).toEqual(['GitHub lists no more than 1000 runs of one status; there are 1234 queued runs.']);
  });

  it('reads a status a second time when runs left the list meanwhile', async () => {
    let rows = many(150, { status: 'queued' });
    const server: Server = (url, request) => {
      const answer = github(rows)(url, request);
      // Once the first page is out, one of its runs ends, and the run at the edge slips onto it unseen.
      if (url.searchParams.get('status') === 'queued') rows = rows.filter(({ id }) => id !== 7);
      return answer;
    };
    const { runs, incomplete, asked } = await gather(source, server);
    expect(runs).toHaveLength(150);
    expect(incomplete).toEqual([]);
    expect(asked.filter(({ headers }) => headers?.['cache-control'] === 'no-cache')).toHaveLength(2);
  });

  it('says that fewer runs came than were counted, when they do so twice', async () => {
    const server = github(many(150, { status: 'queued' }), (page, held) => (page === 1 && held > 0 ? held + 1 : held));
    const { incomplete } = await gather(source, server);
    expect(incomplete).toEqual(['GitHub counts 151 queued runs and sent 150: the list changed while it was read.']);
  });

  it('adds the latest runs of any status, no more than asked for, and cuts none that is active', async () => {
    const rows = [
      ...many(30, { status: 'completed', conclusion: 'success' }),
      { ...row, id: 9001, status: 'in_progress' },
    ];
    const { runs, asked, incomplete } = await gather(source, github(rows), { activity: 'recent', limit: 10 });
    expect(runs.map(({ id }) => id)).toEqual(['9001', '1', '2', '3', '4', '5', '6', '7', '8', '9', '10']);
    expect(asked.map(({ url }) => new URL(url).searchParams.get('status'))).toEqual([...GITHUB_ACTIVE, null]);
    expect(incomplete).toEqual([]);
  });
});

describe('a look at the jobs', () => {
  const jobs = (...list: JsonObject[]): Server => {
    const body = { total_count: list.length, jobs: list };
    conform(isJobList, body);
    return () => ({ body });
  };
  const look = async (fields: JsonObject, server: Server) => {
    const run = await mapped(fields);
    const { fetch, asked } = fetchFrom(server);
    return { run, seen: await source.inspect?.(run, fetch), asked };
  };
  const atWork = { ...job, status: 'in_progress', conclusion: null, completed_at: null };

  it('flags a run in progress all of whose jobs have completed, since the last of them did', async () => {
    const { seen, asked } = await look(
      { status: 'in_progress' },
      jobs(job, { ...job, completed_at: '2020-01-20T18:00:00Z' }),
    );
    expect(seen?.flag).toEqual({
      kind: 'stuck',
      text: 'All 2 jobs have completed, yet the run is in progress.',
      since: Date.parse('2020-01-20T18:00:00Z'),
    });
    expect(asked[0]?.url).toBe(
      'https://api.github.com/repos/octo-org/octo-repo/actions/runs/30433642/jobs?per_page=100',
    );
  });

  it('leaves a run alone while a job is at work, or when not all jobs were sent', async () => {
    const working = await look({ status: 'in_progress' }, jobs(job, atWork));
    expect(working.seen).toBe(working.run);
    const partial = await look({ status: 'in_progress' }, () => ({ body: { total_count: 300, jobs: [job] } }));
    expect(partial.seen).toBe(partial.run);
  });

  it('counts a queued run as running when a job is at work', async () => {
    const { seen } = await look({ status: 'queued' }, jobs(atWork, { ...job, status: 'queued', conclusion: null }));
    expect(seen).toMatchObject({ status: 'running', startedAt: Date.parse('2020-01-20T17:42:40Z'), flag: undefined });
  });

  it('flags a run that is queued without a single job', async () => {
    const { seen } = await look({ status: 'queued' }, jobs());
    expect(seen?.flag).toMatchObject({ kind: 'stuck', text: 'The run is queued without a single job.' });
  });

  it('asks nothing about a run that rightly waits', async () => {
    const { asked } = await look({ status: 'waiting' }, jobs());
    expect(asked).toEqual([]);
  });
});

describe('githubApi', () => {
  it.each([
    [undefined, 'https://api.github.com/'],
    ['https://github.com', 'https://api.github.com/'],
    ['https://git.example.com', 'https://git.example.com/api/v3/'],
    ['https://git.example.com/api/v3', 'https://git.example.com/api/v3/'],
    ['https://api.octocorp.ghe.com', 'https://api.octocorp.ghe.com/'],
  ])('of %s is %s', (server, api) => {
    expect(githubApi(server)).toBe(api);
  });

  it.each(['octo', 'octo/', '../octo', 'octo/..', 'octo/repo/more', 'octo/repo?x=1'])(
    'refuses the repository %s',
    (rest) => {
      expect(() => githubAdapter.configFromUri?.(rest)).toThrow('A repository is written github:owner/repo');
    },
  );
});
