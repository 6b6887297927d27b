import { describe, expect, it } from 'vitest';
import { parseInstant } from '../../instant.js';
import type { JsonObject } from '../reading/body.js';
import { fetchFrom, gather, type Answer } from '../testing/fetch.js';
import { gitlabSource } from './source.js';
import { gitlab, gitlabRows } from './testing/server.js';

const source = gitlabSource('ci', { project: 'foo/bar' });
const { running, job, bridge } = gitlabRows;
const CLOCK = 'Thu, 11 Aug 2016 20:00:00 GMT';
const done: JsonObject = { ...job, status: 'success', finished_at: '2016-08-11T12:00:00Z' };
const left: JsonObject = { ...job, started_at: null, finished_at: null, runner: null, runner_manager: null };

const child = (id: number, status: string, fields: JsonObject = {}): JsonObject => ({
  id,
  project_id: 5,
  status,
  created_at: '2016-08-11T12:00:00Z',
  updated_at: '2016-08-11T12:30:00Z',
  web_url: `https://gitlab.com/foo/bar/-/pipelines/${id}`,
  ...fields,
});
const triggers = (downstream: JsonObject | null, status = 'running'): JsonObject => ({
  ...bridge,
  status,
  started_at: null,
  finished_at: null,
  ...(downstream === null ? {} : { downstream_pipeline: downstream }),
});

/** Looks inside a running pipeline whose only job is done; `inside` holds the lists of its children, by path. */
async function look(bridges: readonly JsonObject[], inside: Readonly<Record<string, unknown>> = {}) {
  const server = gitlab([running], { jobs: [done], bridges, headers: { date: CLOCK } });
  const [run] = (await gather(source, server)).runs;
  if (run === undefined) throw new Error('No run.');
  const { fetch, asked } = fetchFrom((url, request): Answer => {
    const body = inside[url.pathname.replace('/api/v4/projects/', '')];
    if (body !== undefined) return { body, headers: { date: CLOCK, 'x-next-page': '' } };
    return url.pathname.includes('foo%2Fbar')
      ? server(url, request)
      : { status: 404, body: {}, headers: { date: CLOCK } };
  });
  return { seen: await source.inspect?.(run, fetch), asked: asked.map(({ url }) => new URL(url).pathname) };
}

describe('a pipeline that waits for one that it triggered', () => {
  it.each([
    ['manual', 'approval'],
    ['scheduled', 'schedule'],
    ['waiting_for_resource', 'limit'],
  ])('waits for what that waits for: %s', async (status, hold) => {
    const { seen } = await look([triggers(child(6, status))]);
    expect(seen).toMatchObject({ hold, holdSince: parseInstant('2016-08-11T12:30:00Z'), flag: undefined });
    expect(seen?.waitsFor).toEqual({
      kind: 'pipeline',
      id: '6',
      url: 'https://gitlab.com/foo/bar/-/pipelines/6',
      state: status,
    });
  });

  it('works while that works, since that began', async () => {
    const started = { ...left, status: 'running', started_at: '2016-08-11T19:58:00Z' };
    const inside = { '5/pipelines/6/jobs': [started] };
    const { seen } = await look([triggers(child(6, 'running')), triggers(child(7, 'manual'))], inside);
    expect(seen).toMatchObject({ hold: undefined, flag: undefined, phaseAt: parseInstant('2016-08-11T19:58:00Z') });
  });

  it('waits for a person that a pipeline further below waits for', async () => {
    const inside = { '5/pipelines/6/jobs': [done], '5/pipelines/6/bridges': [triggers(child(7, 'manual'))] };
    const { seen } = await look([triggers(child(6, 'running'))], inside);
    expect(seen).toMatchObject({ hold: 'approval', flag: undefined });
  });

  it('is flagged for what is known against that', async () => {
    const inside = { '5/pipelines/6/jobs': [done], '5/pipelines/6/bridges': [] };
    const { seen } = await look([triggers(child(6, 'running'))], inside);
    expect(seen?.flag).toEqual({
      kind: 'stuck',
      by: 'tardy',
      text: 'The pipeline 6 that it waits for: Its only job is over, yet the pipeline is running.',
      since: parseInstant('2016-08-11T12:00:00Z'),
    });
  });

  it('is flagged where that has ended and GitLab did not notice', async () => {
    const { seen } = await look([triggers(child(6, 'success'))]);
    expect(seen?.flag).toEqual({
      kind: 'stuck',
      by: 'tardy',
      text: 'Its trigger job teaspoon is running, though the pipeline 6 that it waits for has ended (success).',
      since: parseInstant('2016-08-11T12:30:00Z'),
    });
  });

  it('is not flagged in the minutes after that has ended', async () => {
    const ended = (time: string) => look([triggers(child(6, 'success', { updated_at: `2016-08-11T${time}Z` }))]);
    expect((await ended('19:50:01')).seen?.flag).toBeUndefined();
    expect((await ended('19:50:00')).seen?.flag?.kind).toBe('stuck');
  });

  it('is flagged where its trigger job has triggered nothing', async () => {
    const { seen } = await look([triggers(null, 'pending')]);
    expect(seen?.flag?.text).toBe('Its trigger job teaspoon is pending and has triggered no pipeline.');
  });

  it('is looked into only so deep', async () => {
    const inside = Object.fromEntries(
      Array.from({ length: 9 }, (_, index) => index + 6).flatMap((id) => [
        [`5/pipelines/${id}/jobs`, [done]],
        [`5/pipelines/${id}/bridges`, [triggers(child(id + 1, 'running'))]],
      ]),
    );
    const { seen, asked } = await look([triggers(child(6, 'running'))], inside);
    expect(seen?.flag).toBeUndefined();
    expect(asked.filter((path) => path.endsWith('/bridges'))).toHaveLength(5);
  });

  it('is not judged where that has another type', async () => {
    const bridges = [{ ...triggers(null), downstream_pipeline: 'six' }];
    const inside = { 'foo%2Fbar/pipelines/47/bridges': bridges };
    await expect(look([], inside)).rejects.toMatchObject({ code: 'shape' });
  });
});
