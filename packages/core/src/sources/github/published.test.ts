import { describe, expect, it } from 'vitest';
import type { Run } from '../../run.js';
import { isObject, type JsonObject } from '../reading/body.js';
import { fetchFrom, gather, type Server } from '../testing/fetch.js';
import { githubSource } from './source.js';
import { answerOf, description, exampleOf } from './testing/published-api.js';
import { conform } from './testing/server.js';

/** Every operation that the adapter calls, as GitHub's description names it. */
const OPERATIONS = [
  '/orgs/{org}/actions/runners',
  '/orgs/{org}/repos',
  '/repos/{owner}/{repo}/actions/concurrency_groups',
  '/repos/{owner}/{repo}/actions/concurrency_groups/{concurrency_group_name}',
  '/repos/{owner}/{repo}/actions/runners',
  '/repos/{owner}/{repo}/actions/runs',
  '/repos/{owner}/{repo}/actions/runs/{run_id}',
  '/repos/{owner}/{repo}/actions/runs/{run_id}/concurrency_groups',
  '/repos/{owner}/{repo}/actions/runs/{run_id}/jobs',
  '/repos/{owner}/{repo}/actions/runs/{run_id}/pending_deployments',
  '/repos/{owner}/{repo}/environments/{environment_name}',
  '/repos/{owner}/{repo}/environments/{environment_name}/deployment_protection_rules',
  '/repos/{owner}/{repo}/pulls',
  '/user/repos',
  '/users/{username}',
  '/users/{username}/repos',
];

/** Changes to an example: a status for the response, or a function that changes its body. */
type Changes = Readonly<Record<string, number | ((body: JsonObject) => unknown)>>;

const templates = Object.keys(description.paths).map((template) => ({
  template,
  // A segment without a parameter goes before one with it: /pulls/comments is no pull request.
  pattern: new RegExp(`^${template.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`),
}));

/**
 * GitHub as its description has it: the published example of each operation, and nothing else exists. What a test changes is checked
 * against the schema; an example is sent as it is, though some lack what their own schema requires.
 */
function published(changes: Changes, called: Set<string>): Server {
  return ({ pathname }) => {
    const found = templates.filter(({ pattern }) => pattern.test(pathname)).map(({ template }) => template);
    const template = found.find((one) => one === pathname) ?? found.find((one) => !changes[one]) ?? found[0];
    const changed = found.find((one) => changes[one] !== undefined) ?? template;
    if (changed === undefined) throw new Error(`${pathname} is no operation of GitHub.`);
    called.add(changed);
    const change = changes[changed];
    const headers = { date: new Date('2020-01-23T08:00:00Z').toUTCString() };
    if (typeof change === 'number') return { status: change, body: { message: 'no' }, headers };
    const example = exampleOf(changed);
    if (change === undefined) return { body: example, headers };
    const body = change(example);
    conform(answerOf(changed), body);
    return { body, headers };
  };
}

const JOBS = '/repos/{owner}/{repo}/actions/runs/{run_id}/jobs';
const rowsOf = (body: JsonObject, name: string) => (body[name] as readonly JsonObject[]) ?? [];
/** The published jobs in another status, which have not ended. */
const jobs =
  (status: string, fields: JsonObject = {}) =>
  (body: JsonObject): JsonObject => ({
    ...body,
    jobs: rowsOf(body, 'jobs').map((job) => ({
      ...job,
      created_at: job['started_at'],
      status,
      conclusion: null,
      completed_at: null,
      ...fields,
    })),
  });
const ended = (body: JsonObject) => ({
  ...body,
  jobs: rowsOf(body, 'jobs').map((job) => ({ ...job, created_at: job['started_at'] })),
});

describe("GitHub's published examples", () => {
  const called = new Set<string>();
  const source = githubSource('octo', { repository: 'octo-org/octo-repo' });
  const owner = githubSource('octo', { owner: 'octo-org' });

  async function look(fields: Partial<Run>, changes: Changes): Promise<Run | undefined> {
    const { fetch } = fetchFrom(published(changes, called));
    const run = await source.get('30433642', fetch);
    if (run === undefined) throw new Error('There is no published run.');
    const active: Run = { ...run, status: 'queued', outcome: 'pending', endedAt: undefined, ...fields };
    return source.inspect?.(active, fetch);
  }

  it('are read as the list of a repository and of an owner, whose repositories may be those of a user', async () => {
    const of = await gather(source, published({}, called), { activity: 'all' });
    expect(of).toMatchObject({ issues: [], error: undefined });
    expect(of.runs.length).toBeGreaterThan(0);
    for (const changes of [{}, { '/orgs/{org}/repos': 404 }]) {
      const all = await gather(owner, published(changes, called), { activity: 'all' });
      expect(all).toMatchObject({ issues: [], error: undefined });
      expect(all.runs.length).toBeGreaterThan(0);
    }
  });

  it('are read by the second look, whatever the jobs do', async () => {
    const selfHosted = { labels: ['self-hosted', 'macOS', 'X64', 'no-gpu'] };
    expect((await look({}, { [JOBS]: ended }))?.flag?.kind).toBe('stuck');
    expect((await look({}, { [JOBS]: jobs('queued', selfHosted) }))?.status).toBe('queued');
    expect((await look({}, { [JOBS]: jobs('in_progress', { ...selfHosted, runner_id: 24 }) }))?.flag?.kind).toBe(
      'worker_lost',
    );
    expect((await look({}, { [JOBS]: jobs('waiting') }))?.waitsFor?.kind).toBe('environment');
    expect(await look({}, { [JOBS]: jobs('pending') })).toMatchObject({ hold: 'limit' });
    expect(await look({ hold: 'limit' }, {})).toMatchObject({ hold: 'limit' });
    const outside = { native: { status: 'completed' }, hold: 'approval', labels: { event: 'pull_request' } } as const;
    expect((await look(outside, {}))?.outcome).toBe('blocked');
  });

  it('are read of an environment without reviewers, of its rules, and of servers that have none', async () => {
    const template = '/repos/{owner}/{repo}/actions/runs/{run_id}/pending_deployments';
    const nobody = (body: unknown) =>
      (body as readonly JsonObject[]).map((deployment) => ({ ...deployment, reviewers: [], wait_timer: 0 }));
    const changes = { [JOBS]: jobs('waiting'), [template]: nobody };
    expect((await look({}, changes))?.waitsFor?.state).toBe('rule of a-custom-app');
    const rules = '/repos/{owner}/{repo}/environments/{environment_name}/deployment_protection_rules';
    expect((await look({}, { ...changes, [rules]: 404 }))?.waitsFor?.state).toBe('rule');
  });

  it('are read of a user, who has no runners of an organisation', async () => {
    const none = { '/orgs/{org}/actions/runners': 404 };
    const selfHosted = { labels: ['self-hosted', 'macOS', 'X64', 'no-gpu'], runner_id: 24 };
    const user = (body: JsonObject) => ({ ...body, type: 'User' });
    const seen = await look({}, { ...none, [JOBS]: jobs('in_progress', selfHosted), '/users/{username}': user });
    expect(seen?.flag?.kind).toBe('worker_lost');
  });

  it('are all that the adapter calls, and each was called', () => {
    expect([...called].sort()).toEqual(OPERATIONS);
    for (const template of OPERATIONS) expect(isObject(description.paths[template])).toBe(true);
  });
});
