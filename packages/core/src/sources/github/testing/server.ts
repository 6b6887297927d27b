import { isObject, type JsonObject } from '../../reading/body.js';
import type { Answer, Server } from '../../testing/fetch.js';
import { answerOf, example } from './published-api.js';

/** A workflow run as GitHub publishes it. */
export const workflowRun = (example('workflow-run-paginated')['workflow_runs'] as JsonObject[])[0] ?? {};

const isRunList = answerOf('/repos/{owner}/{repo}/actions/runs');
const isRepositoryList = answerOf('/orgs/{org}/repos');
const published = (example('minimal-repository-items') as unknown as JsonObject[])[0] ?? {};

/** Copies of the published run, each with an id of its own. */
export function many(count: number, fields: JsonObject): JsonObject[] {
  return Array.from({ length: count }, (_, index) => ({ ...workflowRun, id: index + 1, ...fields }));
}

/** A GitHub that keeps to its published description: filters by one status, pages of what was asked, at most 1,000 filtered. */
export function github(
  rows: readonly JsonObject[],
  counts: (page: number, held: number) => number = (_, held) => held,
): Server {
  return (url) => {
    const search = url.searchParams;
    const status = search.get('status');
    const all = rows.filter((one) => status === null || one['status'] === status || one['conclusion'] === status);
    const reachable = status === null ? all : all.slice(0, 1000);
    const { page, rows: held, headers } = pageOf(reachable, url);
    const body = { total_count: counts(page, all.length), workflow_runs: held };
    conform(isRunList, body);
    return { body, headers };
  };
}

/** A repository of an organisation, with its runs or a handler that responds instead. */
export type Repository = {
  readonly name: string;
  readonly runs: readonly JsonObject[] | Server;
  readonly fields?: JsonObject;
};

/** GitHub with all repositories of the organisation `acme`. Every response goes through `also`, which may add headers. */
export function organisation(
  repositories: readonly Repository[],
  also: (answer: Answer) => Answer = (answer) => answer,
): Server {
  const rows = repositories.map(({ name, fields }) => repositoryRow('acme', name, fields));
  const servers = new Map(
    repositories.map(({ name, runs }) => [name, typeof runs === 'function' ? runs : github(runs)]),
  );
  return (url, request) => {
    const name = /^\/repos\/acme\/([^/]+)\/actions\//.exec(url.pathname)?.[1];
    if (name !== undefined) return also(servers.get(name)?.(url, request) ?? NOT_FOUND);
    return also(url.pathname === '/orgs/acme/repos' ? repositoryList(rows, url) : NOT_FOUND);
  };
}

const NOT_FOUND: Answer = { status: 404, body: { message: 'Not Found' } };

/** A repository as lists of repositories have it. */
export function repositoryRow(owner: string, name: string, fields: JsonObject = {}): JsonObject {
  const of = isObject(published['owner']) ? { ...published['owner'], login: owner } : {};
  return { ...published, name, full_name: `${owner}/${name}`, owner: of, ...fields };
}

/** A page of a list of repositories, as asked for. */
export function repositoryList(rows: readonly JsonObject[], url: URL): Answer {
  const { rows: body, headers } = pageOf(rows, url);
  conform(isRepositoryList, body);
  return { body, headers };
}

function pageOf(rows: readonly JsonObject[], url: URL) {
  const size = Number(url.searchParams.get('per_page') ?? 30);
  const page = Number(url.searchParams.get('page') ?? 1);
  const next = new URL(url);
  next.searchParams.set('page', String(page + 1));
  const headers: Record<string, string> = page * size < rows.length ? { link: `<${next.href}>; rel="next"` } : {};
  return { page, rows: rows.slice((page - 1) * size, page * size), headers };
}

/** The fake sends nothing that GitHub's own description rules out. */
export function conform(validate: ReturnType<typeof answerOf>, body: unknown): void {
  if (!validate(body)) throw new Error(JSON.stringify(validate.errors));
}
