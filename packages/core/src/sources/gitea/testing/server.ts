import { isObject, objectsField, type JsonObject } from '../../reading/body.js';
import { wordIn } from '../../reading/vocabulary.js';
import type { Answer, Server } from '../../testing/fetch.js';
import { fixture } from '../../testing/fixtures.js';
import { FORGEJO_STATUSES } from '../run.js';

const rowsOf = (file: string, name: string) => objectsField(fixture(`gitea/${file}`), name, 'the recording');
const firstOf = (file: string, name: string): JsonObject => rowsOf(file, name)[0] ?? {};

/** A run at work, as it was recorded. */
export const running = firstOf('runs-running.json', 'workflow_runs');

/** A run of Forgejo at work. */
export const forgejoRun = fixture('gitea/forgejo-run.json');

/** Its job at work, and the one that waits for it. */
export const [working = {}, blocked = {}] = rowsOf('jobs-running.json', 'jobs');

/** The task of its job at work. */
export const task = firstOf('tasks.json', 'workflow_runs');

/** The runner of its job, online. */
export const runner = firstOf('runners-alive.json', 'runners');

/** The API of Gitea with these rows for each path below `/api/v1/`; a number is a status. Anything else is not found. */
export type Contents = Readonly<Record<string, readonly unknown[] | number | JsonObject>>;

/** What a server does with a list. */
export type Settings = {
  /** The statuses of runs that are being cancelled, which no filter finds. */
  readonly cancelling?: readonly number[];
  /** The page size that an administrator allows. */
  readonly most?: number;
  readonly date?: string;
};

/**
 * A server that keeps to the rules of Gitea: filters by several statuses, pages by `page` and `limit`, counts, ignores `per_page`.
 */
export function giteaServer(contents: Contents, { cancelling = [], most = 50, date }: Settings = {}): Server {
  const headers: Record<string, string> = date === undefined ? {} : { date: new Date(date).toUTCString() };
  return (url): Answer => {
    const path = url.pathname.replace(/^\/api\/v1\//, '');
    const found = contents[path];
    if (typeof found === 'number') return { status: found, body: { message: 'no' }, headers };
    if (Array.isArray(found)) return { ...listed(found as readonly unknown[], path, url, cancelling, most), headers };
    return found === undefined ? { status: 404, body: { message: 'not found' }, headers } : { body: found, headers };
  };
}

function listed(rows: readonly unknown[], path: string, url: URL, cancelling: readonly number[], most: number): Answer {
  const search = url.searchParams;
  const wanted = search.getAll('status');
  const isHidden = (row: unknown) => isObject(row) && cancelling.includes(Number(row['id']));
  const held = rows.filter(
    (row) => wanted.length === 0 || (!isHidden(row) && isObject(row) && wanted.includes(wordOf(row['status']))),
  );
  const size = Math.min(Number(search.get('limit') ?? 30), most);
  const page = Number(search.get('page') ?? 1);
  const name = path.endsWith('/runners') ? 'runners' : path.endsWith('/jobs') ? 'jobs' : 'workflow_runs';
  return { body: { [name]: held.slice((page - 1) * size, page * size), total_count: held.length } };
}

/** A status that is not of the API comes with those in progress, here as there. */
function wordOf(status: unknown): string {
  const known = ['queued', 'waiting', 'in_progress', 'completed'].includes(String(status));
  return known || wordIn(FORGEJO_STATUSES, status) !== undefined ? String(status) : 'in_progress';
}
