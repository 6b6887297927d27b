import type { Instant } from '../../run.js';
import { isText, objectsIn, withoutQuery, type JsonObject } from '../reading/body.js';
import { DistinctRows } from '../reading/distinct-rows.js';
import { readRows } from '../reading/read-rows.js';
import { wordIn } from '../reading/vocabulary.js';
import { firstOf, instantIn, lastOf } from '../reading/wire-time.js';
import { SourceError, type SourceFetch, type SourcePage } from '../source.js';
import { countedPage, GITEA_API, pageRequest } from './api.js';
import { FORGEJO_STATUSES, timeIn } from './run.js';

/**
 * A task: a job as a runner took it. Its runner reports on it every few seconds, and Gitea itself ends a task on which no report has
 * arrived for 10 minutes.
 */
export type Task = {
  readonly name: unknown;
  readonly status: string;
  readonly createdAt: Instant | undefined;
  readonly reportedAt: Instant | undefined;
  /** The path of its run on the web site. */
  readonly run: string;
  readonly row: JsonObject;
};

/** Task statuses that no run has: a runner is told to stop, and has not said that it did. */
const CANCELLING = 'cancelling';

/** How many pages are read for the tasks of one run, the newest first. */
const MOST_PAGES = 10;

/** How long after its run a task may have been written. */
const SLACK_MS = 60_000;

/**
 * The tasks at work of a run. Tasks are listed for a repository only, and by no filter.
 *
 * @param url of the tasks of the repository
 * @param run its path on the web site
 * @param since when it started: no task of the run is older
 */
export async function tasksAtWork(
  url: string,
  run: string,
  since: Instant | undefined,
  fetch: SourceFetch,
): Promise<readonly Task[]> {
  const found: Task[] = [];
  const seen = new TasksRead(url);
  for (let number = 1; number <= MOST_PAGES; number++) {
    const page = await tasksOf(url, number, fetch);
    if (page === undefined) return found;
    seen.add(page, number);
    found.push(...page.tasks.filter((task) => task.run === run && isAtWork(task)));
    const oldest = firstOf(page.tasks.flatMap(({ createdAt }) => (createdAt === undefined ? [] : [createdAt])));
    const isPast = oldest !== undefined && since !== undefined && oldest + SLACK_MS < since;
    if (page.tasks.length === 0 || page.isLast(number) || isPast) return found;
  }
  return found;
}

/** The last report of the task that was silent for longest; a run cannot end while one of its jobs does not. */
export function lastReport(tasks: readonly Task[]): Instant | undefined {
  return firstOf(tasks.flatMap(({ reportedAt }) => (reportedAt === undefined ? [] : [reportedAt])));
}

/** Whether a runner was told to stop one of them. */
export function isCancelling(tasks: readonly Task[]): boolean {
  return tasks.some(({ status }) => status === CANCELLING);
}

/** The path of a run on the web site, by which its tasks name it. */
export function runPath(url: unknown): string {
  return isText(url) && URL.canParse(url) ? new URL(url).pathname : '';
}

/** What servers before Gitea 1.25 leave unsaid. */
const ONLY_TASKS =
  'This server lists only what a runner has taken: runs that wait for one are not seen (Gitea before 1.25).';

/**
 * Runs as the tasks of a repository show them, for servers that have no list of runs.
 *
 * @param limit of ended runs
 */
export async function* runsFromTasks(
  name: string,
  url: string,
  prefix: string,
  limit: number,
  fetch: SourceFetch,
): AsyncGenerator<SourcePage, void> {
  yield { runs: [], issues: [], note: ONLY_TASKS };
  const byRun = new Map<string, Task[]>();
  const seen = new TasksRead(url);
  for (let number = 1; ; number++) {
    const page = await tasksOf(url, number, fetch, []);
    if (page === undefined) return;
    seen.add(page, number);
    for (const task of page.tasks) byRun.set(task.run, [...(byRun.get(task.run) ?? []), task]);
    const ended = [...byRun.values()].filter((tasks) => !tasks.some(isAtWork)).length;
    // The newest tasks come first: what is at work was taken within the last days.
    if (page.tasks.length === 0 || page.isLast(number) || (number >= MOST_PAGES && ended >= limit)) break;
  }
  let ended = 0;
  const rows = [...byRun.values()].flatMap((tasks) => {
    if (!tasks.some(isAtWork) && ++ended > limit) return [];
    return [tasks];
  });
  yield readRows(
    rows.map((tasks) => ({ tasks })),
    name,
    ({ tasks }) => tasksToWire(tasks as readonly Task[], prefix),
  );
}

