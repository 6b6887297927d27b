import { describe, expect, it } from 'vitest';
import { githubSource } from './source.js';
import { fetchFrom, gather, type Server } from '../testing/fetch.js';
import { many, organisation, repositoryList, repositoryRow, workflowRun, type Repository } from './testing/server.js';

const source = githubSource('acme', { owner: 'acme' });
const inProgress = { ...workflowRun, status: 'in_progress' };
const failing =
  (status: number): Server =>
  () => ({ status, body: { message: 'no' } });

/** What was asked for, without the host and what is the same in all. */
const pathsOf = (asked: readonly { readonly url: string }[]) =>
  asked.map(({ url }) =>
    url.replace('https://api.github.com', '').replace(/&?(per_page|exclude_pull_requests)=\w+/g, ''),
  );

describe('all repositories of an organisation', () => {
  it('are read, with one request each where they are quiet', async () => {
    const repositories: Repository[] = [
      { name: 'web', runs: [inProgress, ...many(3, { status: 'completed', conclusion: 'success' })] },
      { name: 'empty', runs: [] },
      { name: 'api', runs: [{ ...inProgress, id: 7, run_attempt: 2 }] },
    ];
    const { runs, incomplete, error, asked } = await gather(source, organisation(repositories));
    expect({ incomplete, error }).toEqual({ incomplete: [], error: undefined });
    expect(runs.map(({ id }) => id)).toEqual(['web/30433642', 'api/7']);
    expect(pathsOf(asked)).toEqual([
      '/orgs/acme/repos?type=all&sort=pushed',
      '/repos/acme/web/actions/runs?',
      '/repos/acme/empty/actions/runs?',
      '/repos/acme/api/actions/runs?',
    ]);
  });

  it('give runs of equal ids apart from each other', async () => {
    const { runs } = await gather(source, organisation(['web', 'api'].map((name) => ({ name, runs: [inProgress] }))));
    expect(runs.map(({ id }) => id)).toEqual(['web/30433642', 'api/30433642']);
  });

  it('are asked for each active status where there are more runs than a page holds', async () => {
    const old = { ...inProgress, id: 9001 };
    const busy = [...many(120, { status: 'completed', conclusion: 'success' }), old];
    const { runs, asked } = await gather(source, organisation([{ name: 'web', runs: busy }]));
    expect(runs.map(({ id }) => id)).toEqual(['web/9001']);
    expect(asked).toHaveLength(1 + 1 + 6);
  });

  it('are all found, however many', async () => {
    const repositories = Array.from({ length: 250 }, (_, index) => ({ name: `repo-${index}`, runs: [inProgress] }));
    const { runs, asked } = await gather(source, organisation(repositories));
    expect(runs).toHaveLength(250);
    expect(asked).toHaveLength(3 + 250);
  });

  it('are read a few at a time', async () => {
    const server = organisation(Array.from({ length: 40 }, (_, index) => ({ name: `repo-${index}`, runs: [] })));
    const { fetch } = fetchFrom(server);
    let now = 0;
    let most = 0;
    const slow: typeof fetch = async (request) => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setTimeout(resolve, 1));
      now--;
      return fetch(request);
    };
    let pages = 0;
    for await (const _ of source.list({ activity: 'active' }, slow)) pages++;
    expect(pages).toBe(41);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThan(9);
  });

  it('that are archived or disabled are not read, and that is told', async () => {
    const repositories: Repository[] = [
      { name: 'web', runs: [inProgress] },
      { name: 'old', runs: [inProgress], fields: { archived: true } },
      { name: 'off', runs: [inProgress], fields: { disabled: true } },
    ];
    const { runs, incomplete, notes } = await gather(source, organisation(repositories));
    expect(runs.map(({ id }) => id)).toEqual(['web/30433642']);
    expect({ incomplete, notes }).toEqual({
      incomplete: [],
      notes: ['Repositories that were not read: 2 archived or disabled.'],
    });
  });

  it('are left out where they were not pushed to for longer than is asked, and that is told', async () => {
    const repositories: Repository[] = [
      { name: 'web', runs: [inProgress], fields: { pushed_at: '2026-11-20T00:00:00Z' } },
      { name: 'edge', runs: [inProgress], fields: { pushed_at: '2026-11-16T09:00:00Z' } },
      { name: 'quiet', runs: [inProgress], fields: { pushed_at: '2026-11-16T08:59:59Z' } },
      { name: 'new', runs: [inProgress], fields: { pushed_at: null } },
    ];
    const weekly = githubSource('acme', { owner: 'acme', pushed: '7d' });
    const server = organisation(repositories, (answer) => ({
      ...answer,
      headers: { ...answer.headers, date: 'Mon, 23 Nov 2026 09:00:00 GMT' },
    }));
    const { runs, incomplete, notes } = await gather(weekly, server);
    expect(runs.map(({ id }) => id)).toEqual(['web/30433642', 'edge/30433642', 'new/30433642']);
    expect({ incomplete, notes }).toEqual({
      incomplete: [],
      notes: ['Repositories that were not read: 1 not pushed to since 2026-11-16T09:00:00Z.'],
    });
  });

  it('of which one fails are read all the same, and the one is named', async () => {
    const repositories: Repository[] = [
      { name: 'web', runs: [inProgress] },
      { name: 'secret', runs: failing(403) },
      { name: 'api', runs: [inProgress] },
    ];
    const { runs, incomplete, error } = await gather(source, organisation(repositories));
    expect(runs.map(({ id }) => id)).toEqual(['web/30433642', 'api/30433642']);
    expect(incomplete).toEqual(['acme/secret could not be read completely (http): HTTP 403']);
    expect(error).toBeUndefined();
  });

  it('are not asked further once GitHub allows no more, and it is told how many were read', async () => {
    const repositories = Array.from({ length: 30 }, (_, index) => ({ name: `repo-${index}`, runs: [inProgress] }));
    let left = 6;
    const server = organisation(repositories, (answer) => ({
      ...answer,
      headers: { ...answer.headers, 'x-ratelimit-remaining': String(--left), 'x-ratelimit-reset': '1795424400' },
    }));
    const { runs, error, asked } = await gather(source, server);
    expect(runs).toHaveLength(5);
    expect(asked).toHaveLength(6);
    expect(error).toMatchObject({
      code: 'rate_limited',
      message: 'GitHub allows no more requests before 2026-11-23T09:00:00Z. 5 of 30 repositories were read completely.',
    });
  });

  it('that are none are an error', async () => {
    expect((await gather(source, organisation([]))).error?.code).toBe('not_found');
  });

  it('are none where the name is that of nobody', async () => {
    const { error } = await gather(source, () => ({ status: 404, body: { message: 'Not Found' } }));
    expect(error).toMatchObject({ status: 404 });
  });

  it('that come without a usable name make the result incomplete', async () => {
    const rows = [repositoryRow('acme', 'web'), repositoryRow('acme', '..'), repositoryRow('acme', 'a/../../b')];
    const server = organisation([{ name: 'web', runs: [] }]);
    const { incomplete, asked } = await gather(source, (url, request) =>
      url.pathname === '/orgs/acme/repos' ? repositoryList(rows, url) : server(url, request),
    );
    expect(incomplete).toEqual(['2 of the repositories of acme came without a name.']);
    expect(asked).toHaveLength(2);
  });
});

