import type { Flag } from '../../run.js';
import { hasText, isObject, type JsonObject } from '../reading/body.js';
import { nameFor } from '../reading/vocabulary.js';
import { SourceError, type SourceFetch } from '../source.js';
import { GITHUB_API, GITHUB_HEADERS, githubRows } from './api.js';

type Runner = {
  readonly id: unknown;
  readonly name: string;
  readonly isOnline: boolean;
  readonly labels: ReadonlySet<string>;
};

/** Labels and runners that a message names. */
const MOST_NAMED = 5;

/**
 * Looks for a self-hosted runner for jobs that wait for one. A flag if no runner has the labels of a job, if all that have them are
 * offline, or if the one that it was given to is. Only an administrator may list runners: with any other token there is no flag.
 *
 * @param repository the URL of the repository in the API
 */
export async function findRunner(
  jobs: readonly JsonObject[],
  repository: string,
  fetch: SourceFetch,
): Promise<Flag | undefined> {
  const selfHosted = jobs.filter((job) => labelsOf(job).includes('self-hosted'));
  if (selfHosted.length === 0) return undefined;
  const runners = await runnersFor(repository, fetch);
  if (runners === undefined) return undefined;
  for (const job of selfHosted) {
    const given = runners.find(({ id }) => id === job['runner_id']);
    if (given?.isOnline === false) {
      const text = `Its job ${nameFor(job['name'])} was given to the runner ${given.name}, which is offline.`;
      return { kind: 'worker_lost', by: 'tardy', text };
    }
    const labels = labelsOf(job);
    const fitting = runners.filter((runner) => labels.every((label) => runner.labels.has(label)));
    if (fitting.some(({ isOnline }) => isOnline)) continue;
    const names = fitting.map(({ name }) => name).slice(0, MOST_NAMED);
    const asked = labels.slice(0, MOST_NAMED).join(', ');
    const text =
      fitting.length === 0
        ? `No runner has the labels of its job: ${asked}.`
        : `All runners with the labels of its job (${asked}) are offline: ${names.join(', ')}.`;
    return { kind: 'cannot_start', by: 'tardy', text };
  }
  return undefined;
}

/** A flag if the self-hosted runner of a job in progress is offline. As above, only an administrator may see that. */
export async function lostRunner(
  jobs: readonly JsonObject[],
  repository: string,
  fetch: SourceFetch,
): Promise<Flag | undefined> {
  const selfHosted = jobs.filter((job) => labelsOf(job).includes('self-hosted'));
  if (selfHosted.length === 0) return undefined;
  const runners = await runnersFor(repository, fetch);
  for (const { runner_id: id, name } of selfHosted) {
    const runner = runners?.find((one) => one.id === id);
    if (runner === undefined || runner.isOnline) continue;
    const text = `The runner ${runner.name} of its job ${nameFor(name)} is offline.`;
    return { kind: 'worker_lost', by: 'tardy', text };
  }
  return undefined;
}

/** The runners of the repository and of its organisation; `undefined` if not all of them may be seen. */
async function runnersFor(repository: string, fetch: SourceFetch): Promise<readonly Runner[] | undefined> {
  const own = await githubRows(`${repository}/actions/runners`, 'runners', fetch, [401, 403, 404]);
  if (own === undefined) return undefined;
  const [, api, owner] = /^(.*\/)repos\/([^/]+)\/[^/]+$/.exec(repository) ?? [];
  const organisation = await githubRows(`${api}orgs/${owner}/actions/runners`, 'runners', fetch, [401, 403, 404]);
  if (organisation === undefined) {
    // A user has no runners, and no organisation of that name.
    const { body } = await fetch({ url: `${api}users/${owner}`, headers: GITHUB_HEADERS, accept: [401, 403, 404] });
    if (!isObject(body) || body['type'] !== 'User') return undefined;
  }
  return [...own, ...(organisation ?? [])].map((runner) => {
    const { id, name, status } = runner;
    if (!hasText(status)) throw new SourceError('shape', `A runner has no status. Is this the URL of ${GITHUB_API}?`);
    const labels = new Set(labelsOf(runner));
    return { id, name: nameFor(name), isOnline: status !== 'offline', labels };
  });
}

/** The labels of a job are texts, those of a runner have a name. Upper and lower case are the same. */
function labelsOf({ labels }: JsonObject): string[] {
  if (!Array.isArray(labels)) throw new SourceError('shape', `"labels" is not a list of ${GITHUB_API}.`);
  return (labels as readonly unknown[]).flatMap((label) => {
    const name = isObject(label) ? label['name'] : label;
    return hasText(name) ? [nameFor(name).toLowerCase()] : [];
  });
}
