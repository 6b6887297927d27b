import type { Run } from '../../run.js';
import { isObject, listOf, queryText, type JsonObject } from '../reading/body.js';
import { backTo } from '../reading/back-to.js';
import { endedLimit } from '../reading/ended-limit.js';
import { GITHUB_API, GITHUB_HEADERS, GITHUB_PAGE } from './api.js';
import { inspectGithubRun } from './jobs.js';
import { GITHUB_ACTIVE_CONCLUSIONS, GITHUB_ACTIVE_STATUSES, githubRunToWire, hasEnded } from './run.js';
import { inOrder } from '../reading/in-order.js';
import { nextLink } from '../reading/link-header.js';
import { readPages } from '../reading/read-pages.js';
import { readOneRow, readRows } from '../reading/read-rows.js';
import { SourceError, type Source, type SourceFetch, type SourcePage, type SourceQuery } from '../source.js';

/**
 * What the list of active runs is filtered by, in the order of a run's life. The list takes one at a time; a run that moves on while
 * they are read is seen twice. One that moves back may be missed, but what moves is not stuck.
 */
export const GITHUB_ACTIVE = [...GITHUB_ACTIVE_CONCLUSIONS, ...Object.keys(GITHUB_ACTIVE_STATUSES)];

/** The most runs of one status that GitHub lists. */
const FILTERED_LIMIT = 1000;

/** What is read of one repository. */
export type GithubRepository = Required<Pick<Source, 'list' | 'get' | 'inspect'>>;

/**
 * Reads the workflow runs of one repository.
 *
 * @param name of the source that they are runs of
 * @param address URL of the API, with a trailing slash
 * @param repository as `owner/repo`
 * @param prefix what stands before the ids of GitHub in those of the runs
 */
export function githubRepository(name: string, address: string, repository: string, prefix = ''): GithubRepository {
  const repositoryUrl = `${address}repos/${repository}`;
  const base = `${repositoryUrl}/actions/runs`;
  const toWire = (row: JsonObject) => githubRunToWire(row, prefix);
  const runUrl = (id: string) => `${base}/${encodeURIComponent(id)}`;

  async function* list(query: SourceQuery, fetch: SourceFetch): AsyncGenerator<SourcePage, void> {
    if (query.activity === 'active') {
      const { page, isAll } = await latestActive(fetch);
      yield page;
      if (isAll) return;
    }
    if (query.activity !== 'all') yield* inOrder(GITHUB_ACTIVE.map((status) => activePages(status, fetch)));
    if (query.activity !== 'active') yield* backTo(query, pages(undefined, endedLimit(query), fetch));
  }

  /**
   * The active ones of the latest runs. In a quiet repository they are all that there are; in any other, a run in a status that we do
   * not know is found here or nowhere, since the list takes known ones only.
   */
  async function latestActive(fetch: SourceFetch): Promise<{ readonly page: SourcePage; readonly isAll: boolean }> {
    const response = await fetch({ url: `${base}?${listQuery(undefined, GITHUB_PAGE)}`, headers: GITHUB_HEADERS });
    const rows = listOf(response, 'workflow_runs', GITHUB_API);
    const active = rows.filter((row) => !isObject(row) || !hasEnded(row));
    return { page: readRows(active, name, toWire), isAll: totalOf(response.body) <= rows.length };
  }

  /** Runs that leave a list while it is read pull others over a page's edge, unseen; then it is read a second time. */
  async function* activePages(status: string, fetch: SourceFetch): AsyncGenerator<SourcePage, void> {
    const seen = new Set<string>();
    let moved = false;
    for await (const page of pages(status, Infinity, fetch, GITHUB_HEADERS, seen)) {
      moved = page.incomplete !== undefined && seen.size < FILTERED_LIMIT;
      yield moved ? { ...page, incomplete: undefined } : page;
    }
    if (moved) yield* pages(status, Infinity, fetch, { ...GITHUB_HEADERS, 'cache-control': 'no-cache' }, seen);
  }

  function pages(
    status: string | undefined,
    limit: number,
    fetch: SourceFetch,
    headers: Readonly<Record<string, string>> = GITHUB_HEADERS,
    seen = new Set<string>(),
  ): AsyncGenerator<SourcePage, void> {
    const search = listQuery(status, Math.min(limit, GITHUB_PAGE));
    let arrived = 0;
    let announced = 0;
    return readPages({ url: `${base}?${search}`, headers }, fetch, (response) => {
      const rows = listOf(response, 'workflow_runs', GITHUB_API);
      arrived += rows.length;
      for (const row of rows) seen.add(idOf(row) ?? `row ${seen.size}`);
      announced = Math.max(announced, totalOf(response.body));
      const link = arrived < limit ? nextLink(response.headers.get('link')) : undefined;
      const next = link === undefined ? undefined : { url: new URL(link, base).href, headers };
      const atEnd = next === undefined && arrived < limit;
      const incomplete = atEnd ? missing(seen.size, announced, status) : undefined;
      return { page: { ...readRows(rows, name, toWire), incomplete }, next };
    });
  }

  async function get(id: string, fetch: SourceFetch): Promise<Run | undefined> {
    const response = await fetch({ url: runUrl(id), headers: GITHUB_HEADERS, accept: [404] });
    return response.status === 404 ? undefined : readOneRow(response.body, id, name, toWire);
  }

  const inspect = (run: Run, fetch: SourceFetch) =>
    inspectGithubRun(run, { repository: repositoryUrl, run: runUrl(run.id.slice(prefix.length)) }, fetch);

  return { list, get, inspect };
}

function listQuery(status: string | undefined, pageSize: number): string {
  return queryText([
    ['status', status],
    ['per_page', pageSize],
    ['exclude_pull_requests', 'true'],
  ]);
}

function missing(seen: number, announced: number, status: string | undefined): string | undefined {
  if (seen >= announced) return undefined;
  const kind = status === undefined ? '' : ` ${status}`;
  return status !== undefined && seen >= FILTERED_LIMIT
    ? `GitHub lists no more than ${FILTERED_LIMIT} runs of one status; there are ${announced}${kind} runs.`
    : `GitHub counts ${announced}${kind} runs and sent ${seen}: the list changed while it was read.`;
}

function totalOf(body: unknown): number {
  const total = isObject(body) ? body['total_count'] : undefined;
  if (typeof total === 'number') return total;
  throw new SourceError('shape', `The response has no "total_count". Is this the URL of ${GITHUB_API}?`);
}

function idOf(row: unknown): string | undefined {
  const id = isObject(row) ? row['id'] : undefined;
  return typeof id === 'number' || typeof id === 'string' ? String(id) : undefined;
}
