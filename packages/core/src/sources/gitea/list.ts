import type { Instant, Run } from '../../run.js';
import { isObject, type JsonObject } from '../reading/body.js';
import { backTo } from '../reading/back-to.js';
import { endedLimit } from '../reading/ended-limit.js';
import { readCounted, type RowPage } from '../reading/read-counted.js';
import { readRows } from '../reading/read-rows.js';
import { activeStatuses } from '../reading/vocabulary.js';
import { SourceError, type SourceFetch, type SourcePage, type SourceQuery, type SourceResponse } from '../source.js';
import { allRows, countedPage, pageRequest, remembering } from './api.js';
import { cancellingPages } from './cancelling.js';
import { inspectGiteaRun } from './inspect.js';
import { readJob, type Job } from './job.js';
import {
  FORGEJO_STATUSES,
  GITEA_STATUSES,
  giteaRunToWire,
  hasEnded,
  isForgejoRun,
  lacksTime,
  type QueueTimes,
} from './run.js';
import { withWorkers } from './workers.js';

/** A list of runs: of a repository, of an owner, or of all of an instance. */
export type RunList = {
  /** The name of the source. */
  readonly name: string;
  /** The URL of the API. */
  readonly api: string;
  /** The URL below which its runs and jobs are. */
  readonly url: string;
  /** What stands before the id of a run, from the name of its repository. */
  readonly prefixOf: (repository: string | undefined) => string;
  /** The repository that all its runs belong to, if it is that of one. */
  readonly repository?: string;
};

/** Jobs that have not ended say when a run was queued, and which runners are at work. */
const UNFINISHED_JOBS = activeStatuses(GITEA_STATUSES)
  .map((status) => `status=${status}&`)
  .join('');

/**
 * The first page of a list of runs; `undefined` if the server has no such list, or none for this token.
 *
 * @param refused statuses that mean so
 */
export async function firstPage(
  { url }: RunList,
  fetch: SourceFetch,
  refused: readonly number[],
): Promise<SourceResponse | undefined> {
  const response = await fetch(pageRequest(`${url}/runs`, 1, '', refused));
  return response.status >= 400 ? undefined : response;
}

/** Reads a list of runs, given its first page. */
export async function* listRuns(
  list: RunList,
  first: SourceResponse,
  query: SourceQuery,
  fetch: SourceFetch,
): AsyncGenerator<SourcePage, void> {
  const { rows, total } = countedPage(first, 'workflow_runs');
  const asked = remembering(fetch);
  const read = (some: readonly unknown[]) => readPage(list, some, asked);
  async function* ended(limit: number): AsyncGenerator<SourcePage, void> {
    for await (const page of counted(list, '', limit, fetch)) yield withIncomplete(await read(page.rows), page);
  }
  if (query.activity === 'all') {
    yield* backTo(query, ended(Infinity));
    return;
  }
  // In a quiet repository these are all that there are. Anywhere else, a run in a status that we do not know is here or nowhere,
  // since the list takes known ones only.
  yield await read(rows.filter((row) => !isObject(row) || !hasEnded(row)));
  if (total > rows.length) yield* otherActive(list, rows, total, fetch, read);
  if (query.activity === 'active') return;
  yield* backTo(query, ended(endedLimit(query)));
}

type Read = (rows: readonly unknown[]) => Promise<SourcePage>;

async function* otherActive(
  list: RunList,
  latest: readonly unknown[],
  total: number,
  fetch: SourceFetch,
  read: Read,
): AsyncGenerator<SourcePage, void> {
  const isForgejo = latest.some(isForgejoRun);
  const statuses = activeStatuses(isForgejo ? FORGEJO_STATUSES : GITEA_STATUSES);
  const filter = statuses.map((status) => `status=${status}&`).join('');
  const listed = new Set<string>();
  let active = 0;
  for await (const page of counted(list, filter, Infinity, fetch)) {
    for (const row of page.rows) listed.add(idOf(row) ?? '');
    active = page.total;
    yield withIncomplete(await read(page.rows), page);
  }
  if (!isForgejo) yield* cancellingPages({ url: `${list.url}/runs`, total, active, listed, latest }, fetch, read);
}

/** One run, from the response that has only it. */
export async function readRun(list: RunList, row: unknown, id: string, fetch: SourceFetch): Promise<Run> {
  const jobsUrl = `${list.url}/runs/${id}/jobs`;
  const { runs, issues, failure } = await looked(list, [row], jobsUrl, remembering(fetch));
  if (failure !== undefined) throw failure;
  const [run] = runs;
  if (run !== undefined) return run;
  throw new SourceError('shape', `Run ${id} cannot be read: ${issues[0]?.reason ?? 'nothing came'}.`);
}

