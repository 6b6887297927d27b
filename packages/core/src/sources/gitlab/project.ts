import type { Run } from '../../run.js';
import { isObject, type JsonObject, queryText } from '../reading/body.js';
import { backTo } from '../reading/back-to.js';
import { endedLimit } from '../reading/ended-limit.js';
import { gitlabFirstPage, GITLAB_PAGE, gitlabPage } from './api.js';
import { inspectGitlabPipeline } from './jobs.js';
import { gitlabPipelineToWire, GITLAB_STATES } from './run.js';
import { inOrder } from '../reading/in-order.js';
import { activeStatuses, wordIn } from '../reading/vocabulary.js';
import { readCounted } from '../reading/read-counted.js';
import { readOneRow, readRows } from '../reading/read-rows.js';
import {
  SourceError,
  type Source,
  type SourceFetch,
  type SourcePage,
  type SourceQuery,
  type SourceResponse,
} from '../source.js';

/**
 * The statuses in which a pipeline is active, in the order of life. The list takes one at a time; a pipeline that moves on while they
 * are read is seen twice. One that moves back may be missed, but what moves is not stuck.
 */
export const GITLAB_ACTIVE = activeStatuses(GITLAB_STATES);

/** Statuses that servers before GitLab 17 do not know, and then refuse to be asked for. */
const NEWER = ['waiting_for_callback', 'canceling'];

/** What a list is filtered by. */
type Filter = { readonly source: string | undefined; readonly status: string | undefined };

/** What pipelines of a project are read besides those in its list. */
export type GitlabScope = {
  /** What stands before the ids of GitLab in those of the runs. */
  readonly prefix?: string;
  /** Whether to read child pipelines as well, which GitLab lists only when asked for them. */
  readonly children?: boolean | undefined;
};

/** What is read of one project, or of several. */
export type GitlabReader = Required<Pick<Source, 'list' | 'get' | 'inspect'>>;

/**
 * Reads the pipelines of one project.
 *
 * @param name of the source that they are runs of
 * @param address URL of the server, with a trailing slash
 * @param project by its path or id
 */
export function gitlabProject(name: string, address: string, project: string, scope: GitlabScope = {}): GitlabReader {
  const { prefix = '', children = false } = scope;
  const projectUrl = `${address}api/v4/projects/${encodeURIComponent(project)}`;
  const base = `${projectUrl}/pipelines`;
  const origin = { project, address, prefix };
  const toWire = (row: JsonObject) => gitlabPipelineToWire(row, origin);

  async function* list(query: SourceQuery, fetch: SourceFetch): AsyncGenerator<SourcePage, void> {
    for (const source of children ? [undefined, 'parent_pipeline'] : [undefined]) yield* listOf(source, query, fetch);
  }

  async function* listOf(
    source: string | undefined,
    query: SourceQuery,
    fetch: SourceFetch,
  ): AsyncGenerator<SourcePage, void> {
    if (query.activity === 'active') {
      const { page, isAll } = await latestActive(source, fetch);
      yield page;
      if (isAll) return;
    }
    const pagesOf = (status: string | undefined, limit: number) => pages({ source, status }, limit, fetch);
    if (query.activity !== 'all') yield* inOrder(GITLAB_ACTIVE.map((status) => pagesOf(status, Infinity)));
    if (query.activity !== 'active') yield* backTo(query, pagesOf(undefined, endedLimit(query)));
  }

  /**
   * The active ones of the latest pipelines. In a quiet project they are all that there are; in any other, a pipeline in a status that
   * we do not know is found here or nowhere, since the list takes known ones only.
   */
  async function latestActive(source: string | undefined, fetch: SourceFetch) {
    const { rows, more, total } = gitlabFirstPage(
      allowed(await fetch(pageRequest({ source, status: undefined }, GITLAB_PAGE, 1)), project),
    );
    const active = rows.filter((row) => !isObject(row) || wordIn(GITLAB_STATES, row['status'])?.status !== 'completed');
    return { page: readRows(active, name, toWire), isAll: !more && (total ?? 0) <= rows.length };
  }

  async function* pages(which: Filter, limit: number, fetch: SourceFetch): AsyncGenerator<SourcePage, void> {
    const size = Math.min(limit, GITLAB_PAGE);
    let before = 0;
    const found = readCounted(
      {
        request: (read, rows) => {
          before = rows;
          return pageRequest(which, size, read + 1);
        },
        read: (response) => {
          if (response.status === 400) return { rows: [], idOf, total: 0 };
          const readPage = which.status === undefined && before === 0 ? gitlabFirstPage : gitlabPage;
          const { rows, more, total } = readPage(allowed(response, project), size);
          return { rows, idOf, total: total ?? before + rows.length + (more ? 1 : 0) };
        },
        limit,
        system: 'GitLab',
      },
      fetch,
    );
    for await (const { rows, incomplete } of found) yield { ...readRows(rows, name, toWire), incomplete };
  }

  function pageRequest({ source, status }: Filter, size: number, page: number) {
    const search = queryText([
      ['source', source],
      ['status', status],
      ['per_page', size],
      ['page', page],
    ]);
    const accept = status !== undefined && NEWER.includes(status) ? [400, 403, 404] : [403, 404];
    return { url: `${base}?${search}`, accept };
  }

  async function get(id: string, fetch: SourceFetch): Promise<Run | undefined> {
    if (!/^\d{1,20}$/.test(id)) return undefined;
    const response = await fetch({ url: `${base}/${id}`, accept: [404] });
    return response.status === 404 ? undefined : readOneRow(response.body, id, name, toWire);
  }

  const inspect = (run: Run, fetch: SourceFetch) => {
    const id = encodeURIComponent(run.id.slice(prefix.length));
    return inspectGitlabPipeline(run, { address, project: projectUrl, id, parents: [] }, fetch);
  };

  return { list, get, inspect };
}

/**
 * The response with a list of pipelines, unless it was refused.
 *
 * @throws {SourceError} saying what lacks: GitLab calls what one may not see "not found".
 */
function allowed(response: SourceResponse, project: string): SourceResponse {
  if (response.status === 404) {
    const message = `GitLab shows no project ${project}: its name is wrong, or it is private and the credential may not see it.`;
    throw new SourceError('not_found', message, { status: 404 });
  }
  if (response.status === 403) {
    const message = `GitLab does not show the pipelines of ${project}: its CI/CD is off, or the credential lacks the scope read_api or the role Reporter.`;
    throw new SourceError('forbidden', message, { status: 403 });
  }
  return response;
}

function idOf(row: unknown): string | undefined {
  const id = isObject(row) ? row['id'] : undefined;
  return typeof id === 'number' ? String(id) : undefined;
}
