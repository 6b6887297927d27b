import type { Run, WaitsFor } from '../../run.js';
import { booleanField, countField, isObject, textField, type JsonObject } from '../reading/body.js';
import { nameFor } from '../reading/vocabulary.js';
import { SourceError, type SourceFetch, type SourceResponse } from '../source.js';
import { readAtWork, SYSTEM } from './api.js';

/** Where a scheduled run waits for a worker. */
type Queue = { readonly pool: string; readonly queue: string | undefined };

/**
 * A scheduled run with what keeps workers from taking it: its work pool or its queue is paused or full, or no worker polls the pool.
 *
 * Pools and queues are requested by name, so that all runs of one share the requests.
 */
export async function withWorkPool(run: Run, address: string, fetch: SourceFetch): Promise<Run> {
  const { work_pool: pool, work_queue: queue } = run.labels;
  if (pool === undefined) return withDeployment(run, address, fetch);
  const url = `${address}work_pools/${encodeURIComponent(pool)}`;
  const details = detailsIn(await fetch({ url, accept: [403, 404] }));
  if (details === undefined) return run;
  const held = await holdOf(details, { pool, queue: undefined }, address, fetch);
  if (held !== undefined) return held(run);
  if (queue !== undefined) {
    const { href } = new URL(`queues/${encodeURIComponent(queue)}`, `${url}/`);
    const own = detailsIn(await fetch({ url: href, accept: [403, 404] }));
    const heldByQueue = own === undefined ? undefined : await holdOf(own, { pool, queue }, address, fetch);
    if (heldByQueue !== undefined) return heldByQueue(run);
    // A worker may poll some queues of its pool only.
    if (isReady(details) && own !== undefined && !isReady(own))
      return notReady(run, `work queue ${queue}`, 'no worker polls it');
  }
  return isReady(details) ? run : notReady(run, `work pool ${pool}`, 'no worker polls it');
}

/** A run without a work pool is started by the process that serves its deployment. All runs of one make the same request. */
async function withDeployment(run: Run, address: string, fetch: SourceFetch): Promise<Run> {
  const id = run.labels['deployment'];
  if (id === undefined) return run;
  const url = `${address}deployments/${encodeURIComponent(id)}`;
  const details = detailsIn(await fetch({ url, accept: [403, 404] }));
  if (details === undefined || isReady(details)) return run;
  return notReady(run, `deployment ${nameFor(details['name'])}`, 'no process serves it');
}

function isReady(details: JsonObject): boolean {
  return textField(details, 'status', SYSTEM) !== 'NOT_READY';
}

function notReady(run: Run, what: string, why: string): Run {
  const text = `Prefect calls the ${what} NOT_READY: ${why}.`;
  return { ...run, flag: { kind: 'cannot_start', by: 'source', text } };
}

/** `undefined` if there is none, or if the credential may not read it. */
function detailsIn({ status, body, url }: SourceResponse): JsonObject | undefined {
  if (status >= 400) return undefined;
  if (isObject(body)) return body;
  throw new SourceError('shape', `${url} sent no object. Is this the URL of ${SYSTEM}?`);
}

async function holdOf(
  details: JsonObject,
  queue: Queue,
  address: string,
  fetch: SourceFetch,
): Promise<((run: Run) => Run) | undefined> {
  const waitsFor: WaitsFor =
    queue.queue === undefined ? { kind: 'work pool', name: queue.pool } : { kind: 'work queue', name: queue.queue };
  const most = countField(details, 'concurrency_limit', SYSTEM);
  if (booleanField(details, 'is_paused', SYSTEM) === true || most === 0) {
    return (run) => waiting({ ...run, hold: 'paused', waitsFor });
  }
  if (most === undefined) return undefined;
  const { count } = await readAtWork(address, filterOf(queue), fetch);
  const state = `${count} of ${most} runs at work`;
  return count < most ? undefined : (run) => waiting({ ...run, hold: 'limit', waitsFor: { ...waitsFor, state } });
}

function filterOf({ pool, queue }: Queue): JsonObject {
  const pools = { work_pools: { name: { any_: [pool] } } };
  return queue === undefined ? pools : { ...pools, work_pool_queues: { name: { any_: [queue] } } };
}

/** `Late` only says that no worker took the run in time. A run that waits for a reason is not late. */
function waiting(run: Run): Run {
  return run.flag?.kind === 'late' ? { ...run, flag: undefined } : run;
}
