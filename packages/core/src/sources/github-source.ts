import type { Run } from '../run.js';
import { parseRun, type RunIssue } from '../wire.js';
import type { SourceAdapter } from './adapter.js';
import { isObject, listOf, queryText, withSlash, type JsonObject } from './body.js';
import { inspectGithubRun } from './github-jobs.js';
import { githubRunToWire, isKnownGithubStatus } from './github-run.js';
import { nextLink } from './link-header.js';
import { readPages } from './read-pages.js';
import {
  SourceConfigError,
  SourceError,
  type Source,
  type SourceFetch,
  type SourcePage,
  type SourceQuery,
} from './source.js';

/** A repository on GitHub; `url` is the address of a GitHub Enterprise server. */
export type GithubConfig = { readonly repository: string; readonly url?: string | undefined };

/** GitHub Actions in short, for the registry of kinds. */
export const githubAdapter: SourceAdapter<GithubConfig> = {
  create: githubSource,
  credentialHeaders: (token) => ({ authorization: `Bearer ${token}` }),
  configFromUri: (rest) => {
    if (!GITHUB_REPOSITORY.test(rest)) throw new SourceConfigError('A repository is written github:owner/repo');
    return { repository: rest };
  },
};

/** How a repository is named. */
export const GITHUB_REPOSITORY = /^(?!\.+\/)[\w.-]+\/(?!\.+$)[\w.-]+$/;

/**
 * The statuses in which a run is active, in the order of its life. The list takes one at a time; a run that moves on while they
 * are read is seen twice. One that moves back may be missed, but what moves is not stuck.
 */
export const GITHUB_ACTIVE = ['requested', 'pending', 'queued', 'waiting', 'in_progress'] as const;

