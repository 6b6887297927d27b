import type { Flag, Run } from '../../run.js';
import {
  hasText,
  isObject,
  isTrue,
  listField,
  memberOf,
  objectField,
  textField,
  type JsonObject,
} from '../reading/body.js';
import { nameFor } from '../reading/vocabulary.js';
import { instantIn } from '../reading/wire-time.js';
import { SourceError, type SourceFetch } from '../source.js';
import { gitlabGraphql, gitlabRows } from './api.js';
import { nameOf } from './job-times.js';
import type { PipelinePlace } from './place.js';

/** The statuses of a runner that has not requested work for two hours or longer. */
const GONE = ['offline', 'stale', 'never_contacted'];

/** A flag if the runner of a job at work is gone. One that is paused takes no new jobs and continues its old ones. */
export function lostRunner(atWork: readonly JsonObject[]): Flag | undefined {
  for (const job of atWork) {
    // Several machines may share a runner; the manager is the one at work.
    const manager = objectField(job, 'runner_manager', 'GitLab');
    const runner = objectField(job, 'runner', 'GitLab');
    const status = statusIn(manager) ?? statusIn(runner);
    if (status !== undefined && GONE.includes(status)) {
      const since = instantIn(manager?.['contacted_at']);
      return { kind: 'worker_lost', by: 'tardy', text: `The runner of its job ${nameOf(job)} is ${status}.`, since };
    }
  }
  return undefined;
}

function statusIn(runner: JsonObject | undefined): string | undefined {
  return runner === undefined ? undefined : textField(runner, 'status', 'GitLab');
}

const STUCK_QUERY = `query tardyStuckJobs($path: ID!, $id: CiPipelineID!, $after: String) {
  project(fullPath: $path) { pipeline(id: $id) { jobs(statuses: [PENDING], first: 100, after: $after) {
    nodes { name stuck } pageInfo { hasNextPage endCursor }
  } } }
}`;

/** A flag if GitLab marks a pending job as stuck on its pages: no runner takes it. Its REST API does not say so. */
export async function stuckJob(
  run: Run,
  pending: readonly JsonObject[],
  { address, project }: PipelinePlace,
  fetch: SourceFetch,
): Promise<Flag | undefined> {
  let after: string | undefined;
  do {
    const page = await jobsPage(STUCK_QUERY, run, after, address, fetch);
    if (page === undefined) return withoutRunner(pending, project, fetch);
    if (page.nodes.some((job) => typeof job['stuck'] !== 'boolean')) {
      throw new SourceError('shape', 'GitLab sent a pending job without saying whether it is stuck.');
    }
    const stuck = page.nodes.find((job) => job['stuck'] === true);
    if (stuck !== undefined) {
      const tags = pending.find(({ name }) => name === stuck['name'])?.['tag_list'];
      const which =
        Array.isArray(tags) && tags.length > 0
          ? `has its tags (${tags.slice(0, 5).map(nameFor).join(', ')})`
          : 'can run it';
      const text = `The job ${nameOf(stuck)} is stuck: no runner online ${which}.`;
      return { kind: 'cannot_start', by: 'source', text };
    }
    after = page.after;
  } while (after !== undefined);
  return undefined;
}

/** How many jobs with different tags are looked up. */
const MOST_TAGS = 3;

/** A flag if no runner of the project that is online has the tags of a pending job. Only a maintainer may list runners. */
async function withoutRunner(
  pending: readonly JsonObject[],
  project: string,
  fetch: SourceFetch,
): Promise<Flag | undefined> {
  const wanted = new Map(pending.map((job) => [tagsOf(job).join(','), job]));
  for (const [tags, job] of [...wanted].slice(0, MOST_TAGS)) {
    const runners = await gitlabRows(`${project}/runners`, fetch, [['tag_list', tags === '' ? undefined : tags]]);
    if (runners === undefined) return undefined;
    if (runners.rows.some((runner) => runner['status'] === 'online' && runner['paused'] !== true)) continue;
    const which = tags === '' ? 'is online' : `with its tags (${nameFor(tags)}) is online`;
    return { kind: 'cannot_start', by: 'tardy', text: `No runner of the project ${which} for the job ${nameOf(job)}.` };
  }
  return undefined;
}

function tagsOf(job: JsonObject): readonly string[] {
  return (listField(job, 'tag_list', 'GitLab') ?? []).filter(hasText).sort();
}

const SCHEDULE_QUERY = `query tardyScheduledJobs($path: ID!, $id: CiPipelineID!, $after: String) {
  project(fullPath: $path) { pipeline(id: $id) { jobs(statuses: [SCHEDULED], first: 100, after: $after) {
    nodes { name scheduledAt } pageInfo { hasNextPage endCursor }
  } } }
}`;

/** When the first of the delayed jobs starts; `undefined` if GitLab does not say. */
export async function firstScheduled(run: Run, address: string, fetch: SourceFetch): Promise<number | undefined> {
  const page = await jobsPage(SCHEDULE_QUERY, run, undefined, address, fetch);
  const starts = (page?.nodes ?? []).map((job) => instantIn(job['scheduledAt'])).filter((at) => at !== undefined);
  return starts.length === 0 ? undefined : Math.min(...starts);
}

async function jobsPage(query: string, run: Run, after: string | undefined, address: string, fetch: SourceFetch) {
  const id = `gid://gitlab/Ci::Pipeline/${run.id.slice(run.id.lastIndexOf('/') + 1)}`;
  const variables = { path: run.tenant?.id, id, ...(after === undefined ? {} : { after }) };
  const data = await gitlabGraphql(address, query, variables, fetch);
  const project = data === undefined ? undefined : objectField(data, 'project', 'GitLab');
  const pipeline = project === undefined ? undefined : objectField(project, 'pipeline', 'GitLab');
  const jobs = pipeline === undefined ? undefined : objectField(pipeline, 'jobs', 'GitLab');
  if (jobs === undefined) return undefined;
  const page = memberOf(jobs, 'pageInfo');
  return {
    nodes: (listField(jobs, 'nodes', 'GitLab') ?? []).filter(isObject),
    after: isTrue(page['hasNextPage']) ? textField(page, 'endCursor', 'GitLab') : undefined,
  };
}
