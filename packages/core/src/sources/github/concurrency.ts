import type { Instant, Run, WaitsFor } from '../../run.js';
import { hasText, isObject, type JsonObject } from '../reading/body.js';
import { nameFor } from '../reading/vocabulary.js';
import { instantIn, serverClock } from '../reading/wire-time.js';
import { isWebUrl } from '../../wire-fields.js';
import { SourceError, type SourceFetch } from '../source.js';
import { GITHUB_API, GITHUB_HEADERS, githubRows } from './api.js';

/** GitHub hands a group on some seconds after its holder has ended. */
const HANDOVER_MS = 300_000;

/** Groups of a repository that are all looked into; one with a group for each pull request has too many. */
const MOST_GROUPS = 30;

/**
 * Looks at who holds the concurrency groups that a pending run waits for. A group that is held by a run which has ended, by one that
 * GitHub no longer has, or by nobody, will never be released: the run gets a flag.
 *
 * @param repository the URL of the repository in the API
 * @param url of the run in the API
 */
export async function inspectConcurrency(run: Run, repository: string, url: string, fetch: SourceFetch): Promise<Run> {
  const number = Number(run.id.slice(run.id.lastIndexOf('/') + 1));
  // All runs of a repository make the same requests. Older Enterprise servers have no such endpoints.
  const active = await githubRows(`${repository}/actions/concurrency_groups`, 'concurrency_groups', fetch, [403, 404]);
  if (active !== undefined && active.length <= MOST_GROUPS) {
    const held = await inspectAll(run, number, active, repository, fetch);
    if (held !== undefined) return held;
  }
  const groups = await githubRows(`${url}/concurrency_groups`, 'concurrency_groups', fetch, [403, 404]);
  let held = run;
  for (const group of groups ?? []) {
    const { group_name: name } = group;
    if (!hasText(name) || !membersOf(group).some((member) => member['status'] === 'pending')) continue;
    held = await inspectGroup(run, name, repository, fetch);
    if (held.flag !== undefined) return held;
  }
  return held;
}

/** The run with what its group shows; `undefined` if it waits for none of these. */
async function inspectAll(
  run: Run,
  number: number,
  groups: readonly JsonObject[],
  repository: string,
  fetch: SourceFetch,
): Promise<Run | undefined> {
  for (const { group_name: name } of groups) {
    if (!hasText(name)) continue;
    const response = await fetchGroup(name, repository, fetch);
    if (response.status >= 400) continue;
    const isWaiting = membersOf(response.body).some((one) => one['run_id'] === number && one['status'] === 'pending');
    if (isWaiting) return inspectGroup(run, name, repository, fetch);
  }
  return undefined;
}

function fetchGroup(name: string, repository: string, fetch: SourceFetch) {
  const url = `${repository}/actions/concurrency_groups/${encodeURIComponent(name)}`;
  return fetch({ url, headers: GITHUB_HEADERS, accept: [403, 404] });
}

/** All runs that wait for a group make the same requests. */
async function inspectGroup(run: Run, name: string, repository: string, fetch: SourceFetch): Promise<Run> {
  const response = await fetchGroup(name, repository, fetch);
  // 404 stands for a group that is free, and for one that may not be seen.
  if (response.status >= 400) return run;
  const holder = membersOf(response.body).find((member) => member['status'] === 'in_progress');
  if (holder === undefined) {
    const waitsFor = { kind: 'concurrency group', name: nameFor(name) };
    return orphaned(
      run,
      waitsFor,
      `No run holds its concurrency group ${nameFor(name)}, yet it is not started.`,
      undefined,
    );
  }
  const id = idOf(holder['run_id']);
  const waitsFor: WaitsFor = {
    kind: 'run',
    id,
    name: `concurrency group ${nameFor(name)}`,
    url: webUrl(holder['run_html_url']),
  };
  const found = await fetch({ url: `${repository}/actions/runs/${id}`, headers: GITHUB_HEADERS, accept: [404] });
  if (found.status === 404) {
    return orphaned(
      run,
      waitsFor,
      `Its concurrency group ${nameFor(name)} is held by run ${id}, which GitHub no longer has.`,
      undefined,
    );
  }
  const { status, conclusion, updated_at: endedAt } = isObject(found.body) ? found.body : {};
  if (!hasText(status)) throw new SourceError('shape', `Run ${id} has no status. Is this the URL of ${GITHUB_API}?`);
  const seen = { ...waitsFor, state: nameFor(hasText(conclusion) ? conclusion : status) };
  const now = serverClock(found);
  const since = instantIn(endedAt);
  if (status !== 'completed' || (now !== undefined && since !== undefined && now - since < HANDOVER_MS)) {
    return { ...run, waitsFor: seen };
  }
  const text = `Its concurrency group ${nameFor(name)} is held by run ${id}, which has ended (${seen.state}).`;
  return orphaned(run, seen, text, since);
}

function orphaned(run: Run, waitsFor: WaitsFor, text: string, since: Instant | undefined): Run {
  return { ...run, waitsFor, flag: { kind: 'orphaned', by: 'tardy', text, since } };
}

function membersOf(group: unknown): readonly JsonObject[] {
  const members = isObject(group) ? group['group_members'] : undefined;
  if (Array.isArray(members) && members.every(isMember)) return members;
  throw new SourceError('shape', `A concurrency group has no list of members. Is this the URL of ${GITHUB_API}?`);
}

/** The statuses of a member of a concurrency group. */
export const GITHUB_MEMBER_STATUSES: readonly unknown[] = ['in_progress', 'pending'];

function isMember(member: unknown): member is JsonObject {
  return isObject(member) && GITHUB_MEMBER_STATUSES.includes(member['status']);
}

function idOf(value: unknown): string {
  if (typeof value === 'number') return String(value);
  throw new SourceError('shape', `A member of a concurrency group has no run_id. Is this the URL of ${GITHUB_API}?`);
}

function webUrl(value: unknown): string | undefined {
  return hasText(value) && isWebUrl(value) ? value : undefined;
}
