import { parseInstant } from '../../instant.js';
import type { Flag, Instant, Run } from '../../run.js';
import { isObject, listOf, type JsonObject } from '../reading/body.js';
import { GITHUB_API, GITHUB_HEADERS, GITHUB_PAGE } from './api.js';
import { behindDeployments } from './deployments.js';
import type { SourceFetch } from '../source.js';
import { firstOf, lastOf } from '../reading/wire-time.js';

/**
 * Looks at the jobs of a run. One that is in progress though all its jobs have completed, or queued without a single job, is a
 * known zombie of GitHub and gets a flag; one that GitHub still calls queued though a job is at work counts as running; one whose
 * jobs that are left all wait, for a person or for another run, is on hold.
 *
 * @param address of the run in the API
 */
export async function inspectGithubRun(run: Run, address: string, fetch: SourceFetch): Promise<Run> {
  if (run.status === 'completed') return run;
  if (run.hold === 'approval') return behindDeployments(run, address, fetch);
  if (run.hold !== undefined) return run;
  const response = await fetch({ url: `${address}/jobs?per_page=${GITHUB_PAGE}`, headers: GITHUB_HEADERS });
  const jobs = listOf(response, 'jobs', GITHUB_API).filter(isObject);
  const total = isObject(response.body) ? response.body['total_count'] : undefined;
  const allHere = total === jobs.length;
  const left = jobs.filter((job) => job['status'] !== 'completed');
  if (allHere && left.length > 0 && left.every((job) => job['status'] === 'waiting' || job['status'] === 'pending')) {
    return left.some((job) => job['status'] === 'waiting')
      ? behindDeployments({ ...run, hold: 'approval' }, address, fetch)
      : { ...run, hold: 'dependency' };
  }
  if (run.status === 'queued') return behindQueued(run, jobs, allHere);
  if (!allHere || jobs.length === 0 || left.length > 0) return run;
  const which = jobs.length === 1 ? 'Its only job has completed' : `All ${jobs.length} jobs have completed`;
  return { ...run, flag: flag(`${which}, yet the run is in progress.`, lastOf(instants(jobs, 'completed_at'))) };
}

function behindQueued(run: Run, jobs: readonly JsonObject[], allHere: boolean): Run {
  const atWork = jobs.filter((job) => job['status'] === 'in_progress');
  if (atWork.length > 0)
    return { ...run, status: 'running', startedAt: firstOf(instants(atWork, 'started_at')) ?? run.startedAt };
  return allHere && jobs.length === 0
    ? { ...run, flag: flag('The run is queued without a single job.', undefined) }
    : run;
}

function flag(text: string, since: Instant | undefined): Flag {
  return { kind: 'stuck', text, since };
}

function instants(jobs: readonly JsonObject[], name: string): Instant[] {
  return jobs.flatMap((job) => {
    const text = job[name];
    const at = typeof text === 'string' ? parseInstant(text) : undefined;
    return at === undefined ? [] : [at];
  });
}
