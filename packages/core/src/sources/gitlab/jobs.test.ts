import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../reading/body.js';
import { gitlabSource } from './source.js';
import { fetchFrom, gather } from '../testing/fetch.js';
import { gitlab, gitlabRows, type GitlabInside } from './testing/server.js';

const source = gitlabSource('ci', { projects: ['foo/bar'] });
const { running, job, other, bridge } = gitlabRows;

const ONLINE = { runner: { online: true, status: 'online' }, runner_manager: { status: 'online' } };
const done: JsonObject = { ...job, status: 'success' };
const doneLater: JsonObject = { ...other, status: 'failed', finished_at: '2016-08-11T11:40:00Z' };
const atWork: JsonObject = {
  ...job,
  ...ONLINE,
  status: 'running',
  started_at: '2016-08-11T11:30:00Z',
  finished_at: null,
};
const waiting: JsonObject = {
  ...job,
  status: 'pending',
  started_at: null,
  finished_at: null,
  runner: null,
  runner_manager: null,
};
const created: JsonObject = { ...waiting, status: 'created' };
const manual: JsonObject = { ...waiting, status: 'manual', allow_failure: true };

/** What a look behind a pipeline shows, and what it asks. */
async function look(fields: JsonObject, inside: GitlabInside) {
  const server = gitlab([{ ...running, ...fields }], inside);
  const [run] = (await gather(source, server)).runs;
  if (run === undefined) throw new Error('No run.');
  const { fetch, asked } = fetchFrom(server);
  return {
    run,
    seen: await source.inspect?.(run, fetch),
    asked: asked.map(({ url }) => url.replace(/^.*pipelines\/47/, '')),
  };
}

