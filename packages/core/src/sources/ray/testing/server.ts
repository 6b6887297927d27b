import { isObject, type JsonObject } from '../../reading/body.js';
import type { Answer, Server } from '../../testing/fetch.js';
import { fixture, recorded } from '../../testing/fixtures.js';
import { rayId } from '../run.js';

/** The recorded jobs by their id. */
const jobs = new Map((recorded('ray/jobs.json') as readonly JsonObject[]).map((row) => [rayId(row), row]));

/** A recorded job. */
export function job(id: string, fields: JsonObject = {}): JsonObject {
  return { ...jobs.get(id), ...fields };
}

/** The rows of a recorded response of the State API. */
export function stateRows(file: string): readonly JsonObject[] {
  const { data } = fixture(`ray/${file}.json`) as {
    readonly data: { readonly result: { readonly result: JsonObject[] } };
  };
  return data.result.result;
}

/** What a cluster shows besides its jobs; recorded if not given. A number is a status. */
export type State = Readonly<Partial<Record<'nodes' | 'tasks' | 'actors', readonly JsonObject[] | number>>>;

/** A Ray with these jobs. */
export function rayServer(rows: readonly unknown[], state: State = {}): Server {
  return ({ pathname }): Answer => {
    if (pathname === '/api/version') return { body: fixture('ray/version.json') };
    if (pathname === '/api/jobs/') return { body: rows };
    const what = /^\/api\/v0\/(nodes|tasks|actors)$/.exec(pathname)?.[1] as keyof State | undefined;
    if (what !== undefined) {
      const found = state[what] ?? stateRows(what);
      return typeof found === 'number' ? { status: found, body: {} } : { body: stateOf(found, found.length) };
    }
    const found = rows.find((row) => isObject(row) && `/api/jobs/${String(rayId(row))}` === pathname);
    return found === undefined ? { status: 404, body: undefined } : { body: found };
  };
}

/** A response of the State API. */
export function stateOf(rows: readonly JsonObject[], total: number): JsonObject {
  return {
    result: true,
    msg: '',
    data: { result: { total, num_after_truncation: rows.length, num_filtered: total, result: rows } },
  };
}
