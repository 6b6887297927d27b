import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../reading/body.js';
import { fetchFrom, gather } from '../testing/fetch.js';
import { giteaSource } from './source.js';
import { blocked, forgejoRun, giteaServer, runner, running, task, working, type Contents } from './testing/server.js';

const RUNS = 'repos/t/web/actions/runs';
const JOBS = `${RUNS}/1/jobs`;
const TASKS = 'repos/t/web/actions/tasks';
const ADMIN = 'admin/actions/runners';
const NOW = '2026-11-28T03:00:00Z';
const NONE = '1970-01-01T00:00:00Z';
const source = giteaSource('ci', { url: 'http://127.0.0.1:53080', repository: 't/web' });

const finished: JsonObject = {
  ...working,
  status: 'completed',
  conclusion: 'success',
  completed_at: '2026-11-28T02:25:00Z',
};
const queued: JsonObject = { ...blocked, status: 'queued' };

/** Looks inside the recorded run with these fields, on a server with these contents. */
async function inspect(fields: JsonObject, contents: Contents, now = NOW) {
  const row = { ...running, ...fields };
  const server = giteaServer({ [RUNS]: [row], [`${RUNS}/${String(row['id'])}`]: row, ...contents }, { date: now });
  const { runs } = await gather(source, server);
  const [run] = runs;
  if (run === undefined) throw new Error('The run is not in the list.');
  const { fetch, asked } = fetchFrom(server);
  return { run, seen: await source.inspect?.(run, fetch), asked: asked.map(({ url }) => new URL(url).pathname) };
}

describe('a run whose job is at work', () => {
  it('has the reports of its runner as heartbeats', async () => {
    const reported = { ...task, updated_at: '2026-11-28T02:59:55Z' };
    const { seen } = await inspect({}, { [JOBS]: [working, blocked], [TASKS]: [reported], [ADMIN]: [runner] });
    expect(seen).toMatchObject({
      status: 'running',
      heartbeatAt: Date.parse('2026-11-28T02:59:55Z'),
      progress: { processed: 0, total: 2, unit: 'jobs' },
      flag: undefined,
    });
  });

  it('is as alive as the job that was silent for longest, and takes no task of another run', async () => {
    const at = (updated: string, fields: JsonObject = {}) => ({ ...task, updated_at: updated, ...fields });
    const { seen } = await inspect(
      {},
      {
        [JOBS]: [working, { ...working, id: 3, name: 'lint' }],
        [TASKS]: [
          at('2026-11-28T02:10:00Z', { url: 'http://127.0.0.1:53080/t/web/actions/runs/2' }),
          at('2026-11-28T02:15:00Z', { status: 'success' }),
          at('2026-11-28T02:59:00Z'),
          at('2026-11-28T02:30:00Z'),
        ],
      },
    );
    expect(seen?.heartbeatAt).toBe(Date.parse('2026-11-28T02:30:00Z'));
  });

  it('finds a task behind many newer ones, and does not search for longer than the run is old', async () => {
    const newer = Array.from({ length: 120 }, (_, index) => ({
      ...task,
      id: index,
      url: 'http://127.0.0.1:53080/t/web/actions/runs/2',
      created_at: '2026-11-28T02:50:00Z',
    }));
    const older = newer.map((one) => ({ ...one, created_at: '2026-11-27T02:00:00Z' }));
    const found = await inspect({}, { [JOBS]: [working], [TASKS]: [...newer, task] });
    expect(found.seen?.heartbeatAt).toBe(Date.parse('2026-11-28T02:19:46Z'));
    const past = await inspect({}, { [JOBS]: [working], [TASKS]: [...older, task] });
    expect(past.seen?.heartbeatAt).toBeUndefined();
    expect(past.asked.filter((path) => path.endsWith('/tasks'))).toHaveLength(1);
  });

  it('says that it is being cancelled', async () => {
    const { seen } = await inspect({}, { [JOBS]: [working], [TASKS]: [{ ...task, status: 'cancelling' }] });
    expect(seen?.native).toEqual({ status: 'cancelling' });
  });

  it('began its phase after the last pause', async () => {
    const { seen } = await inspect(
      {},
      { [JOBS]: [finished, { ...working, id: 3, started_at: '2026-11-28T02:50:00Z' }] },
    );
    expect(seen?.phaseAt).toBe(Date.parse('2026-11-28T02:50:00Z'));
  });
});