async function readPage(list: RunList, rows: readonly unknown[], fetch: SourceFetch): Promise<SourcePage> {
  const { runs, issues, failure } = await looked(list, rows, `${list.url}/jobs`, fetch);
  if (failure === undefined) return { runs, issues };
  return {
    runs,
    issues,
    incomplete: `What the runs do inside could not be read (${failure.code}): ${failure.message}`,
  };
}

type Looked = Pick<SourcePage, 'runs' | 'issues'> & { readonly failure: SourceError | undefined };

/** The runs of some rows, with what jobs, tasks and runners say of those that have not ended. */
async function looked(list: RunList, rows: readonly unknown[], jobsUrl: string, fetch: SourceFetch): Promise<Looked> {
  const active = rows.filter((row): row is JsonObject => isObject(row) && !hasEnded(row));
  let jobs: readonly Job[] | undefined;
  let failure: SourceError | undefined;
  // What is known of runs is not lost because the rest is not.
  const note = (error: unknown) => {
    if (!(error instanceof SourceError)) throw error;
    failure ??= error;
    return undefined;
  };
  if (!active.every(isForgejoRun)) jobs = await unfinishedJobs(jobsUrl, fetch).catch(note);
  const times = queueTimes(active, jobs ?? []);
  const { runs, issues } = readRows(rows, list.name, (row) => giteaRunToWire(row, times, list.prefixOf));
  const byRun = jobs && groupedByRun(jobs);
  const all = runs.map(async (run) => (await lookAt(run, byRun, list, fetch).catch(note)) ?? run);
  return { runs: await Promise.all(all), issues, failure };
}

/** Whether the runners of a run at work are alive; and whether a run has jobs that could still end. */
async function lookAt(
  run: Run,
  jobs: ReadonlyMap<string, readonly Job[]> | undefined,
  { api, prefixOf, repository: only }: RunList,
  fetch: SourceFetch,
): Promise<Run> {
  const repository = only ?? run.tenant?.id;
  if (run.status === 'completed' || repository === undefined) return run;
  const id = run.id.slice(prefixOf(repository).length);
  const own = jobs && (jobs.get(id) ?? []);
  if (own?.length === 0) return inspectGiteaRun(run, { api, repository, id }, fetch);
  if (run.status !== 'running') return run;
  const atWork = own?.filter(({ state }) => state === 'working') ?? [];
  return withWorkers(run, atWork, api, repository, fetch);
}

function groupedByRun(jobs: readonly Job[]): ReadonlyMap<string, readonly Job[]> {
  const byRun = new Map<string, Job[]>();
  for (const job of jobs) {
    const own = byRun.get(job.run);
    if (own === undefined) byRun.set(job.run, [job]);
    else own.push(job);
  }
  return byRun;
}

async function unfinishedJobs(url: string, fetch: SourceFetch): Promise<readonly Job[] | undefined> {
  return (await allRows(url, 'jobs', fetch, UNFINISHED_JOBS))?.map(readJob);
}

/** Gitea says of no run when it was queued; its jobs are created with it. */
function queueTimes(active: readonly JsonObject[], jobs: readonly Job[]): QueueTimes {
  const lacking = new Map(active.filter(lacksTime).map((row) => [String(row['id']), row]));
  const times = new Map<string, Instant>();
  for (const { run, createdAt, attempt } of jobs) {
    const row = lacking.get(run);
    if (row === undefined || createdAt === undefined) continue;
    // Before 1.27 runs have no attempts, and a job that is run again keeps the time of its first life.
    if (attempt > 0 && row['run_attempt'] === 0) continue;
    times.set(run, Math.min(createdAt, times.get(run) ?? Infinity));
  }
  return times;
}

function counted({ url }: RunList, filter: string, limit: number, fetch: SourceFetch): AsyncGenerator<RowPage, void> {
  return readCounted(
    {
      system: 'Gitea',
      limit,
      request: (pages) => pageRequest(`${url}/runs`, pages + 1, filter),
      read: (response) => ({ ...countedPage(response, 'workflow_runs'), idOf }),
    },
    fetch,
  );
}

function withIncomplete(page: SourcePage, { incomplete }: RowPage): SourcePage {
  return incomplete === undefined ? page : { ...page, incomplete };
}

/** The id of a row, for telling rows apart. */
function idOf(row: unknown): string | undefined {
  return isObject(row) && typeof row['id'] === 'number' ? String(row['id']) : undefined;
}
