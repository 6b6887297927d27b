import type { Run } from '../../run.js';
import { countField, hasText, isObject, memberOf, type JsonObject } from '../reading/body.js';
import { nameFor } from '../reading/vocabulary.js';
import { instantIn, serverClock } from '../reading/wire-time.js';
import { isWebUrl } from '../../wire-fields.js';
import { SourceError, type SourceFetch } from '../source.js';
import { gitlabRows } from './api.js';
import { isOver, nameOf, PAUSE_MS, statusOf } from './job-times.js';
import type { PipelinePlace } from './place.js';

/** Resource groups that are looked into; a project with a group for each branch may have hundreds. */
const MOST_GROUPS = 30;

/**
 * Looks at who holds the resource group that jobs of a pipeline wait for. If that job has ended, or itself waits for this pipeline, the
 * group will never be released: the pipeline gets a flag.
 *
 * @param waiting its jobs that wait, as far as they are known.
 * @returns the pipeline with what came to light; `undefined` if its group was not found.
 */
export async function inspectResources(
  run: Run,
  waiting: readonly JsonObject[],
  { project, id, parents }: PipelinePlace,
  fetch: SourceFetch,
): Promise<Run | undefined> {
  const ids = new Set(waiting.map(idOf));
  const isOwn = (job: JsonObject) => ids.has(idOf(job)) || String(memberOf(job, 'pipeline')['id']) === id;
  // All pipelines of a project make the same requests.
  const groups = await gitlabRows(`${project}/resource_groups`, fetch);
  const newest = [...(groups?.rows ?? [])].sort((a, b) => text(b['updated_at']).localeCompare(text(a['updated_at'])));
  for (const { key, process_mode: mode } of newest.slice(0, MOST_GROUPS)) {
    if (!hasText(key)) continue;
    const url = `${project}/resource_groups/${encodeURIComponent(key)}`;
    const upcoming = await gitlabRows(`${url}/upcoming_jobs`, fetch);
    if (upcoming?.rows.some(isOwn) !== true) continue;
    return inspectHolder(run, { key, url, isUnordered: mode === 'unordered' }, parents, fetch);
  }
  return undefined;
}

async function inspectHolder(
  run: Run,
  { key, url, isUnordered }: { readonly key: string; readonly url: string; readonly isUnordered: boolean },
  parents: readonly string[],
  fetch: SourceFetch,
): Promise<Run> {
  const name = nameFor(key);
  const group = { kind: 'resource group', name };
  // Servers before GitLab 18.6 do not say who holds a group.
  const response = await fetch({ url: `${url}/current_job`, accept: [401, 403, 404] });
  if (response.status >= 400) return { ...run, waitsFor: group };
  const { body: job } = response;
  const now = serverClock(response);
  if (job === null) {
    const since = run.holdSince;
    // In another order the group waits for jobs of older or newer pipelines that have not come so far.
    const isFree = isUnordered && now !== undefined && since !== undefined && now - since >= PAUSE_MS;
    const text = `No job holds its resource group ${name}, yet GitLab does not give it to this pipeline.`;
    return { ...run, waitsFor: group, flag: isFree ? { kind: 'orphaned', by: 'tardy', text } : run.flag };
  }
  if (!isObject(job))
    throw new SourceError('shape', `${url}/current_job sent no job. Is this the URL of a GitLab server?`);
  const state = statusOf(job);
  const page = job['web_url'];
  const waitsFor = {
    kind: 'job',
    id: String(job['id']),
    name: `${nameOf(job)} (resource group ${name})`,
    url: hasText(page) && isWebUrl(page) ? page : undefined,
    state,
  };
  const pipeline = String(memberOf(job, 'pipeline')['id']);
  if (!isOver(job) && parents.includes(pipeline)) {
    const why = `Its resource group ${name} is held by the job ${nameOf(job)} of pipeline ${pipeline}, which waits for this pipeline.`;
    return { ...run, waitsFor, flag: { kind: 'orphaned', by: 'tardy', text: why } };
  }
  const since = instantIn(job['finished_at']);
  // GitLab hands a group on some seconds after its job has ended.
  if (!isOver(job) || (now !== undefined && since !== undefined && now - since < PAUSE_MS)) return { ...run, waitsFor };
  const why = `Its resource group ${name} is held by the job ${nameOf(job)}, which has ended (${state}).`;
  return { ...run, waitsFor, flag: { kind: 'orphaned', by: 'tardy', text: why, since } };
}

function idOf(job: JsonObject): number {
  const id = countField(job, 'id', 'GitLab');
  if (id !== undefined) return id;
  throw new SourceError('shape', 'A job has no id. Is this the URL of a GitLab server?');
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