const HEADERS = { accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' } as const;
const PAGE_SIZE = 100;
const FILTERED_LIMIT = 1000;

/** Reads the workflow runs of one repository from GitHub's REST API. GitHub tells no heartbeat of a run. */
export function githubSource(name: string, config: GithubConfig): Source {
  const address = githubApi(config.url);
  const base = `${address}repos/${config.repository}/actions/runs`;

  async function* list(query: SourceQuery, fetch: SourceFetch): AsyncGenerator<SourcePage, void> {
    if (query.activity !== 'all') {
      for await (const page of inOrder(GITHUB_ACTIVE.map((status) => activePages(status, fetch)))) yield page;
    }
    if (query.activity === 'active') yield await latestOfUnknownStatus(fetch);
    else yield* pages(undefined, recentLimit(query), fetch);
  }

  /** A run in a status that is not known is in none of those lists: among the latest runs it is found. */
  async function latestOfUnknownStatus(fetch: SourceFetch): Promise<SourcePage> {
    const response = await fetch({ url: `${base}?${listQuery(undefined, PAGE_SIZE)}`, headers: HEADERS });
    const rows = listOf(response, 'workflow_runs', "GitHub's API");
    return readPage(
      rows.filter((row) => isObject(row) && !isKnownGithubStatus(row['status'])),
      name,
      undefined,
    );
  }

  /** Runs that leave a list while it is read pull others over a page's edge, unseen; then it is read a second time. */
  async function* activePages(status: string, fetch: SourceFetch): AsyncGenerator<SourcePage, void> {
    const seen = new Set<string>();
    let moved = false;
    for await (const page of pages(status, Infinity, fetch, HEADERS, seen)) {
      moved = page.incomplete !== undefined && seen.size < FILTERED_LIMIT;
      yield moved ? { ...page, incomplete: undefined } : page;
    }
    if (moved) yield* pages(status, Infinity, fetch, { ...HEADERS, 'cache-control': 'no-cache' }, seen);
  }

  function pages(
    status: string | undefined,
    limit: number,
    fetch: SourceFetch,
    headers: Readonly<Record<string, string>> = HEADERS,
    seen = new Set<string>(),
  ): AsyncGenerator<SourcePage, void> {
    const search = listQuery(status, Math.min(limit, PAGE_SIZE));
    let arrived = 0;
    let announced = 0;
    return readPages({ url: `${base}?${search}`, headers }, fetch, (response) => {
      const rows = listOf(response, 'workflow_runs', "GitHub's API");
      arrived += rows.length;
      for (const row of rows) seen.add(idOf(row) ?? `row ${seen.size}`);
      announced = Math.max(announced, totalOf(response.body as JsonObject));
      const link = arrived < limit ? nextLink(response.headers.get('link')) : undefined;
      const next = link === undefined ? undefined : { url: new URL(link, base).href, headers };
      const atEnd = next === undefined && arrived < limit;
      return { page: readPage(rows, name, atEnd ? missing(seen.size, announced, status) : undefined), next };
    });
  }

  async function get(id: string, fetch: SourceFetch): Promise<Run | undefined> {
    const response = await fetch({ url: `${base}/${encodeURIComponent(id)}`, headers: HEADERS, accept: [404] });
    if (response.status === 404) return undefined;
    const parsed = parseRow(response.body, name);
    if (!parsed.ok) throw new SourceError('shape', `Run ${id} cannot be read: ${parsed.issue.reason}.`);
    return parsed.run;
  }

  const inspect = (run: Run, fetch: SourceFetch) =>
    inspectGithubRun(
      run,
      { url: `${base}/${encodeURIComponent(run.id)}/jobs?per_page=${PAGE_SIZE}`, headers: HEADERS },
      fetch,
    );

  return { name, kind: 'github', address, list, get, inspect };
}

/** The address of the REST API of a GitHub server: below `/api/v3` on an Enterprise server, on a host of its own elsewhere. */
export function githubApi(server: string | undefined): string {
  if (server === undefined) return 'https://api.github.com/';
  const url = new URL(withSlash(server));
  if (url.hostname === 'github.com') return 'https://api.github.com/';
  const ownHost = url.hostname.startsWith('api.') || url.pathname.endsWith('/api/v3/');
  return ownHost ? url.href : `${url.href}api/v3/`;
}

function listQuery(status: string | undefined, pageSize: number): string {
  return queryText([
    ['status', status],
    ['per_page', pageSize],
    ['exclude_pull_requests', 'true'],
  ]);
}

const RECENT = 100;

function recentLimit(query: SourceQuery): number {
  return query.activity === 'all' ? Infinity : (query.limit ?? RECENT);
}

function readPage(rows: readonly unknown[], name: string, incomplete: string | undefined): SourcePage {
  const runs: Run[] = [];
  const issues: RunIssue[] = [];
  for (const row of rows) {
    const parsed = parseRow(row, name);
    if (parsed.ok) runs.push(parsed.run);
    else issues.push(parsed.issue);
  }
  return { runs, issues, incomplete };
}

function parseRow(row: unknown, name: string) {
  return parseRun(isObject(row) ? githubRunToWire(row) : row, name);
}

function missing(seen: number, announced: number, status: string | undefined): string | undefined {
  if (seen >= announced) return undefined;
  const kind = status === undefined ? '' : ` ${status}`;
  return status !== undefined && seen >= FILTERED_LIMIT
    ? `GitHub lists no more than ${FILTERED_LIMIT} runs of one status; there are ${announced}${kind} runs.`
    : `GitHub counts ${announced}${kind} runs and sent ${seen}: the list changed while it was read.`;
}

function totalOf(body: JsonObject): number {
  const total = body['total_count'];
  if (typeof total === 'number') return total;
  throw new SourceError('shape', 'The answer has no "total_count". Is this the address of GitHub\'s API?');
}

function idOf(row: unknown): string | undefined {
  const id = isObject(row) ? row['id'] : undefined;
  return typeof id === 'number' || typeof id === 'string' ? String(id) : undefined;
}

/** Yields what several lists hold, one list after the other, though the first page of each is asked for at once. */
async function* inOrder(lists: readonly AsyncGenerator<SourcePage, void>[]): AsyncGenerator<SourcePage, void> {
  const firsts = lists.map((list) => list.next());
  for (const first of firsts) first.catch(() => {});
  for (const [index, list] of lists.entries()) {
    for (let step = await firsts[index]; step !== undefined && !step.done; step = await list.next()) yield step.value;
  }
}
