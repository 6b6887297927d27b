import { describe, expect, it } from 'vitest';
import { classify } from '../../classify.js';
import { createPolicy } from '../../policy.js';
import type { JsonObject } from '../reading/body.js';
import { gitlabConfigSchema } from './config.js';
import { GITLAB_ACTIVE } from './project.js';
import { GITLAB_STATES } from './run.js';
import { gitlabAdapter, gitlabSource } from './source.js';
import type { Source } from '../source.js';
import { gather, type Server } from '../testing/fetch.js';
import { gitlab, GITLAB_VOCABULARY, gitlabRows, group } from './testing/server.js';

const source = gitlabSource('ci', { project: 'foo/bar' });
const { pending, running, passed } = gitlabRows;
const many = (count: number, fields: JsonObject) =>
  Array.from({ length: count }, (_, index) => ({ ...passed, id: index + 1, ...fields }));
const statusesOf = (asked: readonly { readonly url: string }[]) =>
  asked.map(({ url }) => new URL(url).searchParams.get('status'));

describe('the statuses that GitLab describes', () => {
  it('are all known, and no others', () => {
    expect(Object.keys(GITLAB_STATES).sort()).toEqual([...GITLAB_VOCABULARY].sort());
  });

  it('that end nothing are all asked for', () => {
    const ended = ['success', 'failed', 'canceled', 'skipped'];
    expect([...GITLAB_ACTIVE].sort()).toEqual(GITLAB_VOCABULARY.filter((word) => !ended.includes(word)).sort());
  });

  it.each(GITLAB_VOCABULARY)('%s is no riddle', async (status) => {
    const { runs } = await gather(source, gitlab([{ ...pending, status }]), { activity: 'all' });
    expect(runs[0]?.outcome).not.toBe('unknown');
    expect(runs[0]?.native).toEqual({ status, outcome: undefined });
  });
});

describe('the list of a project', () => {
  it('costs one request where the latest hundred are all there are', async () => {
    const { runs, asked, error } = await gather(source, gitlab([running, passed]));
    expect(error).toBeUndefined();
    expect(runs.map(({ id }) => id)).toEqual(['47']);
    expect(asked).toEqual([
      {
        url: 'https://gitlab.com/api/v4/projects/foo%2Fbar/pipelines?per_page=100&page=1',
        accept: [403, 404],
      },
    ]);
  });

  it('is asked for each active status where there are more, all pages of it', async () => {
    const rows = [
      ...many(120, { status: 'success' }),
      ...many(250, { status: 'running' }).map((row, id) => ({ ...row, id: 1000 + id })),
    ];
    const { runs, asked, incomplete } = await gather(source, gitlab(rows));
    expect(incomplete).toEqual([]);
    expect(runs).toHaveLength(250);
    expect(new Set(statusesOf(asked))).toEqual(new Set([null, ...GITLAB_ACTIVE]));
    expect(asked).toHaveLength(1 + GITLAB_ACTIVE.length + 2);
  });

  it('is read completely without the headers for paging', async () => {
    const rows = many(250, { status: 'running' });
    const { runs, incomplete } = await gather(source, gitlab(rows, { bare: true }));
    expect({ runs: runs.length, incomplete }).toEqual({ runs: 250, incomplete: [] });
  });

  it('does without the statuses that an older server does not know', async () => {
    const rows = [...many(150, { status: 'success' }), { ...running, id: 9001 }];
    const { runs, error } = await gather(source, gitlab(rows, { unknown: ['waiting_for_callback', 'canceling'] }));
    expect({ ids: runs.map(({ id }) => id), error }).toEqual({ ids: ['9001'], error: undefined });
  });

  it('holds child pipelines where these are asked for', async () => {
    const child = { ...running, id: 9001, source: 'parent_pipeline' };
    expect((await gather(source, gitlab([child]))).runs).toEqual([]);
    const own = gitlabSource('ci', { project: 'foo/bar', children: true });
    const { runs, asked } = await gather(own, gitlab([running, child]));
    expect(runs.map(({ id }) => id)).toEqual(['47', '9001']);
    expect(asked).toHaveLength(2);
  });

  it('fails when a server refuses a status that all of them know', async () => {
    const rows = many(150, { status: 'success' });
    expect((await gather(source, gitlab(rows, { unknown: ['running'] }))).error?.code).toBe('http');
  });

  it('finds a pipeline in an unknown status among the latest', async () => {
    const rows = [{ ...pending, id: 9001, status: 'hibernating' }, ...many(150, { status: 'success' })];
    const { runs } = await gather(source, gitlab(rows));
    expect(runs.map(({ id, outcome }) => [id, outcome])).toEqual([['9001', 'unknown']]);
    const [run] = runs;
    if (run === undefined) throw new Error('No run.');
    expect(classify(run, createPolicy({ version: 1 }), run.queuedAt ?? 0).state).toBe('unknown');
  });

  it('is read a second time when pipelines left it meanwhile', async () => {
    let rows = [...many(150, { status: 'running' }), ...many(90, { id: 7000, status: 'success' })];
    const server: Server = (url, request) => {
      const answer = gitlab(rows)(url, request);
      if (url.searchParams.get('status') === 'running') rows = rows.filter(({ id }) => id !== 7);
      return answer;
    };
    const { runs, incomplete, asked } = await gather(source, server);
    expect(runs).toHaveLength(150);
    expect(incomplete).toEqual([]);
    expect(asked.filter(({ headers }) => headers?.['cache-control'] === 'no-cache')).toHaveLength(2);
  });

  it('adds the latest that ended, no more than asked for', async () => {
    const rows = [...many(30, { status: 'success' }), { ...running, id: 9001 }];
    const { runs, error } = await gather(source, gitlab(rows), { activity: 'recent', limit: 10 });
    expect(error).toBeUndefined();
    expect(runs.map(({ id }) => id)).toEqual(['9001', '1', '2', '3', '4', '5', '6', '7', '8', '9', '10']);
  });

  it.each([
    [
      404,
      'not_found',
      'GitLab shows no project foo/bar: its name is wrong, or it is private and the credential may not see it.',
    ],
    [
      403,
      'forbidden',
      'GitLab does not show the pipelines of foo/bar: its CI/CD is off, or the credential lacks the scope read_api or the role Reporter.',
    ],
  ])('that is refused with %d says what lacks', async (status, code, message) => {
    const { error } = await gather(source, () => ({ status, body: { message: `${status}` } }));
    expect(error).toMatchObject({ code, message, status });
  });
});

