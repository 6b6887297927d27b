import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../reading/body.js';
import { gather, fetchFrom } from '../testing/fetch.js';
import { sourceKind } from '../registry.js';
import { giteaAdapter, giteaSource } from './source.js';
import { blocked, giteaServer, runner, running, task, working } from './testing/server.js';

const url = 'https://git.example.com';
const RUNS = 'repos/t/web/actions/runs';
const source = giteaSource('ci', { url, repository: 't/web' });
const NONE = '1970-01-01T00:00:00Z';

const many = (count: number, fields: JsonObject, from = 1): JsonObject[] =>
  Array.from({ length: count }, (_, index) => ({ ...running, id: from + index, ...fields }));
const ended = { status: 'completed', conclusion: 'success', completed_at: '2026-11-28T02:25:00Z' };
const paths = (asked: readonly { readonly url: string }[]) =>
  asked.map(({ url: one }) => decodeURIComponent(one.replace(`${url}/api/v1/`, '')));

describe('the list of a repository', () => {
  it('is one request where nothing is active', async () => {
    const { runs, asked } = await gather(source, giteaServer({ [RUNS]: many(30, ended, 100) }));
    expect(runs).toEqual([]);
    expect(paths(asked)).toEqual([`${RUNS}?page=1&limit=50`]);
  });

  it('brings the reports of runners on what is at work, and which of them are offline', async () => {
    const jobs = [
      { ...working, runner_id: 1 },
      { ...working, id: 9, run_id: 2, runner_id: 2 },
    ];
    const other = { ...running, id: 2, html_url: 'https://git.example.com/t/web/actions/runs/2' };
    const { runs, asked, incomplete } = await gather(
      source,
      giteaServer({
        [RUNS]: [running, other, ...many(30, ended, 100)],
        'repos/t/web/actions/jobs': jobs,
        'repos/t/web/actions/tasks': [
          { ...task, updated_at: '2026-11-28T02:30:00Z' },
          { ...task, url: other.html_url },
        ],
        'admin/actions/runners': [
          { ...runner, status: 'offline' },
          { ...runner, id: 2 },
        ],
      }),
    );
    const heartbeatAt = Date.parse('2026-11-28T02:30:00Z');
    expect(runs).toMatchObject([
      { id: '1', heartbeatAt, flag: { kind: 'worker_lost', since: heartbeatAt } },
      { id: '2', heartbeatAt: Date.parse('2026-11-28T02:19:46Z'), flag: undefined },
    ]);
    expect(incomplete).toEqual([]);
    expect(paths(asked)).toEqual([
      `${RUNS}?page=1&limit=50`,
      'repos/t/web/actions/jobs?status=queued&status=waiting&status=in_progress&page=1&limit=50',
      'repos/t/web/actions/tasks?page=1&limit=50',
      'admin/actions/runners?page=1&limit=50',
    ]);
  });

  it('keeps the runs where their jobs cannot be read, and is incomplete', async () => {
    const { runs, incomplete } = await gather(
      source,
      giteaServer({ [RUNS]: [running], 'repos/t/web/actions/jobs': 500 }),
    );
    expect(runs).toHaveLength(1);
    expect(incomplete).toEqual(['What the runs do inside could not be read (http): HTTP 500']);
    const { fetch } = fetchFrom(giteaServer({ [`${RUNS}/1`]: running, [`${RUNS}/1/jobs`]: 500 }));
    await expect(source.get('1', fetch)).rejects.toMatchObject({ code: 'http' });
  });

  it('shows at once that no job of a run is left', async () => {
    const job = { ...working, status: 'completed', conclusion: 'success', completed_at: '2026-11-28T02:25:00Z' };
    const contents = { [RUNS]: [running], 'repos/t/web/actions/jobs': [], [`${RUNS}/1/jobs`]: [job] };
    const { runs } = await gather(source, giteaServer(contents, { date: '2026-11-28T03:00:00Z' }));
    expect(runs[0]?.flag?.text).toBe('Its only job has ended, yet the run is in progress.');
  });

  it('asks for all active statuses at once where there are many, with `limit`', async () => {
    const rows = [...many(60, ended, 100), ...many(70, {}, 200)];
    const { runs, asked, incomplete } = await gather(source, giteaServer({ [RUNS]: rows }));
    expect(runs).toHaveLength(70);
    expect(incomplete).toEqual([]);
    const filter = 'status=queued&status=waiting&status=in_progress';
    expect(paths(asked).filter((path) => path.startsWith(RUNS))).toEqual([
      `${RUNS}?page=1&limit=50`,
      `${RUNS}?${filter}&page=1&limit=50`,
      `${RUNS}?${filter}&page=2&limit=50`,
      `${RUNS}?status=completed&page=1&limit=1`,
    ]);
  });

  it('follows the page size that the administrator allows', async () => {
    const rows = [...many(12, {}), ...many(12, ended, 100)];
    const { runs, incomplete } = await gather(source, giteaServer({ [RUNS]: rows }, { most: 5 }));
    expect(runs).toHaveLength(12);
    expect(incomplete).toEqual([]);
  });

  it('finds runs that are being cancelled, which no filter finds', async () => {
    const rows = [...many(80, ended, 100), ...many(1, {}, 7), ...many(40, ended, 300), ...many(1, {}, 8)];
    const { runs, incomplete } = await gather(source, giteaServer({ [RUNS]: rows }, { cancelling: [7, 8] }));
    expect(runs.map(({ id }) => id)).toEqual(['7', '8']);
    expect(incomplete).toEqual([]);
  });

  it('says so where such a run is too far back', async () => {
    const rows = [...many(1100, ended, 100), ...many(1, {}, 7)];
    const { runs, incomplete } = await gather(source, giteaServer({ [RUNS]: rows }, { cancelling: [7] }));
    expect(runs).toEqual([]);
    expect(incomplete).toEqual([
      'Gitea counts 1 runs that are being cancelled and are not among the latest 1000: its list cannot be asked for them.',
    ]);
  });

  it('reads recent runs and, of all, every one', async () => {
    const rows = [running, ...many(120, ended, 100)];
    const recent = await gather(source, giteaServer({ [RUNS]: rows }), { activity: 'recent', limit: 10 });
    expect(recent.runs).toHaveLength(10);
    const all = await gather(source, giteaServer({ [RUNS]: rows }), { activity: 'all' });
    expect(all.runs).toHaveLength(121);
  });

  it('takes the first unfinished job for the time at which a run was queued, over all pages of jobs', async () => {
    const queued = { ...running, status: 'queued', started_at: NONE };
    const job = (id: number, createdAt: string, run = 1) => ({ ...blocked, id, run_id: run, created_at: createdAt });
    const jobs = [
      ...Array.from({ length: 60 }, (_, index) => job(index, '2026-11-28T01:00:00Z', 9)),
      job(100, '2026-11-28T03:00:00Z'),
      job(101, '2026-11-28T02:00:00Z'),
    ];
    const { runs, asked } = await gather(source, giteaServer({ [RUNS]: [queued], 'repos/t/web/actions/jobs': jobs }));
    expect(runs[0]?.queuedAt).toBe(Date.parse('2026-11-28T02:00:00Z'));
    expect(paths(asked)[1]).toBe(
      'repos/t/web/actions/jobs?status=queued&status=waiting&status=in_progress&page=1&limit=50',
    );
  });

  it('knows no time of a run that an old server runs again: its jobs keep the one of their first life', async () => {
    const queued = { ...running, status: 'queued', started_at: NONE, run_attempt: 0 };
    const job = { ...blocked, run_id: 1, status: 'queued' };
    const jobs = (attempt: number) => [{ ...job, run_attempt: attempt }];
    const at = async (attempt: number) =>
      (await gather(source, giteaServer({ [RUNS]: [queued], 'repos/t/web/actions/jobs': jobs(attempt) }))).runs[0];
    expect((await at(0))?.queuedAt).toBe(Date.parse('2026-11-28T02:19:42Z'));
    expect((await at(1))?.queuedAt).toBeUndefined();
  });
});

