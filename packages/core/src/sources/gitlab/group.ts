import { formatInstant } from '../../instant.js';
import { isObject, isText, queryText, type JsonObject } from '../reading/body.js';
import { GITLAB_PAGE, gitlabPage } from './api.js';
import { readPages } from '../reading/read-pages.js';
import { SourceError, type SourceFetch, type SourceRequest } from '../source.js';
import { instantIn, serverClock } from '../reading/wire-time.js';

/** The projects of a group that are to be read, and what was left out. */
export type GroupProjects = {
  /** Their paths. */
  readonly paths: readonly string[];
  /** Which were left out because the caller or GitLab rules them out. */
  readonly note: string | undefined;
  /** What could not be read of the list. */
  readonly incomplete: string | undefined;
};

/**
 * Lists the projects of a group and of the groups in it, as far as the credential may see them.
 *
 * @param group by its path or id
 * @param activeWithin leaves out those in which nothing happened for longer, in milliseconds
 * @throws {SourceError} `not_found` when there is none: an empty list does not mean that nothing is late or stuck.
 */
export async function groupProjects(
  address: string,
  group: string,
  activeWithin: number,
  fetch: SourceFetch,
): Promise<GroupProjects> {
  const paths = new Set<string>();
  const left = { off: 0, quiet: 0, unreadable: 0 };
  let since = -Infinity;
  const url = `${address}api/v4/groups/${encodeURIComponent(group)}/projects`;
  const pages = readPages(request(url, 1), fetch, (response) => {
    if (response.status === 404) throw unseen(group);
    const { rows, more } = gitlabPage(response);
    since = (serverClock(response) ?? -Infinity) - activeWithin;
    const page = Number(new URL(response.url).searchParams.get('page') ?? 1);
    return { page: rows, next: more ? request(url, page + 1) : undefined };
  });
  for await (const rows of pages) {
    for (const row of rows) {
      const path = isObject(row) ? row['path_with_namespace'] : undefined;
      if (!isObject(row) || !isText(path)) left.unreadable++;
      else if (isOff(row)) left.off++;
      else if ((instantIn(row['last_activity_at']) ?? Infinity) < since) left.quiet++;
      else paths.add(path);
    }
  }
  if (paths.size + left.off + left.quiet + left.unreadable === 0) throw unseen(group);
  return {
    paths: [...paths],
    note: noteOf(left.off, left.quiet, since),
    incomplete:
      left.unreadable === 0 ? undefined : `${left.unreadable} of the projects of ${group} came without a path.`,
  };
}

/** Shared projects belong to another group; archived ones run nothing. By id, so that pages do not move while they are read. */
function request(url: string, page: number): SourceRequest {
  const search = queryText([
    ['include_subgroups', 'true'],
    ['with_shared', 'false'],
    ['archived', 'false'],
    ['order_by', 'id'],
    ['sort', 'asc'],
    ['per_page', GITLAB_PAGE],
    ['page', page],
  ]);
  return { url: `${url}?${search}`, accept: [404] };
}

/** Whether GitLab would refuse to list pipelines, since the project has none. */
function isOff(row: JsonObject): boolean {
  return row['archived'] === true || row['builds_access_level'] === 'disabled' || row['jobs_enabled'] === false;
}

function unseen(group: string): SourceError {
  const message = `GitLab lists no project of the group ${group} that may be read with this credential.`;
  return new SourceError('not_found', message, { status: 404 });
}

function noteOf(off: number, quiet: number, since: number): string | undefined {
  const parts = [
    ...(off === 0 ? [] : [`${off} without CI/CD`]),
    ...(quiet === 0 ? [] : [`${quiet} without activity since ${formatInstant(since)}`]),
  ];
  return parts.length === 0 ? undefined : `Projects that were not read: ${parts.join(', ')}.`;
}