describe('a pipeline that is running', () => {
  it('though all its jobs are over is flagged, since the last of them was', async () => {
    const { seen, asked } = await look({}, { jobs: [done, doneLater] });
    expect(seen?.flag).toEqual({
      kind: 'stuck',
      by: 'tardy',
      text: 'All its 2 jobs are over, yet the pipeline is running.',
      since: Date.parse('2016-08-11T11:40:00Z'),
    });
    expect(asked).toEqual(['/jobs?per_page=100', '/bridges?per_page=100']);
  });

  it('is flagged though an optional job could still be played by hand', async () => {
    const { seen } = await look({}, { jobs: [done, manual] });
    expect(seen?.flag?.text).toBe('All its 2 jobs are over, yet the pipeline is running.');
    expect(seen?.progress).toMatchObject({ total: 1, processed: 1 });
  });

  it('though GitLab begins none of the jobs that are left is flagged', async () => {
    const { seen } = await look({}, { jobs: [created, created, doneLater] });
    expect(seen?.flag).toEqual({
      kind: 'stuck',
      by: 'tardy',
      text: '2 of its 3 jobs are left, and GitLab has begun none since the others ended.',
      since: Date.parse('2016-08-11T11:40:00Z'),
    });
  });

  it.each([
    ['nothing has begun', [created]],
    ['what is left may need a job that nobody has played', [created, done, manual]],
  ])('is not flagged for jobs that are left where %s', async (_, jobs) => {
    expect((await look({}, { jobs })).seen?.flag).toBeUndefined();
  });

  it.each([
    ['11:49:59', undefined],
    ['11:50:00', Date.parse('2016-08-11T11:40:00Z')],
  ])('is flagged once GitLab has had ten minutes to continue: at %s', async (time, since) => {
    const headers = { date: `Thu, 11 Aug 2016 ${time} GMT` };
    for (const jobs of [[doneLater], [doneLater, created]]) {
      expect((await look({}, { jobs, headers })).seen?.flag?.since).toBe(since);
    }
  });

  it('waits for a pipeline that it triggered', async () => {
    const { seen } = await look({}, { jobs: [done], bridges: [{ ...bridge, status: 'running' }] });
    expect(seen?.flag).toBeUndefined();
  });

  it('is flagged when what it triggered is over as well', async () => {
    const { seen } = await look({}, { jobs: [done], bridges: [{ ...bridge, status: 'success' }] });
    expect(seen?.flag?.text).toBe('All its 2 jobs are over, yet the pipeline is running.');
  });

  it('without a single job is flagged, unless its statuses come from outside', async () => {
    expect((await look({}, {})).seen?.flag?.text).toBe('The pipeline is running without a single job.');
    expect((await look({ source: 'external' }, {})).seen?.flag).toBeUndefined();
  });

  it('is left alone while a job is at work', async () => {
    const { seen, asked } = await look({}, { jobs: [done, atWork] });
    expect(seen?.flag).toBeUndefined();
    expect(asked).toHaveLength(1);
  });

  it('is left alone while a job is in an unknown status', async () => {
    const { seen } = await look({}, { jobs: [done, { ...created, status: 'hibernating' }] });
    expect([seen?.flag, seen?.hold]).toEqual([undefined, undefined]);
  });

  it('is flagged with all its jobs, on however many pages they come', async () => {
    const { seen, asked } = await look({}, { jobs: Array.from({ length: 201 }, () => done) });
    expect(seen?.flag?.text).toBe('All its 201 jobs are over, yet the pipeline is running.');
    expect(asked.slice(0, 3)).toEqual(['/jobs?per_page=100', '/jobs?per_page=100&page=2', '/jobs?per_page=100&page=3']);
  });

  it.each([
    ['waiting_for_resource', 'limit'],
    ['scheduled', 'schedule'],
    ['manual', 'approval'],
    ['waiting_for_callback', 'event'],
  ])('is on hold while a job is %s, since the last of the others ended', async (status, hold) => {
    for (const own of ['running', status]) {
      const waits = { ...created, status, allow_failure: false };
      const { seen } = await look({ status: own }, { jobs: [doneLater, waits, created] });
      expect(seen).toMatchObject({ hold, holdSince: Date.parse('2016-08-11T11:40:00Z'), flag: undefined });
    }
    expect.assertions(2);
  });

  it('has started when its first job did', async () => {
    const later = { ...atWork, started_at: '2016-08-11T11:31:00Z' };
    expect((await look({}, { jobs: [later, atWork] })).seen?.startedAt).toBe(Date.parse('2016-08-11T11:30:00Z'));
  });

  it('has the start that GitLab tells', async () => {
    const { seen } = await look({ started_at: '2016-08-11T11:29:00Z' }, { jobs: [atWork] });
    expect(seen?.startedAt).toBe(Date.parse('2016-08-11T11:29:00Z'));
  });

  it('again, after it ended, has a phase that began when a job was retried', async () => {
    const ended = { started_at: '2016-08-11T11:29:00Z', finished_at: '2016-08-11T12:00:00Z' };
    const again = { ...atWork, started_at: '2016-08-18T09:00:00Z' };
    const { seen } = await look(ended, { jobs: [again, { ...done, started_at: '2016-08-11T11:29:00Z' }] });
    expect(seen).toMatchObject({
      startedAt: Date.parse('2016-08-11T11:29:00Z'),
      phaseAt: Date.parse('2016-08-18T09:00:00Z'),
    });
  });

  it('again, and waiting for a runner, has a phase that began when the job came into the queue', async () => {
    const ended = { started_at: '2016-08-11T11:29:00Z', finished_at: '2016-08-11T12:00:00Z' };
    const headers = { date: 'Thu, 18 Aug 2016 09:10:00 GMT' };
    const { seen } = await look(ended, { jobs: [{ ...waiting, queued_duration: 600.4 }, done], headers });
    expect(seen?.phaseAt).toBe(Date.parse('2016-08-18T08:59:59.600Z'));
  });

  it.each([
    ['after a person was waited for', '2016-08-11T12:10:00.001Z', '2016-08-11T12:10:05.001Z'],
    ['unless the rest was short', '2016-08-11T12:10:00Z', undefined],
  ])('begins a phase with a job that came into the queue %s', async (_, queued, phase) => {
    const build = { ...done, started_at: '2016-08-11T11:30:00Z', finished_at: '2016-08-11T12:00:00Z' };
    const deploy = { ...atWork, queued_duration: 5, started_at: new Date(Date.parse(queued) + 5000).toISOString() };
    const { seen } = await look({ started_at: '2016-08-11T11:29:00Z' }, { jobs: [deploy, build] });
    expect(seen?.phaseAt).toBe(phase === undefined ? undefined : Date.parse(phase));
  });

  it('begins no phase with a job that had waited for a runner since the last one was over', async () => {
    const build = { ...done, started_at: '2016-08-11T11:30:00Z', finished_at: '2016-08-11T12:00:00Z' };
    const test = { ...atWork, queued_duration: 3590, started_at: '2016-08-11T13:00:00Z' };
    const { seen } = await look({ started_at: '2016-08-11T11:29:00Z' }, { jobs: [test, build] });
    expect(seen?.phaseAt).toBeUndefined();
  });

  it('tells how many of its jobs are over', async () => {
    const { seen } = await look({}, { jobs: [done, doneLater, atWork, { ...created, status: 'skipped' }] });
    expect(seen?.progress).toEqual({ total: 4, processed: 3, succeeded: 1, failed: 1, skipped: 1, unit: 'jobs' });
  });
});