describe('a server without a list of runs', () => {
  const RUN = 'https://git.example.com/t/web/actions/runs/';
  const tasks = [
    { ...task, id: 5, url: `${RUN}3`, status: 'running', updated_at: '2026-11-28T03:00:00Z' },
    { ...task, id: 4, url: `${RUN}3`, name: 'lint', status: 'success' },
    { ...task, id: 3, url: `${RUN}2`, status: 'failure' },
    { ...task, id: 2, url: `${RUN}2`, status: 'success' },
    { ...task, id: 1, url: `${RUN}1`, status: 'cancelling' },
  ];
  const server = giteaServer({ 'repos/t/web/actions/tasks': tasks });

  it('is read by its tasks, with their reports as heartbeats, and says what is not seen', async () => {
    const { runs, notes } = await gather(source, server);
    expect(runs).toMatchObject([
      { id: '3', type: 'ci.yml', status: 'running', heartbeatAt: Date.parse('2026-11-28T03:00:00Z') },
      { id: '1', status: 'running', native: { status: 'cancelling' } },
    ]);
    expect(notes).toEqual([
      'This server lists only what a runner has taken: runs that wait for one are not seen (Gitea before 1.25).',
    ]);
  });

  it('gives ended runs and single ones', async () => {
    const { runs } = await gather(source, server, { activity: 'recent' });
    expect(runs.find(({ id }) => id === '2')).toMatchObject({ status: 'completed', outcome: 'failed' });
    const { fetch } = fetchFrom(server);
    expect(await source.get('3', fetch)).toMatchObject({ id: '3', status: 'running' });
    expect(await source.get('99', fetch)).toBeUndefined();
  });

  it('is none where there is no repository', async () => {
    expect((await gather(source, giteaServer({}))).error?.status).toBe(404);
  });
});