describe('times', () => {
  const read = async (fields: JsonObject) => (await gather(source, gitlab([{ ...running, ...fields }]))).runs[0];

  it('of a pipeline that ended once and works again have a phase that begins at that end', async () => {
    const times = { started_at: '2016-08-11T11:29:00Z', finished_at: '2016-08-11T11:32:35.169Z' };
    expect(await read(times)).toMatchObject({
      status: 'running',
      startedAt: Date.parse('2016-08-11T11:29:00Z'),
      phaseAt: Date.parse('2016-08-11T11:32:35.169Z'),
      endedAt: undefined,
    });
  });

  it('may have an offset', async () => {
    const run = await read({ created_at: '2016-08-11T13:28:34.085+02:00' });
    expect(run?.queuedAt).toBe(Date.parse('2016-08-11T11:28:34.085Z'));
  });
});

describe('the project of a pipeline', () => {
  const typeOf = async (own: Source, url: unknown) =>
    (await gather(own, gitlab([{ ...running, web_url: url }]))).runs[0]?.type;
  const below = gitlabSource('ci', { project: '7', url: 'https://host.example/git' });

  it.each([
    [source, 'https://gitlab.com/a/b/c/-/pipelines/1', 'a/b/c'],
    [below, 'https://host.example/git/a/b/-/pipelines/1', 'a/b'],
    [below, 'https://elsewhere.example/a/b/pipelines/1', 'a/b'],
    [below, null, '7'],
    [below, 'https://host.example/git/pipelines', '7'],
    [below, '/-/pipelines/1', '7'],
  ])('%# is read from its URL, else it is the configured one', async (own, url, type) => {
    expect(await typeOf(own, url)).toBe(type);
  });
});