describe('the runner of a job at work', () => {
  const offline = { ...runner, status: 'offline' };
  const lost = { kind: 'worker_lost', by: 'tardy', text: 'The runner silent of its job build is offline.' };

  it.each([
    ['of the instance', ADMIN],
    ['of the repository', 'repos/t/web/actions/runners'],
    ['of the organisation', 'orgs/t/actions/runners'],
    ['of the user', 'user/actions/runners'],
  ])('%s is offline', async (_, where) => {
    const { seen } = await inspect({}, { [JOBS]: [working], [TASKS]: [task], [where]: [offline] });
    expect(seen?.flag).toEqual({ ...lost, since: Date.parse('2026-11-28T02:19:46Z') });
  });

  it('no longer exists, as an administrator sees', async () => {
    const others = [{ ...runner, id: 7 }];
    const { seen } = await inspect({}, { [JOBS]: [working], [ADMIN]: others });
    expect(seen?.flag?.text).toBe('The runner of its job build no longer exists.');
    const hidden = await inspect({}, { [JOBS]: [working], 'repos/t/web/actions/runners': others });
    expect(hidden.seen?.flag).toBeUndefined();
  });

  it('cannot be seen', async () => {
    expect((await inspect({}, { [JOBS]: [working], [ADMIN]: 403 })).seen?.flag).toBeUndefined();
  });

  it.each<[string, JsonObject, JsonObject]>([
    ['a runner without a status', {}, { status: undefined }],
    ['a runner without an id', {}, { id: undefined }],
    ['a runner whose id is no number', {}, { id: 'text' }],
    ['a runner with a label that is no text', {}, { labels: [7] }],
    ['a job whose runner is no number', { runner_id: 'text' }, {}],
    ['a job with a label that is no text', { labels: [7] }, {}],
  ])('cannot be told from %s', async (_, job, change) => {
    const contents = { [JOBS]: [{ ...working, ...job }], [ADMIN]: [{ ...runner, ...change }] };
    await expect(inspect({}, contents)).rejects.toMatchObject({ code: 'shape' });
  });
});

describe('a run without a job at work', () => {
  it.each([
    ['in_progress', finished, 'Its only job has ended, yet the run is in progress.'],
    ['waiting', { ...finished, conclusion: 'skipped' }, 'Its only job has ended, yet the run is queued.'],
  ])('is stuck in %s if all jobs have ended', async (status, job, text) => {
    const { seen } = await inspect({ status }, { [JOBS]: [job] });
    expect(seen).toMatchObject({
      hold: undefined,
      flag: { kind: 'stuck', by: 'tardy', text, since: Date.parse('2026-11-28T02:25:00Z') },
    });
  });

  it('may take a moment to notice that they have', async () => {
    expect((await inspect({}, { [JOBS]: [finished] }, '2026-11-28T02:34:59Z')).seen?.flag).toBeUndefined();
    expect((await inspect({}, { [JOBS]: [finished] }, '2026-11-28T02:35:00Z')).seen?.flag?.kind).toBe('stuck');
  });

  it('is stuck without a single job', async () => {
    expect((await inspect({}, { [JOBS]: [] })).seen?.flag?.text).toBe('The run is in progress without a single job.');
  });

  it('is queued since its other jobs ended', async () => {
    const { seen } = await inspect({}, { [JOBS]: [finished, queued] });
    expect(seen).toMatchObject({ status: 'queued', phaseAt: Date.parse('2026-11-28T02:25:00Z'), flag: undefined });
  });
});

describe('a job that waits for a runner', () => {
  const fields = { status: 'queued', started_at: NONE };
  const flagOf = async (runners: readonly JsonObject[]) =>
    (
      await inspect(fields, {
        [JOBS]: [queued],
        'repos/t/web/actions/jobs': [{ ...queued, run_id: 1 }],
        [ADMIN]: runners,
      })
    ).seen?.flag;

  it.each<[string, readonly JsonObject[], string | undefined]>([
    ['one that fits is online', [runner], undefined],
    ['Forgejo says that one is idle', [{ ...runner, status: 'idle', labels: ['ubuntu-latest'] }], undefined],
    [
      'all have other labels, which are case-sensitive',
      [{ ...runner, labels: [{ name: 'Ubuntu-Latest' }] }],
      'No runner has the labels of its job: ubuntu-latest.',
    ],
    [
      'all that fit are offline',
      [{ ...runner, status: 'offline' }],
      'All runners with the labels of its job (ubuntu-latest) are offline: silent.',
    ],
    [
      'all that fit are disabled',
      [{ ...runner, disabled: true }],
      'All runners with the labels of its job (ubuntu-latest) are disabled: silent.',
    ],
    [
      'those that fit are offline or disabled',
      [
        { ...runner, disabled: true },
        { ...runner, id: 2, name: 'away', status: 'offline' },
      ],
      'All runners with the labels of its job (ubuntu-latest) are offline or disabled: silent, away.',
    ],
  ])('is flagged or not if %s', async (_, runners, text) => {
    const flag = await flagOf(runners);
    expect(flag?.text).toBe(text);
    expect(flag?.kind).toBe(text === undefined ? undefined : 'cannot_start');
  });

  it('is not flagged where runners of the instance are hidden', async () => {
    const { seen } = await inspect(fields, { [JOBS]: [queued], 'repos/t/web/actions/runners': [] });
    expect(seen?.flag).toBeUndefined();
  });
});