describe('all repositories of a user', () => {
  const answer = organisation(['open', 'own'].map((name) => ({ name, runs: [inProgress] })));
  const user =
    (own: Server): Server =>
    (url, request) => {
      if (url.pathname === '/orgs/acme/repos') return { status: 404, body: {} };
      if (url.pathname === '/users/acme/repos') return repositoryList([repositoryRow('acme', 'open')], url);
      return url.pathname === '/user/repos' ? own(url, request) : answer(url, request);
    };

  it('are those that all may see, and those that the credential may', async () => {
    const rows = [repositoryRow('Acme', 'own'), repositoryRow('elsewhere', 'theirs'), repositoryRow('acme', 'open')];
    const { runs, error } = await gather(
      source,
      user((url) => repositoryList(rows, url)),
    );
    expect(error).toBeUndefined();
    expect(runs.map(({ id }) => id)).toEqual(['own/30433642', 'open/30433642']);
  });

  it.each([401, 403])('are those that all may see where the credential is no user (%i)', async (status) => {
    const { runs, error } = await gather(source, user(failing(status)));
    expect(error).toBeUndefined();
    expect(runs.map(({ id }) => id)).toEqual(['open/30433642']);
  });
});

describe('a run of one of many repositories', () => {
  const answers = organisation([{ name: 'web', runs: () => ({ body: inProgress }) }]);

  it('is read again in its own', async () => {
    const { fetch, asked } = fetchFrom(answers);
    expect(await source.get('web/30433642', fetch)).toMatchObject({ id: 'web/30433642', status: 'running' });
    expect(pathsOf(asked)).toEqual(['/repos/acme/web/actions/runs/30433642']);
  });

  it.each(['30433642', '../30433642', '/30433642', 'we b/1'])('is none where its id is %s', async (id) => {
    const { fetch, asked } = fetchFrom(answers);
    expect(await source.get(id, fetch)).toBeUndefined();
    expect(asked).toEqual([]);
  });

  it('is looked behind in its own', async () => {
    const { fetch, asked } = fetchFrom((url, request) =>
      url.pathname.endsWith('/jobs') ? { body: { total_count: 0, jobs: [] } } : answers(url, request),
    );
    const run = await source.get('web/30433642', fetch);
    if (run === undefined) throw new Error('No run.');
    const seen = await source.inspect?.({ ...run, status: 'queued' }, fetch);
    expect(seen).toMatchObject({ id: 'web/30433642', flag: { kind: 'stuck' } });
    expect(pathsOf(asked).at(-1)).toBe('/repos/acme/web/actions/runs/30433642/jobs?');
  });
});