describe('all of an owner', () => {
  const owner = giteaSource('ci', { url, owner: 't' });
  const repository = { name: 'web', full_name: 't/web', archived: false, has_actions: true };

  it('is the list of the user whose token it is', async () => {
    const { runs, asked } = await gather(owner, giteaServer({ user: { login: 'T' }, 'user/actions/runs': [running] }));
    expect(runs.map(({ id }) => id)).toEqual(['web/1']);
    expect(paths(asked)).toContain('user/actions/runs?page=1&limit=50');
  });

  it('is read by its repositories where there is no list for this token', async () => {
    const others = [
      { ...repository, name: 'old', full_name: 't/old', archived: true },
      { ...repository, name: 'notes', full_name: 't/notes', has_actions: false },
    ];
    const server = giteaServer({ user: { login: 'somebody' }, [RUNS]: [running] });
    const { runs, notes } = await gather(owner, (at, request) =>
      at.pathname.endsWith('/users/t/repos') ? { body: [repository, ...others] } : server(at, request),
    );
    expect(runs.map(({ id }) => id)).toEqual(['web/1']);
    expect(notes).toEqual(['Repositories that were not read: 1 archived, 1 without Actions.']);
  });

  it('is never empty for want of a right', async () => {
    const { error } = await gather(owner, (at) =>
      at.pathname.endsWith('/users/t/repos') ? { body: [] } : { status: 404, body: {} },
    );
    expect(error).toMatchObject({
      code: 'not_found',
      message: expect.stringContaining('no repository of t') as string,
    });
  });

  it('names repositories that came without a name, and follows links', async () => {
    const next = `<${url}/api/v1/users/t/repos?page=2&limit=50>; rel="next"`;
    const server = giteaServer({ [RUNS]: [running] });
    const { runs, incomplete } = await gather(owner, (at, request) => {
      if (!at.pathname.endsWith('/users/t/repos')) return server(at, request);
      return at.searchParams.get('page') === '1' ? { body: [{}], headers: { link: next } } : { body: [repository] };
    });
    expect(runs).toHaveLength(1);
    expect(incomplete).toEqual(['1 repositories came without a name.']);
  });
});

it('reads all that a token may see where it is not an administrator of the instance', async () => {
  const repository = { name: 'web', full_name: 't/web', archived: false, has_actions: true };
  const server = giteaServer({ 'admin/actions/runs': 403, [RUNS]: [running] });
  const all = giteaSource('ci', { url });
  const answer: typeof server = (at, request) =>
    at.pathname.endsWith('/repos/search') ? { body: { ok: true, data: [repository] } } : server(at, request);
  const { runs, notes } = await gather(all, answer);
  expect(runs.map(({ id }) => id)).toEqual(['t/web/1']);
  expect(notes).toEqual(["The token is not an administrator's: 1 repositories that it may see were read."]);
});

