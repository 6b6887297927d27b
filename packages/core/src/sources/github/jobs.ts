import type { Instant, Run } from '../../run.js';
import type { JsonObject } from '../reading/body.js';
import { lastStretch } from '../reading/busy-time.js';
import { epochMs } from '../reading/epoch-time.js';
import { firstOf, instantIn, lastOf, serverClock } from '../reading/wire-time.js';
import { SourceError, type SourceFetch } from '../source.js';
import { GITHUB_API, githubRows } from './api.js';
import { inspectApproval } from './approval.js';
import { inspectConcurrency } from './concurrency.js';
import { inspectDeployments } from './deployments.js';
import { findRunner, lostRunner } from './runners.js';

/** Where a run is found in the API. */
export type GithubRunUrls = { readonly repository: string; readonly run: string };

/** Between two jobs GitHub takes seconds. During a longer pause the run waited for a runner, a person or another run. */
const PAUSE_MS = 600_000;

/** Each workflow run is cancelled after 35 days, the time of waiting and approval included. */
const LONGEST_RUN_MS = 35 * 86_400_000;

/**
 * Looks inside a run: at its jobs, which say whether it works, waits or is over, and at what it waits for: a runner, a person, a
 * timer, another run of its concurrency group.
 */
export async function inspectGithubRun(given: Run, urls: GithubRunUrls, fetch: SourceFetch): Promise<Run> {
  if (given.status === 'completed') return given;
  if (given.native?.status === 'completed') return inspectApproval(given, urls.repository, fetch);
  const run = withDeadline(given);
  if (run.hold === 'limit') return inspectConcurrency(run, urls.repository, urls.run, fetch);
  let now: Instant | undefined;
  const clocked: SourceFetch = async (request) => {
    const response = await fetch(request);
    now = serverClock(response);
    return response;
  };
  const jobs = (await githubRows(`${urls.run}/jobs`, 'jobs', clocked)) ?? [];
  const left = jobs.filter((job) => statusOf(job) !== 'completed');
  const atWork = left.filter((job) => statusOf(job) === 'in_progress');
  if (atWork.length > 0) return { ...working(run, jobs), flag: await lostRunner(atWork, urls.repository, fetch) };
  if (jobs.length === 0) return withoutJobs(run, urls, fetch);
  if (left.length === 0) return allCompleted(run, jobs, now);
  // The jobs that are left began to wait when the last of the others ended.
  const since = later(lastOf(instantsIn(jobs, 'completed_at')), firstOf(instantsIn(left, 'created_at')));
  if (left.every((job) => statusOf(job) === 'waiting' || statusOf(job) === 'pending')) {
    const held = { ...run, holdSince: since };
    return left.some((job) => statusOf(job) === 'waiting')
      ? inspectDeployments({ ...held, hold: 'approval' }, urls.repository, urls.run, fetch)
      : inspectConcurrency({ ...held, hold: 'limit' }, urls.repository, urls.run, fetch);
  }
  const queued: Run = { ...run, status: 'queued', hold: undefined, phaseAt: phaseOf(since, run.queuedAt) };
  const waiting = left.filter((job) => statusOf(job) === 'queued');
  return { ...queued, flag: await findRunner(waiting, urls.repository, fetch) };
}

function working(run: Run, jobs: readonly JsonObject[]): Run {
  const busy = jobs.flatMap((job) => {
    const from = instantIn(job['started_at']);
    const status = statusOf(job);
    const isBusy = (status === 'in_progress' || status === 'completed') && job['conclusion'] !== 'skipped';
    return !isBusy || from === undefined ? [] : [{ from, to: instantIn(job['completed_at']) ?? Infinity }];
  });
  const startedAt = run.startedAt ?? firstOf(busy.map(({ from }) => from));
  const phaseAt = phaseOf(lastStretch(busy, PAUSE_MS), startedAt);
  return { ...run, status: 'running', hold: undefined, startedAt, phaseAt };
}

async function withoutJobs(run: Run, urls: GithubRunUrls, fetch: SourceFetch): Promise<Run> {
  if (run.hold === 'approval') return inspectDeployments(run, urls.repository, urls.run, fetch);
  const state = run.status === 'queued' ? 'queued' : 'in progress';
  return { ...run, flag: { kind: 'stuck', by: 'tardy', text: `The run is ${state} without a single job.` } };
}

function allCompleted(run: Run, jobs: readonly JsonObject[], now: Instant | undefined): Run {
  const since = lastOf(instantsIn(jobs, 'completed_at'));
  // The next jobs appear a moment after those that they need.
  if (now !== undefined && since !== undefined && now - since < PAUSE_MS) return run;
  const which = jobs.length === 1 ? 'Its only job has completed' : `All ${jobs.length} jobs have completed`;
  const state = run.status === 'queued' ? 'queued' : 'in progress';
  return {
    ...run,
    hold: undefined,
    flag: { kind: 'stuck', by: 'tardy', text: `${which}, yet the run is ${state}.`, since },
  };
}

function withDeadline(run: Run): Run {
  const start = run.startedAt ?? run.queuedAt;
  return start === undefined ? run : { ...run, deadlineAt: epochMs(start + LONGEST_RUN_MS) };
}

/** A phase that began with the run says nothing new. */
function phaseOf(at: Instant | undefined, start: Instant | undefined): Instant | undefined {
  return at !== undefined && (start === undefined || at > start) ? at : undefined;
}

function later(one: Instant | undefined, other: Instant | undefined): Instant | undefined {
  return lastOf([one, other].filter((at) => at !== undefined));
}

function statusOf({ status }: JsonObject): string {
  if (typeof status === 'string') return status;
  throw new SourceError('shape', `A job has no status. Is this the URL of ${GITHUB_API}?`);
}

function instantsIn(jobs: readonly JsonObject[], name: string): Instant[] {
  return jobs.map((job) => instantIn(job[name])).filter((at) => at !== undefined);
}