describe('several projects', () => {
  const acme = gitlabSource('acme', { group: 'acme' });

  it('of a group are read, those of groups in it as well, with the project in the id', async () => {
    const server = group({
      'acme/web': gitlab([running]),
      'acme/ops/api': gitlab([running, passed]),
      'acme/x': gitlab([]),
    });
    const { runs, asked, incomplete, error } = await gather(acme, server);
    expect({ incomplete, error }).toEqual({ incomplete: [], error: undefined });
    expect(runs.map(({ id }) => id)).toEqual(['acme/web/47', 'acme/ops/api/47']);
    expect(asked).toHaveLength(1 + 3);
    expect(asked[0]?.url).toBe(
      'https://gitlab.com/api/v4/groups/acme/projects?include_subgroups=true&with_shared=false&archived=false&order_by=id&sort=asc&per_page=100&page=1',
    );
  });

  it('of a large group are all found', async () => {
    const names = Array.from({ length: 250 }, (_, index) => [`acme/p${index}`, gitlab([running])] as const);
    const { runs, asked } = await gather(acme, group(Object.fromEntries(names)));
    expect(runs).toHaveLength(250);
    expect(asked).toHaveLength(3 + 250);
  });

  it('without CI/CD, or without activity for longer than is asked, are not read, and that is told', async () => {
    const recent = gitlabSource('acme', { group: 'acme', active: '7d' });
    const server = group(
      { 'acme/web': gitlab([running]), 'acme/off': undefined, 'acme/docs': undefined, 'acme/quiet': undefined },
      {
        'acme/web': { last_activity_at: '2026-11-20T00:00:00Z' },
        'acme/off': { jobs_enabled: false },
        'acme/docs': { builds_access_level: 'disabled' },
        'acme/quiet': { last_activity_at: '2026-11-16T08:59:59Z' },
      },
      { date: 'Mon, 23 Nov 2026 09:00:00 GMT' },
    );
    const { runs, notes, incomplete } = await gather(recent, server);
    expect(runs.map(({ id }) => id)).toEqual(['acme/web/47']);
    expect({ notes, incomplete }).toEqual({
      notes: ['Projects that were not read: 2 without CI/CD, 1 without activity since 2026-11-16T09:00:00Z.'],
      incomplete: [],
    });
  });

  it('of which one may not be read are read all the same, and the one is named', async () => {
    const { runs, incomplete } = await gather(acme, group({ 'acme/web': gitlab([running]), 'acme/secret': undefined }));
    expect(runs.map(({ id }) => id)).toEqual(['acme/web/47']);
    expect(incomplete).toEqual([
      'acme/secret could not be read completely (not_found): GitLab shows no project acme/secret: its name is wrong, or it is private and the credential may not see it.',
    ]);
  });

  it('are not asked further once all would be refused, and it is told how many were read', async () => {
    const refused: Server = () => ({ status: 401, body: {} });
    const { error } = await gather(acme, group({ 'acme/web': gitlab([running]), 'acme/api': refused }));
    expect(error).toMatchObject({ code: 'auth', message: 'HTTP 401 1 of 2 projects were read completely.' });
  });

  it('that are none, or of a group that is not seen, are an error', async () => {
    const { error } = await gather(acme, group({}));
    const unknown = await gather(acme, () => ({ status: 404, body: {} }));
    for (const one of [error, unknown.error]) {
      expect(one).toMatchObject({
        code: 'not_found',
        message: 'GitLab lists no project of the group acme that may be read with this credential.',
      });
    }
  });

  it('may be named one by one, by path or id', async () => {
    const both = gitlabSource('both', { projects: ['acme/web', '7', '7'] });
    const { runs, asked } = await gather(both, group({ 'acme/web': gitlab([running]), '7': gitlab([running]) }));
    expect(runs.map(({ id }) => id)).toEqual(['acme/web/47', '7/47']);
    expect(asked).toHaveLength(2);
  });
});

describe('a config', () => {
  it.each([
    ['acme/web', { project: 'acme/web', url: undefined }],
    ['4711', { project: '4711', url: undefined }],
    ['acme/ops/api', { project: 'acme/ops/api', url: undefined }],
    ['acme', { group: 'acme', url: undefined }],
    ['acme/ops/', { group: 'acme/ops', url: undefined }],
    ['https://host.example:8443/acme/web', { project: 'acme/web', url: 'https://host.example:8443' }],
    ['https://host.example/acme/web/-/pipelines/5', { project: 'acme/web', url: 'https://host.example' }],
    ['https://host.example/acme', { group: 'acme', url: 'https://host.example' }],
  ])('is read from %s', (rest, config) => {
    expect(gitlabAdapter.configFromUri?.(rest)).toEqual(config);
  });

  it.each(['', '/', '../web', 'acme/..', 'acme web', 'acme/web?x=1', 'https://host.example/'])(
    'is refused from %j',
    (rest) => {
      expect(() => gitlabAdapter.configFromUri?.(rest)).toThrow('Write a project as gitlab:group/project');
    },
  );

  it.each([
    [{ project: 42 }, { project: '42' }],
    [{ projects: ['a/b', 42] }, { projects: ['a/b', '42'] }],
    [
      { group: 'a', active: '90d' },
      { group: 'a', active: '90d' },
    ],
  ])('%j names what is read', (given, config) => {
    expect(gitlabConfigSchema.parse(given)).toEqual(config);
  });

  it.each([
    [{}, 'needs one of project, projects or group'],
    [{ project: 'a/b', group: 'a' }, 'needs one of'],
    [{ project: 'a/b', active: '9d' }, 'active goes with group only'],
    [{ project: 'a' }, 'must be group/project or an id'],
    [{ projects: [] }, '>=1'],
    [{ group: 'a//b' }, 'must be the path of a group or its id'],
    [{ group: 'a', active: 'long' }, 'must be a duration'],
  ])('%j is refused', (given, message) => {
    expect(
      gitlabConfigSchema
        .safeParse(given)
        .error?.issues.map((issue) => issue.message)
        .join(),
    ).toContain(message);
  });
});

describe('a credential', () => {
  it.each([
    ['glpat-secret', { authorization: 'Bearer glpat-secret' }],
    ['glcbt-64_secret', { 'job-token': 'glcbt-64_secret' }],
  ])('goes in the header for its kind', (token, headers) => {
    expect(gitlabAdapter.credentialHeaders(token, { project: 'a/b' })).toEqual(headers);
  });
});