describe('how a source is written', () => {
  const of = (rest: string, environment = {}) => giteaAdapter.configFromUri?.(rest, environment);

  it.each([
    ['https://git.example.com/acme/web', { url: 'https://git.example.com/', repository: 'acme/web' }],
    ['https://git.example.com/acme', { url: 'https://git.example.com/', owner: 'acme' }],
    ['https://git.example.com/', { url: 'https://git.example.com/' }],
    ['https://example.com/git/acme/web', { url: 'https://example.com/git/', repository: 'acme/web' }],
  ])('reads %s', (rest, config) => expect(of(rest)).toEqual(config));

  it.each([
    ['GITEA_SERVER_URL', { GITEA_SERVER_URL: 'https://git.example.com' }],
    ['a job of Forgejo', { FORGEJO_ACTIONS: 'true', FORGEJO_SERVER_URL: 'https://git.example.com' }],
    ['a job of Gitea', { GITEA_ACTIONS: 'true', GITHUB_SERVER_URL: 'https://git.example.com' }],
  ])('takes the server from %s', (_, environment) => {
    expect(of('acme/web', environment)).toEqual({ url: 'https://git.example.com', repository: 'acme/web' });
    expect(of('acme', environment)).toEqual({ url: 'https://git.example.com', owner: 'acme' });
  });

  it.each([
    ['acme/web', 'Name the server: gitea:https://git.example.com/owner/repo'],
    ['ftp://git.example.com/acme', 'Only http and https URLs are supported.'],
    ['https://git.example.com/acme/we%20b', 'Write it as gitea:https://'],
    ['https://git.example.com/acme/web?x=1', 'cannot have a query'],
  ])('refuses %s', (rest, message) =>
    expect(() => of(rest, { GITHUB_SERVER_URL: 'https://github.com' })).toThrow(message),
  );

  it('takes a repository, an owner or neither in a config, and not both', async () => {
    const open = (config: unknown) => sourceKind('gitea').open('ci', config);
    expect((await open({ url, repository: 'acme/web' })).source.address).toBe('https://git.example.com/api/v1/');
    await expect(open({ url, owner: 'acme' })).resolves.toBeDefined();
    await expect(open({ url: 'https://example.com/git/api/v1' })).resolves.toMatchObject({
      source: { address: 'https://example.com/git/api/v1/' },
    });
    await expect(open({ url, owner: 'acme', repository: 'acme/web' })).rejects.toThrow('or neither for all');
    await expect(open({ repository: 'acme/web' })).rejects.toThrow('url: ');
  });

  it('sends a token as Gitea wants it', () => {
    expect(giteaAdapter.credentialHeaders('t', { url })).toEqual({ authorization: 'token t' });
  });
});

describe('the job that it belongs to', () => {
  const { ciJob, secretUrls } = sourceKind('gitea');
  const github = { GITHUB_ACTIONS: 'true', GITHUB_REPOSITORY: 'acme/web', GITHUB_SERVER_URL: url, GITHUB_TOKEN: 's' };

  it.each(['GITEA_ACTIONS', 'FORGEJO_ACTIONS'])(
    'is known by %s, though its runner sets the variables of GitHub',
    (name) => {
      const environment = { ...github, [name]: 'true' };
      expect(ciJob?.(environment)).toEqual({
        place: 'acme/web',
        config: { repository: 'acme/web', url },
        tokenVariable: 'GITHUB_TOKEN',
        headerVariables: {},
      });
      expect(sourceKind('github').ciJob?.(environment)).toBeUndefined();
      expect(ciJob?.({ ...environment, GITEA_TOKEN: 't' })?.tokenVariable).toBe('GITEA_TOKEN');
      expect(secretUrls?.(environment)).toEqual({ GITEA_TOKEN: url, FORGEJO_TOKEN: url, GITEA_SERVER_TOKEN: url });
    },
  );

  it('is none on GitHub', () => {
    expect(ciJob?.(github)).toBeUndefined();
    expect(secretUrls?.(github)).toEqual({});
  });
});
