import type { Instant } from '../../run.js';
import { isObject, listOf, objectsIn, queryText, type JsonObject } from '../reading/body.js';
import { firstOf, lastOf } from '../reading/wire-time.js';
import type { SourceFetch } from '../source.js';
import { heartbeatOf, isByHeartbeat, msOf, SYSTEM } from './run.js';

/** How long after its last heartbeat a run that Metaflow calls failed is looked at. */
const LONGEST_MS = 24 * 3_600_000;

/** How many of the newest runs that failed are read, and how many of them are looked into. */
const NEWEST = 50;
const MOST_LOOKED_INTO = 20;

/** A run that continues: its row as running, and since when its next task waits to begin, if none is at work. */
export type Continued = { readonly row: JsonObject; readonly waitsSince: Instant | undefined };

/**
 * Runs that Metaflow calls failed only because they send no heartbeat, while tasks of them are at work or wait to begin.
 *
 * @param address the URL of the backend, with a slash at its end.
 * @param filter limits the runs.
 * @param pathOf where a row is read.
 * @param now the clock of the backend.
 */
export async function wronglyFailed(
  address: string,
  filter: Parameters<typeof queryText>[0],
  pathOf: (row: JsonObject) => string | undefined,
  now: Instant,
  fetch: SourceFetch,
): Promise<readonly Continued[]> {
  const query = queryText([['status', 'failed'], ...filter, ['_order', '-ts_epoch'], ['_limit', NEWEST]]);
  const response = await fetch({ url: `${address}runs?${query}`, accept: [400, 403, 404] });
  if (response.status >= 400) return [];
  const recent = listOf(response, 'data', SYSTEM)
    .filter(isObject)
    .filter((row) => mayContinue(row, now));
  const found = await Promise.all(
    recent.slice(0, MOST_LOOKED_INTO).map(async (row) => {
      const path = pathOf(row);
      return path === undefined ? [] : ((await continued(row, `${address}${path}`, fetch)) ?? []);
    }),
  );
  return found.flat();
}

/** Whether a run failed within the last day, and only because its heartbeat stopped. */
export function mayContinue(row: JsonObject, now: Instant): boolean {
  return row['status'] === 'failed' && isByHeartbeat(row) && now - (heartbeatOf(row) ?? 0) < LONGEST_MS;
}

/**
 * A run that Metaflow calls failed, by its tasks; `undefined` if none continues after its last heartbeat.
 *
 * @param url of the run in the API.
 */
export async function continued(row: JsonObject, url: string, fetch: SourceFetch): Promise<Continued | undefined> {
  const query = queryText([
    ['status', 'running,pending'],
    ['_order', '-ts_epoch'],
    ['_limit', NEWEST],
  ]);
  const response = await fetch({ url: `${url}/tasks?${query}`, accept: [400, 403, 404] });
  if (response.status >= 400) return undefined;
  const tasks = objectsIn(listOf(response, 'data', SYSTEM), 'data', SYSTEM);
  const last = heartbeatOf(row) ?? 0;
  const times = (status: string, of: (task: JsonObject) => Instant | undefined) =>
    tasks
      .filter((task) => task['status'] === status)
      .flatMap((task) => of(task) ?? [])
      .filter((at) => at > last);
  const beat = lastOf(times('running', heartbeatOf));
  if (beat !== undefined) return { row: running(row, beat), waitsSince: undefined };
  const waitsSince = firstOf(times('pending', (task) => msOf(task['ts_epoch'])));
  return waitsSince === undefined ? undefined : { row: running(row, last), waitsSince };
}

function running(row: JsonObject, heartbeat: Instant): JsonObject {
  return { ...row, status: 'running', finished_at: null, last_heartbeat_ts: heartbeat / 1000 };
}