describe('a run whose jobs are all blocked', () => {
  const waits = { status: 'waiting', started_at: NONE };
  const jobs = { [JOBS]: [blocked], 'repos/t/web/actions/jobs': [{ ...blocked, run_id: 1 }] };
  const beside = (others: readonly JsonObject[], fields: JsonObject = {}) =>
    inspect({ ...waits, ...fields }, { ...jobs, [RUNS]: [{ ...running, ...waits, ...fields }, ...others] });

  it('waits for its concurrency group while another run is at work', async () => {
    const { seen } = await beside([{ ...running, id: 2 }], { event: 'pull_request' });
    expect(seen).toMatchObject({ status: 'queued', hold: 'limit', flag: undefined });
  });

  it('waits for nothing if no other run is at work', async () => {
    const { seen } = await beside([{ ...running, id: 2, status: 'completed' }]);
    expect(seen?.flag).toEqual({
      kind: 'orphaned',
      by: 'tardy',
      text: 'All its jobs are blocked, and no run of its repository is at work that they could wait for.',
    });
  });

  it('may wait to be approved if it is of a pull request', async () => {
    expect((await beside([], { event: 'pull_request' })).seen).toMatchObject({ hold: 'approval', flag: undefined });
  });

  it('is on hold since its other jobs ended', async () => {
    const { seen } = await inspect(waits, { ...jobs, [JOBS]: [finished, blocked] });
    expect(seen?.holdSince).toBe(Date.parse('2026-11-28T02:25:00Z'));
  });
});

describe('on Forgejo', () => {
  const run = { ...forgejoRun, id: 1, repository: running['repository'], html_url: running['html_url'] };
  const job = { id: 5, run_id: 1, attempt: 1, name: 'build', needs: null, runs_on: ['docker'], task_id: 9 };
  const at = async (fields: JsonObject, contents: Contents) => {
    const server = giteaServer({ [RUNS]: [{ ...run, ...fields }], ...contents }, { date: NOW });
    const [first] = (await gather(source, server)).runs;
    if (first === undefined) throw new Error('The run is not in the list.');
    const { fetch, asked } = fetchFrom((url, request) =>
      url.pathname.endsWith('/1/jobs') && Array.isArray(contents[JOBS])
        ? { body: contents[JOBS] }
        : server(url, request),
    );
    return { seen: await source.inspect?.(first, fetch), asked };
  };

  it('reads its bare list of jobs, and the reports of runners', async () => {
    const { seen } = await at({}, { [JOBS]: [{ ...job, status: 'running' }], [TASKS]: [task] });
    expect(seen).toMatchObject({ status: 'running', heartbeatAt: Date.parse('2026-11-28T02:19:46Z') });
  });

  it('reads the reports where there is no list of jobs', async () => {
    const { seen } = await at({}, { [TASKS]: [task] });
    expect(seen?.heartbeatAt).toBe(Date.parse('2026-11-28T02:19:46Z'));
  });

  it.each([
    ['a run is at work', 1, undefined],
    ['none is', 0, 'orphaned'],
  ])('checks whether a blocked run waits for anything: %s', async (_, others, flag) => {
    const fields = { status: 'blocked', started: NONE };
    const rows = [{ ...run, ...fields }, ...Array.from({ length: others }, () => ({ ...run, id: 2 }))];
    const { seen } = await at(fields, { [JOBS]: [{ ...job, status: 'blocked', task_id: 0 }], [RUNS]: rows });
    expect(seen?.flag?.kind).toBe(flag);
  });

  it('knows that a run waits to be approved', async () => {
    const fields = { status: 'blocked', need_approval: true };
    const { seen } = await at(fields, { [JOBS]: [{ ...job, status: 'blocked' }] });
    expect(seen).toMatchObject({ hold: 'approval', flag: undefined });
  });

  it('is stuck if all jobs have ended', async () => {
    const { seen } = await at({}, { [JOBS]: [{ ...job, status: 'success' }] });
    expect(seen?.flag?.kind).toBe('stuck');
  });
});
