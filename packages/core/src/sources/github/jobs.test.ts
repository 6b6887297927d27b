import { describe, expect, it } from 'vitest';
import { memberOf } from '../reading/body.js';
import { instant } from './testing/instant.js';
import { completedJob, inspect, job, jobs, RUN_PATH } from './testing/inspect.js';
import { description } from './testing/published-api.js';

const started = (at: string, fields = {}) => job('in_progress', { started_at: at, ...fields });
const ended = (from: string, to: string) => ({ ...completedJob, created_at: from, started_at: from, completed_at: to });

describe('a run all of whose jobs have completed', () => {
  it('is flagged since the last of them did', async () => {
    const last = ended('2020-01-20T17:00:00Z', '2020-01-20T18:00:00Z');
    const { seen, asked } = await inspect({ status: 'in_progress' }, jobs(completedJob, last));
    expect(seen?.flag).toEqual({
      kind: 'stuck',
      by: 'tardy',
      text: 'All 2 jobs have completed, yet the run is in progress.',
      since: instant('2020-01-20T18:00:00Z'),
    });
    expect(asked).toEqual([`${RUN_PATH}/jobs`]);
  });

  it('is flagged as well where GitHub calls it queued', async () => {
    const { seen } = await inspect({ status: 'queued' }, jobs(completedJob));
    expect(seen?.flag?.text).toBe('Its only job has completed, yet the run is queued.');
  });

  it('is not flagged in the moment before its next jobs appear', async () => {
    const last = ended('2020-01-23T07:00:00Z', '2020-01-23T07:50:01Z');
    expect((await inspect({ status: 'in_progress' }, jobs(last))).seen?.flag).toBeUndefined();
    const earlier = ended('2020-01-23T07:00:00Z', '2020-01-23T07:50:00Z');
    expect((await inspect({ status: 'in_progress' }, jobs(earlier))).seen?.flag?.kind).toBe('stuck');
  });

  it('is seen on the pages that follow the first', async () => {
    const link = '<https://api.github.com/page2>; rel="next"';
    const whole = { total_count: 2, jobs: [completedJob] };
    const server = { [`${RUN_PATH}/jobs`]: whole, '/page2': { total_count: 2, jobs: [{ ...completedJob, id: 2 }] } };
    const { seen } = await inspect({ status: 'in_progress' }, server, undefined, { link });
    expect(seen?.flag?.text).toBe('All 2 jobs have completed, yet the run is in progress.');
  });

  it('is not concluded where a page comes again in place of another', async () => {
    const link = '<https://api.github.com/page2>; rel="next"';
    const first = { total_count: 2, jobs: [completedJob] };
    const looking = inspect({ status: 'in_progress' }, { [`${RUN_PATH}/jobs`]: first, '/page2': first }, undefined, {
      link,
    });
    await expect(looking).rejects.toMatchObject({ code: 'truncated' });
  });

  it.each([
    ['jobs are missing', { total_count: 300, jobs: [completedJob] }, 'truncated'],
    ['the list is missing', { total_count: 1 }, 'shape'],
    ['the list has another type', { total_count: 1, jobs: {} }, 'shape'],
    ['a job is not an object', { total_count: 1, jobs: ['job'] }, 'shape'],
    ['the count is a text', { total_count: '1', jobs: [completedJob] }, 'shape'],
    ['a job has no status', { total_count: 1, jobs: [{ ...completedJob, status: null }] }, 'shape'],
  ])('is not concluded where %s', async (_, body, code) => {
    await expect(inspect({ status: 'in_progress' }, { [`${RUN_PATH}/jobs`]: body })).rejects.toMatchObject({ code });
  });
});

describe('a run without jobs', () => {
  it.each([
    ['queued', 'The run is queued without a single job.'],
    ['in_progress', 'The run is in progress without a single job.'],
  ])('is flagged if it is %s', async (status, text) => {
    const { seen } = await inspect({ status }, jobs());
    expect(seen?.flag).toEqual({ kind: 'stuck', by: 'tardy', text });
  });
});

