import type { Instant } from '../../run.js';
import { isObject, listOf, objectsIn, queryText, type JsonObject } from '../reading/body.js';
import { lastOf } from '../reading/wire-time.js';
import type { SourceFetch } from '../source.js';
import { heartbeatOf, isByHeartbeat, SYSTEM } from './run.js';

/** How long after its last heartbeat a run that Metaflow calls failed is looked at. */
const LONGEST_MS = 24 * 3_600_000;

/** How many of the newest runs that failed are read, and how many of them are looked into. */
const NEWEST = 50;
const MOST_LOOKED_INTO = 20;

/**
 * Runs that Metaflow calls failed only because their own process sends no heartbeat, while tasks of them are at work: as running, with
 * the last heartbeat of these tasks.
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
): Promise<readonly JsonObject[]> {
  const query = queryText([['status', 'failed'], ...filter, ['_order', '-ts_epoch'], ['_limit', NEWEST]]);
  const response = await fetch({ url: `${address}runs?${query}`, accept: [400, 403, 404] });
  if (response.status >= 400) return [];
  const recent = listOf(response, 'data', SYSTEM)
    .filter(isObject)
    .filter((row) => row['status'] === 'failed' && isByHeartbeat(row))
    .filter((row) => now - (heartbeatOf(row) ?? 0) < LONGEST_MS);
  const found = await Promise.all(
    recent.slice(0, MOST_LOOKED_INTO).map(async (row) => {
      const path = pathOf(row);
      const at = path === undefined ? undefined : await newestHeartbeat(`${address}${path}`, fetch);
      if (at === undefined || at <= (heartbeatOf(row) ?? 0)) return [];
      return [{ ...row, status: 'running', finished_at: null, last_heartbeat_ts: at / 1000 }];
    }),
  );
  return found.flat();
}

/** The last heartbeat of the tasks of a run that are running; `undefined` if none is. */
async function newestHeartbeat(url: string, fetch: SourceFetch): Promise<Instant | undefined> {
  const query = queryText([
    ['status', 'running'],
    ['_order', '-ts_epoch'],
    ['_limit', NEWEST],
  ]);
  const response = await fetch({ url: `${url}/tasks?${query}`, accept: [400, 403, 404] });
  if (response.status >= 400) return undefined;
  const tasks = objectsIn(listOf(response, 'data', SYSTEM), 'data', SYSTEM);
  return lastOf(tasks.flatMap((task) => (task['status'] === 'running' ? (heartbeatOf(task) ?? []) : [])));
}
