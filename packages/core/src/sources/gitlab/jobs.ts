import type { Flag, Instant, Progress, Run } from '../../run.js';
import { isObject, isText, memberOf, type JsonObject } from '../reading/body.js';
import { GITLAB_PAGE, gitlabPage } from './api.js';
import { GITLAB_STATES } from './run.js';
import { wordIn } from '../reading/vocabulary.js';
import type { SourceFetch, SourceResponse } from '../source.js';
import { firstOf, instantIn, lastOf, serverClock } from '../reading/wire-time.js';

/** What a runner is called that has not asked for work for two hours or longer. */
const GONE = ['offline', 'stale', 'never_contacted'];

/** A credential that may read pipelines may lack the right to read what is inside: the token of a job does. */
const REFUSED = [401, 403, 404];

/** The jobs of a pipeline, without those that were retried. */
type Jobs = {
  readonly all: readonly JsonObject[];
  /** Whether no page follows. */
  readonly isWhole: boolean;
  readonly clock: Instant | undefined;
};

/**
 * Looks at the jobs of a pipeline, and where these do not explain it, at its trigger jobs or at what GitLab itself calls stuck.
 *
 * @param base the address of the pipeline in the REST API
 */
export async function inspectGitlabPipeline(run: Run, address: string, base: string, fetch: SourceFetch): Promise<Run> {
  if (run.status === 'completed' || run.hold !== undefined) return run;
  const response = await fetch({ url: `${base}/jobs?per_page=${GITLAB_PAGE}`, accept: REFUSED });
  if (response.status >= 400) return run;
  const jobs = jobsOf(response);
  const seen = { ...withTimes(run, jobs), progress: progressOf(jobs) };
  const atWork = jobs.all.filter(isAtWork);
  if (atWork.length > 0) return { ...seen, flag: lostRunner(atWork) };
  if (jobs.all.some((job) => job['status'] === 'pending'))
    return { ...seen, flag: await withoutRunner(run, address, fetch) };
  if (!jobs.isWhole || !jobs.all.every(isAtRest)) return seen;
  return { ...seen, flag: await withoutWork(run, base, jobs, fetch) };
}

function jobsOf(response: SourceResponse): Jobs {
  const { rows, more } = gitlabPage(response);
  return { all: rows.filter(isObject), isWhole: !more, clock: serverClock(response) };
}

function isAtWork({ status }: JsonObject): boolean {
  return wordIn(GITLAB_STATES, status)?.status === 'running';
}

/** An optional job that waits to be played does not keep its pipeline open. */
function isOver(job: JsonObject): boolean {
  return wordIn(GITLAB_STATES, job['status'])?.status === 'completed' || isOptional(job);
}

/** A job that is only created comes to life when GitLab gives it to a runner. */
function isAtRest(job: JsonObject): boolean {
  return job['status'] === 'created' || isOver(job);
}

function isOptional(job: JsonObject): boolean {
  return job['status'] === 'manual' && job['allow_failure'] === true;
}

/**
 * When the pipeline was queued and started, by its jobs. GitLab keeps the times of its first life; a job that is retried or played by
 * hand days later begins another, and so does the first job after one that waited for a person.
 */
function withTimes(run: Run, jobs: Jobs): Run {
  const begin = lastLife(jobs);
  if (run.status === 'queued' && !jobs.all.some(isAtWork)) return { ...run, queuedAt: later(run.queuedAt, begin) };
  const starts = jobs.all.flatMap((job) => instants(instantIn(job['started_at'])));
  const start = firstOf(starts.filter((at) => begin !== undefined && at >= begin)) ?? begin;
  const isFirstLife = run.startedAt !== undefined && (start ?? -Infinity) <= run.startedAt + REST_MS;
  return { ...run, status: 'running', startedAt: isFirstLife ? run.startedAt : start };
}

/** Between two jobs GitLab takes seconds. When longer nothing is at work or waits for a runner, a person is waited for, or a delay. */
const REST_MS = 600_000;

/** Since when, but for short rests, there is always a job at work or waiting for a runner. */
function lastLife({ all, clock }: Jobs): Instant | undefined {
  const busy = all.flatMap((job) => busyTime(job, clock)).sort((a, b) => a.from - b.from);
  let begin: Instant | undefined;
  let end = -Infinity;
  for (const { from, to } of busy) {
    if (from > end + REST_MS) begin = from;
    end = Math.max(end, to);
  }
  return begin;
}

/** From when a job waited for a runner until it was over. GitLab counts how long it waits, and does not say since when. */
function busyTime(job: JsonObject, clock: Instant | undefined): { readonly from: Instant; readonly to: Instant }[] {
  const seconds = job['queued_duration'];
  const waited = typeof seconds === 'number' && seconds >= 0 ? Math.round(seconds * 1000) : undefined;
  const isPending = job['status'] === 'pending';
  const at = isPending && waited !== undefined ? clock : instantIn(job['started_at']);
  const from = at === undefined ? (isPending ? instantIn(job['created_at']) : undefined) : at - (waited ?? 0);
  return from === undefined ? [] : [{ from, to: instantIn(job['finished_at']) ?? Infinity }];
}

