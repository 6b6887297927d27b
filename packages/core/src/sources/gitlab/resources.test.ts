import { describe, expect, it } from 'vitest';
import { parseInstant } from '../../instant.js';
import type { JsonObject } from '../reading/body.js';
import { fetchFrom, gather, type Answer } from '../testing/fetch.js';
import { gitlabSource } from './source.js';
import { gitlab, gitlabRows } from './testing/server.js';

const source = gitlabSource('ci', { project: 'foo/bar' });
const { running, job, bridge } = gitlabRows;
const CLOCK = 'Thu, 11 Aug 2016 20:00:00 GMT';
const waiting: JsonObject = {
  ...job,
  id: 70,
  status: 'waiting_for_resource',
  started_at: null,
  finished_at: null,
  runner: null,
  runner_manager: null,
};
const holder = (status: string, fields: JsonObject = {}): JsonObject => ({
  id: 60,
  name: 'deploy',
  status,
  web_url: 'https://gitlab.com/foo/bar/-/jobs/60',
  finished_at: null,
  pipeline: { id: 46 },
  ...fields,
});

const groups = (mode: string) => [
  { key: 'review/a', process_mode: 'unordered', updated_at: '2016-08-11T10:00:00Z' },
  { key: 'production', process_mode: mode, updated_at: '2016-08-11T09:00:00Z' },
];

/** Looks inside a pipeline one of whose jobs waits for the group `production`, which `current` holds. */
async function look(
  current: unknown,
  lists: Readonly<Record<string, unknown>> = {},
  earlier: JsonObject = { ...job, status: 'success', finished_at: '2016-08-11T12:00:00Z' },
) {
  const server = gitlab([{ ...running, status: 'waiting_for_resource' }], {
    jobs: [waiting, earlier],
    headers: { date: CLOCK },
  });
  const [run] = (await gather(source, server)).runs;
  if (run === undefined) throw new Error('No run.');
  const bodies: Readonly<Record<string, unknown>> = {
    resource_groups: groups('oldest_first'),
    'resource_groups/review%2Fa/upcoming_jobs': [{ ...waiting, id: 71 }],
    'resource_groups/production/upcoming_jobs': [waiting],
    'resource_groups/production/current_job': current,
    ...lists,
  };
  const { fetch } = fetchFrom((url, request): Answer => {
    const body = bodies[url.pathname.replace('/api/v4/projects/foo%2Fbar/', '')];
    if (typeof body === 'number') return { status: body, body: {} };
    if (body !== undefined) return { body, headers: { date: CLOCK, 'x-next-page': '' } };
    return server(url, request);
  });
  return source.inspect?.(run, fetch);
}

describe('a pipeline that waits for a resource group', () => {
  it('names the job that holds it', async () => {
    const seen = await look(holder('running'));
    expect(seen).toMatchObject({ hold: 'limit', flag: undefined });
    expect(seen?.waitsFor).toEqual({
      kind: 'job',
      id: '60',
      name: 'deploy (resource group production)',
      url: 'https://gitlab.com/foo/bar/-/jobs/60',
      state: 'running',
    });
  });

  it('is flagged where that job has ended', async () => {
    const seen = await look(holder('canceled', { finished_at: '2016-08-11T19:50:00Z' }));
    expect(seen?.flag).toEqual({
      kind: 'orphaned',
      by: 'tardy',
      text: 'Its resource group production is held by the job deploy, which has ended (canceled).',
      since: parseInstant('2016-08-11T19:50:00Z'),
    });
  });

  it('is not flagged while GitLab may still hand the group on', async () => {
    expect((await look(holder('success', { finished_at: '2016-08-11T19:50:01Z' })))?.flag).toBeUndefined();
  });

  it.each([
    ['the server does not say who holds it', 404],
    ['nobody holds it', null],
  ])('stays on hold where %s', async (_, current) => {
    const seen = await look(current);
    expect(seen).toMatchObject({
      hold: 'limit',
      flag: undefined,
      waitsFor: { kind: 'resource group', name: 'production' },
    });
  });

  it('is flagged where nobody holds it for minutes, and jobs come in any order', async () => {
    const lists = { resource_groups: groups('unordered') };
    expect((await look(null, lists))?.flag).toEqual({
      kind: 'orphaned',
      by: 'tardy',
      text: 'No job holds its resource group production, yet GitLab does not give it to this pipeline.',
    });
    const justEnded = { ...job, status: 'success', finished_at: '2016-08-11T19:50:01Z' };
    expect((await look(null, lists, justEnded))?.flag).toBeUndefined();
  });

  it('stays on hold where groups may not be seen', async () => {
    expect(await look(holder('canceled'), { resource_groups: 403 })).toMatchObject({ hold: 'limit', flag: undefined });
  });

  it.each([
    ['a holder', 'deploy', {}],
    ['a list of groups', null, { resource_groups: {} }],
    ['a list of jobs', null, { 'resource_groups/production/upcoming_jobs': [7] }],
  ])('is not judged where %s has another type', async (_, current, lists) => {
    await expect(look(current, lists)).rejects.toMatchObject({ code: 'shape' });
  });
});

