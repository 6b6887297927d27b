import type { Instant, Run } from '../../run.js';
import { lastStretch } from '../reading/busy-time.js';
import { firstOf, lastOf, serverClock } from '../reading/wire-time.js';
import type { SourceFetch } from '../source.js';
import { allRows } from './api.js';
import { countOf } from './cancelling.js';
import { readJob, type Job } from './job.js';
import { findRunner } from './runners.js';
import { withWorkers } from './workers.js';

/** Where a run is: the URL of the API, its repository, and its id there. */
export type RunPlace = { readonly api: string; readonly repository: string; readonly id: string };

/** Between two jobs Gitea takes seconds. During a longer pause the run waited for a runner, a person or another run. */
const PAUSE_MS = 600_000;

/**
 * Looks inside a run: at its jobs, which say whether it works, waits or is over; at the reports of the runners that work on them; and
 * at what it waits for: a runner, other runs of its repository.
 */
export async function inspectGiteaRun(run: Run, place: RunPlace, given: SourceFetch): Promise<Run> {
  if (run.status === 'completed') return run;
  let now: Instant | undefined;
  const fetch: SourceFetch = async (request) => {
    const response = await given(request);
    now = serverClock(response) ?? now;
    return response;
  };
  const { api, repository, id } = place;
  const actions = `${api}repos/${repository}/actions`;
  const rows = await allRows(`${actions}/runs/${encodeURIComponent(id)}/jobs`, 'jobs', fetch);
  // Older servers of Forgejo have no list of jobs: the reports of runners are all that can be seen.
  if (rows === undefined) return run.status === 'running' ? withWorkers(run, [], api, repository, fetch) : run;
  const jobs = rows.map(readJob);
  const left = jobs.filter(({ state }) => state !== 'ended');
  // What the list concluded is looked at again.
  const counted: Run = { ...run, progress: progressOf(jobs), flag: undefined, heartbeatAt: undefined };
  const atWork = left.filter(({ state }) => state === 'working' || state === 'unknown');
  if (atWork.length > 0) return withWorkers(working(counted, jobs), atWork, api, repository, fetch);
  if (jobs.length === 0) {
    const state = run.status === 'queued' ? 'queued' : 'in progress';
    return { ...run, flag: { kind: 'stuck', by: 'tardy', text: `The run is ${state} without a single job.` } };
  }
  if (left.length === 0) return allEnded(counted, jobs, now);
  const since = later(lastOf(instants(jobs, 'endedAt')), firstOf(instants(left, 'createdAt')));
  const waiting = left.filter(({ state }) => state === 'queued');
  if (waiting.length === 0) return inspectBlocked({ ...counted, holdSince: since ?? run.holdSince }, actions, fetch);
  const queued: Run = {
    ...counted,
    status: 'queued',
    hold: undefined,
    phaseAt: phaseOf(since, run.queuedAt) ?? run.phaseAt,
  };
  return { ...queued, flag: await findRunner(waiting, api, repository, fetch) };
}

function working(run: Run, jobs: readonly Job[]): Run {
  const busy = jobs.flatMap(({ startedAt: from, endedAt: to }) =>
    from === undefined ? [] : [{ from, to: to ?? Infinity }],
  );
  const startedAt = run.startedAt ?? firstOf(busy.map(({ from }) => from));
  return {
    ...run,
    status: 'running',
    hold: undefined,
    startedAt,
    phaseAt: phaseOf(lastStretch(busy, PAUSE_MS), startedAt),
  };
}

function allEnded(run: Run, jobs: readonly Job[], now: Instant | undefined): Run {
  const since = lastOf(instants(jobs, 'endedAt')) ?? lastOf(instants(jobs, 'createdAt'));
  // The next jobs appear a moment after those that they need.
  if (now !== undefined && since !== undefined && now - since < PAUSE_MS) return run;
  const which = jobs.length === 1 ? 'Its only job has ended' : `All ${jobs.length} jobs have ended`;
  const state = run.status === 'queued' ? 'queued' : 'in progress';
  return {
    ...run,
    hold: undefined,
    flag: { kind: 'stuck', by: 'tardy', text: `${which}, yet the run is ${state}.`, since },
  };
}

/**
 * All jobs that are left are blocked: by other runs of a concurrency group, or until somebody approves the run. Groups belong to a
 * repository, and are not shown.
 */
async function inspectBlocked(run: Run, actions: string, fetch: SourceFetch): Promise<Run> {
  const blocked: Run = { ...run, status: 'queued', hold: run.hold ?? 'limit' };
  const atWork = await runsAtWork(`${actions}/runs`, run, fetch);
  if (atWork > 0) return blocked.native?.status === 'blocked' ? blocked : { ...blocked, hold: 'limit' };
  if (blocked.hold === 'approval') return blocked;
  const text = 'All its jobs are blocked, and no run of its repository is at work that they could wait for.';
  return { ...blocked, flag: { kind: 'orphaned', by: 'tardy', text } };
}

/** How many runs of the repository are at work, those that are being cancelled included: all that have neither ended nor wait. */
async function runsAtWork(url: string, run: Run, fetch: SourceFetch): Promise<number> {
  const isForgejo = run.native?.status === 'blocked';
  if (isForgejo) return countOf(url, 'status=running&', fetch);
  const [all, ended, waiting] = await Promise.all(
    ['', 'status=completed&', 'status=queued&status=waiting&'].map((filter) => countOf(url, filter, fetch)),
  );
  return (all ?? 0) - (ended ?? 0) - (waiting ?? 0);
}

function progressOf(jobs: readonly Job[]): Run['progress'] {
  return { processed: jobs.filter(({ state }) => state === 'ended').length, total: jobs.length, unit: 'jobs' };
}

/** A phase that began with the run says nothing new. */
function phaseOf(at: Instant | undefined, start: Instant | undefined): Instant | undefined {
  return at !== undefined && (start === undefined || at > start) ? at : undefined;
}

function later(one: Instant | undefined, other: Instant | undefined): Instant | undefined {
  return lastOf([one, other].filter((at) => at !== undefined));
}

function instants(jobs: readonly Job[], name: 'createdAt' | 'startedAt' | 'endedAt'): Instant[] {
  return jobs.map((job) => job[name]).filter((at) => at !== undefined);
}
