import type { Flag, Instant } from '../../run.js';
import { booleanField, isObject, listField, numberField, textField, type JsonObject } from '../reading/body.js';
import { nameFor } from '../reading/vocabulary.js';
import { SourceError, type SourceFetch } from '../source.js';
import { allRows, GITEA_API, textsIn } from './api.js';
import type { Job } from './job.js';

/** A runner, as either system sends it. */
type Runner = {
  readonly id: number;
  readonly name: string;
  readonly isOnline: boolean;
  readonly isDisabled: boolean;
  readonly labels: ReadonlySet<string>;
};

/** The runners that the token may see, and whether those are all of the instance. */
type Seen = { readonly runners: readonly Runner[]; readonly isAll: boolean };

/** Labels and runners that a message names. */
const MOST_NAMED = 5;

/** A flag if the runner of a job at work is offline, or gone. `since` is the last report on the run. */
export async function lostRunner(
  atWork: readonly Job[],
  api: string,
  repository: string,
  since: Instant | undefined,
  fetch: SourceFetch,
): Promise<Flag | undefined> {
  const taken = atWork.filter(({ runnerId }) => runnerId !== undefined && runnerId > 0);
  if (taken.length === 0) return undefined;
  const { runners, isAll } = await visibleRunners(api, repository, fetch);
  for (const { name, runnerId } of taken) {
    const runner = runners.find(({ id }) => id === runnerId);
    if (runner?.isOnline === true || (runner === undefined && !isAll)) continue;
    const text =
      runner === undefined
        ? `The runner of its job ${name} no longer exists.`
        : `The runner ${runner.name} of its job ${name} is offline.`;
    return { kind: 'worker_lost', by: 'tardy', text, since };
  }
  return undefined;
}

/**
 * A flag if no runner of the instance can take a job that waits for one. Runners of the instance are shown to administrators only: with
 * any other token there is no flag. One that takes jobs of other repositories only counts as fitting, since its place is not shown.
 */
export async function findRunner(
  waiting: readonly Job[],
  api: string,
  repository: string,
  fetch: SourceFetch,
): Promise<Flag | undefined> {
  if (waiting.length === 0) return undefined;
  const { runners, isAll } = await visibleRunners(api, repository, fetch);
  if (!isAll) return undefined;
  for (const { labels } of waiting) {
    const fitting = runners.filter((runner) => labels.every((label) => runner.labels.has(label)));
    if (fitting.some(({ isOnline, isDisabled }) => isOnline && !isDisabled)) continue;
    return { kind: 'cannot_start', by: 'tardy', text: withoutRunner(labels, fitting) };
  }
  return undefined;
}

function withoutRunner(labels: readonly string[], fitting: readonly Runner[]): string {
  const wanted = labels.slice(0, MOST_NAMED).join(', ');
  if (fitting.length === 0) return `No runner has the labels of its job: ${wanted}.`;
  const names = fitting.slice(0, MOST_NAMED).map(({ name }) => name);
  const state = fitting.every(({ isOnline }) => !isOnline)
    ? 'offline'
    : fitting.every(({ isDisabled }) => isDisabled)
      ? 'disabled'
      : 'offline or disabled';
  return `All runners with the labels of its job (${wanted}) are ${state}: ${names.join(', ')}.`;
}

async function visibleRunners(api: string, repository: string, fetch: SourceFetch): Promise<Seen> {
  const all = await allRows(`${api}admin/actions/runners`, 'runners', fetch);
  if (all !== undefined) return { runners: all.map(readRunner), isAll: true };
  const owner = repository.split('/', 1)[0] ?? '';
  const places = [`repos/${repository}`, `orgs/${owner}`, 'user'];
  const own = await Promise.all(places.map((place) => allRows(`${api}${place}/actions/runners`, 'runners', fetch)));
  return { runners: own.flatMap((rows) => rows ?? []).map(readRunner), isAll: false };
}

/** Labels are objects with a name in Gitea, texts in Forgejo; Gitea says `online`, Forgejo `idle` or `active`. */
function readRunner(row: JsonObject): Runner {
  const status = textField(row, 'status', GITEA_API);
  const id = numberField(row, 'id', GITEA_API);
  if (status === undefined || id === undefined) {
    throw new SourceError('shape', `A runner has no id or no status. Is this the URL of ${GITEA_API}?`);
  }
  const labels = (listField(row, 'labels', GITEA_API) ?? []).map((label) => (isObject(label) ? label['name'] : label));
  return {
    id,
    name: nameFor(row['name']),
    isOnline: status !== 'offline',
    isDisabled: booleanField(row, 'disabled', GITEA_API) === true,
    labels: new Set(textsIn(labels, 'labels')),
  };
}