describe('a runner that is gone', () => {
  it.each(['offline', 'stale', 'never_contacted'])('flags the pipeline whose job it holds: %s', async (status) => {
    const lost = { ...atWork, runner: { online: false, status }, runner_manager: null };
    expect((await look({}, { jobs: [lost] })).seen?.flag).toEqual({
      kind: 'worker_lost',
      by: 'tardy',
      text: `The runner of its job teaspoon is ${status}.`,
      since: undefined,
    });
  });

  it('is told by the machine at work, where several share a runner', async () => {
    const lost = { ...atWork, runner_manager: { status: 'offline', contacted_at: '2016-08-11T11:31:00.355Z' } };
    expect((await look({}, { jobs: [lost] })).seen?.flag?.since).toBe(Date.parse('2016-08-11T11:31:00.355Z'));
    const alive = { ...atWork, runner: { status: 'offline' } };
    expect((await look({}, { jobs: [alive] })).seen?.flag).toBeUndefined();
  });

  it.each([
    ['runner', { runner: 'offline' }],
    ['status', { runner: { status: 7 }, runner_manager: null }],
  ])('is not judged where its %s has another type', async (_, fields) => {
    const { run } = await look({}, { jobs: [atWork] });
    const { fetch } = fetchFrom(() => ({ body: [{ ...atWork, ...fields }] }));
    await expect(source.inspect?.(run, fetch)).rejects.toMatchObject({ code: 'shape' });
  });

  it('does not matter once its job is over', async () => {
    const { seen } = await look({}, { jobs: [job, atWork] });
    expect(seen?.flag).toBeUndefined();
  });
});

describe('a pipeline that is queued', () => {
  const queued = { status: 'pending' };

  it('is running when one of its jobs is at work', async () => {
    const { seen } = await look(queued, { jobs: [atWork, waiting] });
    expect(seen).toMatchObject({ status: 'running', startedAt: Date.parse('2016-08-11T11:30:00Z'), flag: undefined });
  });

  it('is flagged when GitLab calls one of its jobs stuck', async () => {
    const { seen, asked } = await look(queued, { jobs: [waiting], stuck: ['deploy'] });
    expect(seen?.flag).toEqual({
      kind: 'cannot_start',
      by: 'source',
      text: 'The job deploy is stuck: no runner online can run it.',
    });
    expect(asked).toEqual(['/jobs?per_page=100', 'https://gitlab.com/api/graphql']);
  });

  it('is not flagged when no job is called stuck', async () => {
    expect((await look(queued, { jobs: [waiting], stuck: [] })).seen?.flag).toBeUndefined();
  });

  it.each<[string, number, readonly JsonObject[], string | undefined]>([
    ['no runner is online', 200, [{ status: 'offline' }, { status: 'online', paused: true }], 'with its tags (gpu,x)'],
    ['there is no runner', 200, [], 'with its tags (gpu,x)'],
    ['a runner is online', 200, [{ status: 'online', paused: false }], undefined],
    ['runners may not be listed', 403, [], undefined],
  ])('is judged by the runners where GraphQL may not be asked: %s', async (_, status, runners, text) => {
    const server = gitlab([{ ...running, ...queued }], { jobs: [{ ...waiting, tag_list: ['x', 'gpu'] }] });
    const [run] = (await gather(source, server)).runs;
    if (run === undefined) throw new Error('No run.');
    const { fetch, asked } = fetchFrom((url, request) =>
      url.pathname.endsWith('/runners') ? { status, body: runners } : server(url, request),
    );
    const seen = await source.inspect?.(run, fetch);
    expect(seen?.flag?.kind).toBe(text === undefined ? undefined : 'cannot_start');
    expect(seen?.flag?.text ?? '').toContain(text ?? '');
    expect(asked.at(-1)?.url).toMatch(/\/runners\?tag_list=gpu%2Cx&per_page=100$/);
  });

  it('is queued again while all jobs that are left wait for a runner, since the first of them does', async () => {
    const waits = { ...waiting, status: 'pending', created_at: '2016-08-11T12:00:00Z' };
    const { seen } = await look(
      {},
      { jobs: [doneLater, { ...waits, created_at: '2016-08-11T12:05:00Z' }, waits], stuck: [] },
    );
    expect(seen).toMatchObject({ status: 'queued', phaseAt: Date.parse('2016-08-11T12:00:00Z') });
  });

  it('waits since its job came into the queue', async () => {
    const headers = { date: 'Thu, 11 Aug 2016 12:00:00 GMT' };
    const { seen } = await look(queued, { jobs: [{ ...waiting, queued_duration: 60 }], headers });
    expect(seen?.phaseAt).toBe(Date.parse('2016-08-11T11:59:00Z'));
  });

  it('waits since it was made where the clock of the server is not known', async () => {
    const { seen } = await look(queued, { jobs: [{ ...waiting, created_at: running['created_at'] }] });
    expect(seen?.phaseAt).toBeUndefined();
  });

  it('without a single job is flagged', async () => {
    expect((await look({ status: 'created' }, {})).seen?.flag?.text).toBe(
      'The pipeline is created without a single job.',
    );
  });
});

