import { describe, expect, it } from 'vitest';
import type { Run } from '../../run.js';
import type { JsonObject } from '../reading/body.js';
import { githubRunToWire } from './run.js';
import { githubSource } from './source.js';
import { readOneRow } from '../reading/read-rows.js';
import { fetchFrom, type Server } from '../testing/fetch.js';
import { answerOf, example } from './testing/published-api.js';
import { conform, workflowRun } from './testing/server.js';

const source = githubSource('octo', { repository: 'octo-org/octo-repo' });
const published = (example('job-paginated')['jobs'] as JsonObject[])[0] ?? {};
/** The published example lacks a field that the published schema requires. */
const job: JsonObject = { ...published, created_at: published['started_at'] };
const atWork: JsonObject = { ...job, status: 'in_progress', conclusion: null, completed_at: null };
const waiting: JsonObject = { ...atWork, status: 'waiting' };
const [waited = {}] = example('pending-deployment-items') as unknown as JsonObject[];
/** The second reviewer of the published example lacks fields that the published schema requires. */
const deployment: JsonObject = { ...waited, reviewers: (waited['reviewers'] as unknown[]).slice(0, 1) };
const isJobList = answerOf('/repos/{owner}/{repo}/actions/runs/{run_id}/jobs');
const isDeploymentList = answerOf('/repos/{owner}/{repo}/actions/runs/{run_id}/pending_deployments');

const jobs = (...list: JsonObject[]): Server => {
  const body = { total_count: list.length, jobs: list };
  conform(isJobList, body);
  return () => ({ body });
};

/** The jobs and the environments that a run waits for, at 22:10 of the day on which the published timer of 30 minutes began. */
const jobsAndDeployments = (list: readonly JsonObject[], deployments: readonly JsonObject[]): Server => {
  conform(isDeploymentList, deployments);
  const headers = { date: 'Mon, 23 Nov 2020 22:10:00 GMT' };
  return (url, request) =>
    url.pathname.endsWith('/pending_deployments') ? { body: deployments, headers } : jobs(...list)(url, request);
};

async function look(fields: JsonObject, server: Server) {
  const run: Run = readOneRow({ ...workflowRun, ...fields }, '1', 'octo', githubRunToWire);
  const { fetch, asked } = fetchFrom(server);
  return { run, seen: await source.inspect?.(run, fetch), asked: asked.map(({ url }) => new URL(url).pathname) };
}

describe('a look at the jobs', () => {
  it('flags a run in progress all of whose jobs have completed, since the last of them did', async () => {
    const { seen, asked } = await look(
      { status: 'in_progress' },
      jobs(job, { ...job, completed_at: '2020-01-20T18:00:00Z' }),
    );
    expect(seen?.flag).toEqual({
      kind: 'stuck',
      text: 'All 2 jobs have completed, yet the run is in progress.',
      since: Date.parse('2020-01-20T18:00:00Z'),
    });
    expect(asked).toEqual(['/repos/octo-org/octo-repo/actions/runs/30433642/jobs']);
  });

  it('leaves a run alone while a job is at work, or when not all jobs were sent', async () => {
    const working = await look({ status: 'in_progress' }, jobs(job, atWork));
    expect(working.seen).toBe(working.run);
    const partial = await look({ status: 'in_progress' }, () => ({ body: { total_count: 300, jobs: [job] } }));
    expect(partial.seen).toBe(partial.run);
  });

  it('counts a queued run as running when a job is at work', async () => {
    const { seen } = await look({ status: 'queued' }, jobs(atWork, { ...job, status: 'queued', conclusion: null }));
    expect(seen).toMatchObject({ status: 'running', startedAt: Date.parse('2020-01-20T17:42:40Z'), flag: undefined });
  });

  it('flags a run that is queued without a single job', async () => {
    const { seen } = await look({ status: 'queued' }, jobs());
    expect(seen?.flag).toMatchObject({ kind: 'stuck', text: 'The run is queued without a single job.' });
  });

  it('asks nothing about a run that waits for another one, or has ended', async () => {
    expect((await look({ status: 'pending' }, jobs())).asked).toEqual([]);
    expect((await look({ status: 'completed' }, jobs())).asked).toEqual([]);
  });

  it.each(['in_progress', 'queued'])('puts a run on hold that is %s, though all jobs left wait', async (status) => {
    const approval = await look({ status }, jobsAndDeployments([job, waiting], [deployment]));
    expect(approval.seen).toMatchObject({ hold: 'approval', flag: undefined });
    const group = await look({ status }, jobs(job, { ...waiting, status: 'pending' }));
    expect(group.seen).toMatchObject({ hold: 'dependency', flag: undefined });
  });

  it('puts no run on hold of which a job may start', async () => {
    const { run, seen } = await look({ status: 'in_progress' }, jobs(waiting, { ...atWork, status: 'queued' }));
    expect(seen).toBe(run);
  });
});

describe('a look at what a waiting run waits for', () => {
  const timer: JsonObject = { ...deployment, reviewers: [] };
  const lookAt = (...deployments: JsonObject[]) => look({ status: 'waiting' }, jobsAndDeployments([], deployments));

  it('is a time where only timers run', async () => {
    const { seen, asked } = await lookAt(timer, { ...timer, wait_timer: 45 });
    expect(seen).toMatchObject({ hold: 'schedule', notBefore: Date.parse('2020-11-23T22:45:40Z') });
    expect(asked).toEqual(['/repos/octo-org/octo-repo/actions/runs/30433642/pending_deployments']);
  });

  it.each([
    ['a reviewer is named', [deployment]],
    ['one of several has a reviewer', [timer, deployment]],
    ['the timer is over', [{ ...timer, wait_timer: 5 }]],
    ['no timer has begun', [{ ...timer, wait_timer: 0, wait_timer_started_at: null }]],
    ['nothing is told', []],
  ])('stays an approval where %s', async (_, deployments) => {
    const { run, seen } = await lookAt(...deployments);
    expect(seen).toBe(run);
  });

  it('stays an approval where it may not be asked', async () => {
    const { run, seen } = await look({ status: 'waiting' }, () => ({ status: 403, body: { message: 'no' } }));
    expect(seen).toBe(run);
  });
});