it('flags two pipelines that wait for each other', async () => {
  const done: JsonObject = { ...job, status: 'success', finished_at: '2016-08-11T12:00:00Z' };
  const child = { id: 48, project_id: 5, status: 'waiting_for_resource', created_at: '2016-08-11T12:00:00Z' };
  const trigger = {
    ...bridge,
    status: 'running',
    finished_at: null,
    downstream_pipeline: { ...child, web_url: 'https://gitlab.com/foo/bar/-/pipelines/48' },
  };
  const server = gitlab([running], { jobs: [done], bridges: [trigger], headers: { date: CLOCK } });
  const [run] = (await gather(source, server)).runs;
  if (run === undefined) throw new Error('No run.');
  const bodies: Readonly<Record<string, unknown>> = {
    'pipelines/48/jobs': [waiting],
    'pipelines/48/bridges': [],
    resource_groups: groups('oldest_first'),
    'resource_groups/review%2Fa/upcoming_jobs': [],
    'resource_groups/production/upcoming_jobs': [waiting],
    'resource_groups/production/current_job': holder('running', { name: 'trigger', pipeline: { id: 47 } }),
  };
  const { fetch } = fetchFrom((url, request): Answer => {
    const body = bodies[url.pathname.replace('/api/v4/projects/5/', '')];
    return body === undefined ? server(url, request) : { body, headers: { date: CLOCK, 'x-next-page': '' } };
  });
  expect((await source.inspect?.(run, fetch))?.flag).toMatchObject({
    kind: 'orphaned',
    text: 'The pipeline 48 that it waits for: Its resource group production is held by the job trigger of pipeline 47, which waits for this pipeline.',
  });
});

it('makes the same requests as all other pipelines of the project, if these decide', async () => {
  const rows = [47, 48].map((id) => ({ ...running, id, status: 'waiting_for_resource' }));
  const server = gitlab(rows, { headers: { date: CLOCK } });
  const { runs } = await gather(source, server);
  expect(runs.map(({ holdSince }) => holdSince)).toEqual(rows.map(() => parseInstant(String(running['updated_at']))));
  const upcoming = [47, 48].map((id) => ({ ...waiting, id: id * 10, pipeline: { id } }));
  const bodies: Readonly<Record<string, unknown>> = {
    resource_groups: groups('unordered'),
    'resource_groups/review%2Fa/upcoming_jobs': [],
    'resource_groups/production/upcoming_jobs': upcoming,
    'resource_groups/production/current_job': holder('running'),
  };
  const { fetch, asked } = fetchFrom((url, request): Answer => {
    const body = bodies[url.pathname.replace('/api/v4/projects/foo%2Fbar/', '')];
    return body === undefined ? server(url, request) : { body, headers: { date: CLOCK, 'x-next-page': '' } };
  });
  for (const run of runs) expect((await source.inspect?.(run, fetch))?.waitsFor).toMatchObject({ id: '60' });
  expect(new Set(asked.map(({ url }) => url)).size).toBe(4);
  expect.assertions(4);
});