describe('a look', () => {
  it('that is refused, as to the token of a job, leaves the pipeline as it was read', async () => {
    const { run } = await look({}, { jobs: [done] });
    const { fetch } = fetchFrom(() => ({ status: 403, body: { message: '403 Forbidden' } }));
    expect(await source.inspect?.(run, fetch)).toBe(run);
  });

  it('at trigger jobs that is refused flags nothing', async () => {
    const { run } = await look({}, { jobs: [done] });
    const server = gitlab([], { jobs: [done] });
    const { fetch } = fetchFrom((url, request) =>
      url.pathname.endsWith('/bridges') ? { status: 403, body: {} } : server(url, request),
    );
    expect((await source.inspect?.(run, fetch))?.flag).toBeUndefined();
  });
});

describe('a delayed job', () => {
  const delayed: JsonObject = { ...created, name: 'later', status: 'scheduled' };

  async function scheduled(body: unknown) {
    const server = gitlab([{ ...running, status: 'scheduled' }], { jobs: [done, delayed] });
    const [run] = (await gather(source, server)).runs;
    if (run === undefined) throw new Error('No run.');
    const { fetch } = fetchFrom((url, request) => (url.pathname === '/api/graphql' ? { body } : server(url, request)));
    return source.inspect?.(run, fetch);
  }
  const nodes = (...times: unknown[]) => ({
    data: { project: { pipeline: { jobs: { nodes: times.map((scheduledAt) => ({ name: 'later', scheduledAt })) } } } },
  });

  it('holds its pipeline until it starts', async () => {
    const until = Date.parse('2016-08-12T09:00:00Z');
    const seen = await scheduled(nodes('2016-08-12T10:00:00Z', '2016-08-12T09:00:00Z'));
    expect(seen).toMatchObject({ hold: 'schedule', notBefore: until });
    expect(seen?.waitsFor).toEqual({ kind: 'job', name: 'later', state: 'scheduled', until });
  });

  it.each([
    ['GitLab does not say when', nodes(null)],
    ['the query is refused', { errors: [{ message: "Field 'scheduledAt' doesn't exist on type 'CiJob'" }] }],
    ['the project may not be seen', { data: { project: null } }],
  ])('holds it without an end where %s', async (_, body) => {
    expect(await scheduled(body)).toMatchObject({ hold: 'schedule', notBefore: undefined });
  });

  it.each([[[]], ['text'], [{ data: { project: 7 } }], [{ data: { project: { pipeline: { jobs: { nodes: 7 } } } } }]])(
    'is not judged from %j',
    async (body) => {
      await expect(scheduled(body)).rejects.toMatchObject({ code: 'shape' });
    },
  );
});