function progressOf({ all, isWhole }: Jobs): Progress | undefined {
  const counted = all.filter((job) => !isOptional(job));
  if (!isWhole || counted.length === 0) return undefined;
  const count = (...words: string[]) => counted.filter(({ status }) => words.includes(String(status))).length;
  return {
    total: counted.length,
    processed: counted.filter(isOver).length,
    succeeded: count('success'),
    failed: count('failed'),
    skipped: count('skipped', 'canceled'),
    unit: 'jobs',
  };
}

function lostRunner(atWork: readonly JsonObject[]): Flag | undefined {
  for (const job of atWork) {
    const manager = memberOf(job, 'runner_manager');
    // Several machines may share a runner; the manager is the one at work.
    const { status } = isText(manager['status']) ? manager : memberOf(job, 'runner');
    if (isText(status) && GONE.includes(status)) {
      const since = instantIn(manager['contacted_at']);
      return { kind: 'worker_lost', text: `The runner of its job ${nameOf(job)} is ${status}.`, since };
    }
  }
  return undefined;
}

const STUCK_QUERY = `query tardyStuckJobs($path: ID!, $id: CiPipelineID!) {
  project(fullPath: $path) { pipeline(id: $id) { jobs(statuses: [PENDING], first: 20) { nodes { name stuck } } } }
}`;

/** What GitLab marks as stuck on its pages: a job that no runner takes. Its REST API does not tell. */
async function withoutRunner(run: Run, address: string, fetch: SourceFetch): Promise<Flag | undefined> {
  const variables = {
    path: run.tenant?.id,
    id: `gid://gitlab/Ci::Pipeline/${run.id.slice(run.id.lastIndexOf('/') + 1)}`,
  };
  const { body } = await fetch({
    url: `${address}api/graphql`,
    method: 'POST',
    body: { query: STUCK_QUERY, variables },
    accept: [400, ...REFUSED],
  });
  const jobs = ['data', 'project', 'pipeline', 'jobs'].reduce(memberOf, isObject(body) ? body : {})['nodes'];
  const stuck = Array.isArray(jobs) ? jobs.filter(isObject).find((job) => job['stuck'] === true) : undefined;
  if (stuck === undefined) return undefined;
  return { kind: 'stuck', text: `GitLab calls its job ${nameOf(stuck)} stuck: no runner that is online takes it.` };
}

/**
 * A pipeline none of whose jobs moves may still wait for one that it triggered, of which only the trigger job tells. If it does not,
 * GitLab has lost it: it no longer begins the jobs that are left, or does not see that all are over.
 */
async function withoutWork(run: Run, base: string, jobs: Jobs, fetch: SourceFetch): Promise<Flag | undefined> {
  const response = await fetch({ url: `${base}/bridges?per_page=${GITLAB_PAGE}`, accept: REFUSED });
  if (response.status >= 400) return undefined;
  const bridges = jobsOf(response);
  if (!bridges.isWhole || !bridges.all.every(isAtRest)) return undefined;
  const all = [...jobs.all, ...bridges.all];
  const status = run.native?.status ?? run.status;
  if (all.length === 0) {
    // The statuses of an outside system are no jobs.
    const isOutside = run.labels['source'] === 'external';
    return isOutside ? undefined : { kind: 'stuck', text: `The pipeline is ${status} without a single job.` };
  }
  const since = lastOf(all.flatMap((job) => instants(instantIn(job['finished_at']))));
  if (jobs.clock !== undefined && since !== undefined && jobs.clock - since < REST_MS) return undefined;
  const left = all.filter((job) => !isOver(job)).length;
  if (left === 0) {
    const which = all.length === 1 ? 'Its only job is' : `All its ${all.length} jobs are`;
    return { kind: 'stuck', text: `${which} over, yet the pipeline is ${status}.`, since };
  }
  // What is left may need a job that nobody has played yet, or nothing has begun.
  if (since === undefined || all.some(isOptional)) return undefined;
  const text = `${left} of its ${all.length} jobs ${left === 1 ? 'is' : 'are'} left, and GitLab has begun none since the others ended.`;
  return { kind: 'stuck', text, since };
}

function nameOf({ name }: JsonObject): string {
  return isText(name) ? name : 'without a name';
}

function instants(at: Instant | undefined): Instant[] {
  return at === undefined ? [] : [at];
}

function later(one: Instant | undefined, other: Instant | undefined): Instant | undefined {
  return lastOf([...instants(one), ...instants(other)]);
}
