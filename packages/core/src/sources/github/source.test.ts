import { describe, expect, it } from 'vitest';
import { classify } from '../../classify.js';
import { createPolicy } from '../../policy.js';
import type { Run } from '../../run.js';
import type { JsonObject } from '../reading/body.js';
import { GITHUB_ACTIVE } from './repository.js';
import { githubAdapter, githubSource } from './source.js';
import { gather, type Server } from '../testing/fetch.js';
import { description, example } from './testing/published-api.js';
import { github, many, workflowRun as row } from './testing/server.js';

const source = githubSource('octo', { repository: 'octo-org/octo-repo' });

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

  it('asks for every status that is neither the end nor a conclusion, for runs that await approval, and for no other', () => {
    expect([...GITHUB_ACTIVE].sort()).toEqual(['action_required', ...statuses].sort());
  });

  it.each(statuses)('knows the status %s', async (status) => {
    expect(await mapped({ status })).toMatchObject({ outcome: 'pending', native: { status } });
  });

  it.each(conclusions.filter((word) => word !== 'action_required'))('knows the conclusion %s', async (conclusion) => {
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
        tenant: { id: 'octocat/Hello-World', name: undefined },
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
    expect(asked).toHaveLength(1 + 6 + 2);
    expect(asked[2]).toEqual({
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
      ['9001', 'unknown', 'hibernating'],
      ['9002', 'pending', 'queued'],
    ]);
  });

  it('asks once where the latest runs are all that there are', async () => {
    const rows = [...many(99, { status: 'completed', conclusion: 'success' }), { ...row, id: 9001, status: 'waiting' }];
    const { runs, incomplete, asked } = await gather(source, github(rows));
    expect(runs.map(({ id, hold }) => [id, hold])).toEqual([['9001', 'approval']]);
    expect(incomplete).toEqual([]);
    expect(asked).toHaveLength(1);
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

  it('reads the history back to a time, and no further', async () => {
    const now = Date.UTC(2026, 10, 23);
    const rows = Array.from({ length: 2000 }, (_, hour) => {
      const at = new Date(now - hour * 3_600_000).toISOString();
      return {
        ...row,
        id: hour + 1,
        status: 'completed',
        conclusion: 'success',
        created_at: at,
        run_started_at: at,
        updated_at: at,
      };
    });
    const history = { activity: 'all', endedSince: now - 10 * 86_400_000 } as const;
    const { runs, asked, incomplete } = await gather(source, github(rows), history);
    // 17 days of 24 runs are on five pages; the sixth is past them, and the seventh was requested meanwhile.
    expect({ runs: runs.length, asked: asked.length, incomplete }).toEqual({ runs: 600, asked: 7, incomplete: [] });
  });
});

describe('a URI of GitHub', () => {
  it('names a repository, or an owner of many', () => {
    expect(githubAdapter.configFromUri?.('octo-org/octo.repo')).toEqual({ repository: 'octo-org/octo.repo' });
    expect(githubAdapter.configFromUri?.('octo-org')).toEqual({ owner: 'octo-org' });
  });

  it.each(['', 'octo/', '../octo', 'octo/..', '..', 'octo/repo/more', 'octo/repo?x=1', 'octo?x=1'])(
    'is not %s',
    (rest) => {
      expect(() => githubAdapter.configFromUri?.(rest)).toThrow('Write a repository as github:owner/repo');
    },
  );
});