describe('a run with a job in progress', () => {
  it('is running, whatever GitHub calls it', async () => {
    for (const status of ['queued', 'waiting', 'in_progress']) {
      const { seen } = await inspect(
        { status, run_started_at: '2020-01-20T17:42:40Z' },
        jobs(job('in_progress'), job('queued')),
      );
      expect(seen).toMatchObject({ status: 'running', startedAt: instant('2020-01-20T17:42:40Z') });
      expect([seen?.hold, seen?.flag, seen?.phaseAt]).toEqual([undefined, undefined, undefined]);
    }
    expect.assertions(6);
  });

  it('began its phase with the work that followed the last long pause', async () => {
    const fields = { status: 'in_progress', run_started_at: '2020-01-10T08:00:00Z' };
    const build = ended('2020-01-10T08:00:00Z', '2020-01-10T09:00:00Z');
    const approved = await inspect(fields, jobs(build, started('2020-01-23T07:58:00Z')));
    expect(approved.seen).toMatchObject({
      startedAt: instant('2020-01-10T08:00:00Z'),
      phaseAt: instant('2020-01-23T07:58:00Z'),
    });
    const followed = await inspect(fields, jobs(build, started('2020-01-10T09:05:00Z')));
    expect(followed.seen?.phaseAt).toBeUndefined();
  });

  it('has not worked while a job was skipped', async () => {
    const skipped = { ...ended('2020-01-22T08:00:00Z', '2020-01-23T07:55:00Z'), conclusion: 'skipped' };
    const fields = { status: 'in_progress', run_started_at: '2020-01-22T08:00:00Z' };
    const { seen } = await inspect(fields, jobs(skipped, started('2020-01-23T07:58:00Z')));
    expect(seen?.phaseAt).toBe(instant('2020-01-23T07:58:00Z'));
  });
});

describe('a run whose jobs that are left all wait', () => {
  const build = ended('2020-01-23T01:00:00Z', '2020-01-23T02:00:00Z');

  it.each(['in_progress', 'queued', 'waiting'])('is on hold since then, though it is %s', async (status) => {
    const waiting = job('waiting', { created_at: '2020-01-23T01:00:00Z' });
    const { seen, asked } = await inspect({ status }, jobs(build, waiting));
    expect(seen).toMatchObject({ hold: 'approval', holdSince: instant('2020-01-23T02:00:00Z'), flag: undefined });
    expect(asked).toContain(`${RUN_PATH}/pending_deployments`);
  });

  it('waits for its concurrency group if its jobs do', async () => {
    const pending = job('pending', { created_at: '2020-01-23T03:00:00Z' });
    const { seen, asked } = await inspect({ status: 'in_progress' }, jobs(build, pending));
    expect(seen).toMatchObject({ hold: 'limit', holdSince: instant('2020-01-23T03:00:00Z'), flag: undefined });
    expect(asked).toContain(`${RUN_PATH}/concurrency_groups`);
  });

  it('is queued if one of them may start', async () => {
    const queued = job('queued', { created_at: '2020-01-23T02:00:01Z' });
    for (const status of ['in_progress', 'queued', 'waiting']) {
      const { seen } = await inspect({ status }, jobs(build, job('waiting'), queued));
      expect(seen).toMatchObject({ status: 'queued', hold: undefined });
    }
    const { seen } = await inspect({ status: 'queued' }, jobs(build, queued));
    expect(seen?.phaseAt).toBe(instant('2020-01-23T02:00:01Z'));
    expect.assertions(4);
  });
});

it('knows every status of a job that GitHub publishes', () => {
  const { status } = memberOf(description.components.schemas['job'], 'properties');
  expect(memberOf({ status }, 'status')['enum']).toEqual([
    'queued',
    'in_progress',
    'completed',
    'waiting',
    'requested',
    'pending',
  ]);
});

it('does not request anything about a run that has ended', async () => {
  expect((await inspect({ status: 'completed', conclusion: 'success' }, {})).asked).toEqual([]);
});

it('gives a run the deadline at which GitHub cancels it, 35 days after its start', async () => {
  const { seen } = await inspect(
    { status: 'in_progress', run_started_at: '2020-01-10T08:00:00Z' },
    jobs(job('queued')),
  );
  expect(seen?.deadlineAt).toBe(instant('2020-02-14T08:00:00Z'));
});