function tasksToWire(tasks: readonly Task[], prefix: string): Record<string, unknown> {
  const [newest] = tasks;
  const row = newest?.row ?? {};
  const atWork = tasks.filter(isAtWork);
  const ofRun = tasks.map((task) => wordIn(FORGEJO_STATUSES, task.status)?.outcome ?? 'unknown');
  const ended = atWork.length === 0;
  const failed = ofRun.find((outcome) => outcome !== 'succeeded' && outcome !== 'skipped');
  const known = [...atWork, ...tasks].find(({ status }) => status !== '')?.status ?? 'none';
  return {
    id: `${prefix}${newest?.run.split('/').at(-1) ?? ''}`,
    type: row['workflow_id'],
    title: row['display_title'],
    status: ended ? 'completed' : 'running',
    outcome: ended ? (failed ?? 'succeeded') : 'pending',
    started_at: textOf(firstOf(tasks.flatMap(({ row: own }) => instantIn(own['run_started_at']) ?? []))),
    heartbeat_at: ended ? undefined : textOf(lastReport(atWork)),
    ended_at: ended ? textOf(lastOf(tasks.flatMap(({ reportedAt }) => reportedAt ?? []))) : undefined,
    url: row['url'],
    labels: { branch: row['head_branch'], event: row['event'], sha: row['head_sha'] },
    native: { status: known },
  };
}

type TaskPage = {
  readonly tasks: readonly Task[];
  readonly total: number;
  readonly isLast: (number: number) => boolean;
};

/** What was read of a list of tasks: its end is believed only if as many arrived as it counts, for the missing one may have gone silent. */
class TasksRead {
  readonly #url: string;
  readonly #tasks = new DistinctRows<Task>(({ row }) => row);
  /** Tasks that are taken while pages are read raise the count, and come too late for them. */
  #least = Infinity;

  constructor(url: string) {
    this.#url = url;
  }

  /** @throws {SourceError} `truncated` if this page ends the list too early. */
  add({ tasks, total, isLast }: TaskPage, number: number): void {
    this.#tasks.add(tasks);
    this.#least = Math.min(this.#least, total);
    if ((tasks.length > 0 && !isLast(number)) || this.#tasks.size >= this.#least) return;
    throw new SourceError(
      'truncated',
      `${withoutQuery(this.#url)} counts ${this.#least} tasks and sent ${this.#tasks.size}.`,
    );
  }
}

async function tasksOf(
  url: string,
  number: number,
  fetch: SourceFetch,
  refused: readonly number[] = [401, 403, 404],
): Promise<TaskPage | undefined> {
  const response = await fetch(pageRequest(url, number, '', refused));
  if (response.status >= 400) return undefined;
  const { rows, total } = countedPage(response, 'workflow_runs');
  const tasks = objectsIn(rows, 'workflow_runs', GITEA_API).map((row): Task => {
    const { name, status } = row;
    return {
      name,
      status: isText(status) ? status : '',
      createdAt: instantIn(timeIn(row['created_at'])),
      reportedAt: instantIn(timeIn(row['updated_at'])),
      run: runPath(row['url']),
      row,
    };
  });
  return { tasks, total, isLast: (page) => page * rows.length >= total };
}

function isAtWork({ status }: Task): boolean {
  return status === CANCELLING || wordIn(FORGEJO_STATUSES, status)?.status === 'running' || !isKnown(status);
}

/** A task in a status that we do not know may be at work. */
function isKnown(status: string): boolean {
  return wordIn(FORGEJO_STATUSES, status) !== undefined;
}

function textOf(at: Instant | undefined): string | undefined {
  return at === undefined ? undefined : new Date(at).toISOString();
}
