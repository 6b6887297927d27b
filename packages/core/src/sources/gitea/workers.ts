import type { Run } from '../../run.js';
import type { SourceFetch } from '../source.js';
import type { Job } from './job.js';
import { lostRunner } from './runners.js';
import { isCancelling, lastReport, runPath, tasksAtWork } from './tasks.js';

/**
 * A run at work with what its runners show: their last reports on its tasks, and whether they are online. Gitea reports no heartbeat of
 * a run.
 *
 * @param atWork its jobs at work, as far as they are known
 * @param api the URL of the API
 */
export async function withWorkers(
  run: Run,
  atWork: readonly Job[],
  api: string,
  repository: string,
  fetch: SourceFetch,
): Promise<Run> {
  const tasks = await tasksAtWork(`${api}repos/${repository}/actions/tasks`, runPath(run.url), run.startedAt, fetch);
  const heartbeatAt = lastReport(tasks);
  const flag = await lostRunner(atWork, api, repository, heartbeatAt, fetch);
  return { ...run, native: isCancelling(tasks) ? { status: 'cancelling' } : run.native, heartbeatAt, flag };
}
