import type { Flag, Instant, Progress, Run } from '../run.js';
import { isObject, isText, memberOf, type JsonObject } from './body.js';
import { GITLAB_PAGE, gitlabPage } from './gitlab-api.js';
import { GITLAB_STATES } from './gitlab-run.js';
import { wordIn } from './native-words.js';
import type { SourceFetch, SourceResponse } from './source.js';
import { instantIn, serverClock } from './wire-time.js';

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
  if (!jobs.isWhole || !jobs.all.every(isOver)) return seen;
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

function isOptional(job: JsonObject): boolean {
  return job['status'] === 'manual' && job['allow_failure'] === true;
}

/**
 * When the pipeline was queued and started, by its jobs: one that is called queued may have a job at work, and one that ended before
 * has only the times of its first life, which a week may lie between.
 */
function withTimes(run: Run, { all, clock }: Jobs): Run {
  const since = run.queuedAt ?? -Infinity;
  const atWork = all.some(isAtWork);
  const waits = all.flatMap((job) => (job['status'] === 'pending' ? instants(pendingSince(job, clock)) : []));
  const starts = all.flatMap((job) => instants(instantIn(job['started_at']))).filter((at) => at >= since);
  if (run.status === 'queued' && !atWork)
    return { ...run, queuedAt: greatest([...instants(run.queuedAt), ...least(waits)])[0] };
  if (run.startedAt !== undefined && run.status === 'running') return run;
  return { ...run, status: 'running', startedAt: least(starts)[0] ?? least(waits)[0] };
}

/** GitLab counts how long a job has been in the queue, and does not say since when. */
function pendingSince(job: JsonObject, clock: Instant | undefined): Instant | undefined {
  const seconds = job['queued_duration'];
  if (clock !== undefined && typeof seconds === 'number' && seconds >= 0) return clock - Math.round(seconds * 1000);
  return instantIn(job['created_at']);
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

/** A pipeline all of whose jobs are over may still wait for one that it triggered, of which only the trigger job tells. */
async function withoutWork(run: Run, base: string, { all }: Jobs, fetch: SourceFetch): Promise<Flag | undefined> {
  const response = await fetch({ url: `${base}/bridges?per_page=${GITLAB_PAGE}`, accept: REFUSED });
  if (response.status >= 400) return undefined;
  const bridges = jobsOf(response);
  if (!bridges.isWhole || !bridges.all.every(isOver)) return undefined;
  const jobs = [...all, ...bridges.all];
  if (jobs.length === 0) {
    // The statuses of an outside system are no jobs.
    if (run.labels['source'] === 'external') return undefined;
    return { kind: 'stuck', text: `The pipeline is ${run.native?.status ?? run.status} without a single job.` };
  }
  const which = jobs.length === 1 ? 'Its only job is' : `All its ${jobs.length} jobs are`;
  const ends = jobs.flatMap((job) => instants(instantIn(job['finished_at'])));
  return {
    kind: 'stuck',
    text: `${which} over, yet the pipeline is ${run.native?.status ?? run.status}.`,
    since: greatest(ends)[0],
  };
}

function nameOf({ name }: JsonObject): string {
  return isText(name) ? name : 'without a name';
}

function instants(at: Instant | undefined): Instant[] {
  return at === undefined ? [] : [at];
}

function least(all: readonly Instant[]): Instant[] {
  return all.length === 0 ? [] : [all.reduce((a, b) => Math.min(a, b))];
}

function greatest(all: readonly Instant[]): Instant[] {
  return all.length === 0 ? [] : [all.reduce((a, b) => Math.max(a, b))];
}
