import type { Run } from '../../run.js';
import type { SourceAdapter } from '../descriptor.js';
import { askAgain } from '../reading/ask-again.js';
import { basicOrBearer } from '../reading/basic-or-bearer.js';
import { isObject, queryText, withoutQuery, withSlash } from '../reading/body.js';
import { endedLimit } from '../reading/ended-limit.js';
import { FLOWER_ACTIVE, flowerTaskToWire, type Workers } from './task.js';
import { readOneRow, readRows, type RowToWire } from '../reading/read-rows.js';
import { SourceError, type Source, type SourceFetch, type SourcePage, type SourceQuery } from '../source.js';
import { baseUrl } from '../reading/base-url.js';

/** The URL of Flower; `states` names custom states that mean that a task is running. */
export type FlowerConfig = { readonly url: string; readonly states?: readonly string[] | undefined };

/** Celery through Flower, for the registry of kinds. */
export const flowerAdapter: SourceAdapter<FlowerConfig> = {
  create: flowerSource,
  // The `user:password` of --basic-auth, or a token of a proxy in front of Flower.
  credentialHeaders: basicOrBearer,
  configFromUri: (rest) => ({ url: baseUrl(rest, 'flower:http://host.example:5555') }),
};

/** Flower sets no limit, and keeps 100,000 tasks by default: most lists fit into one page, so nothing can be missed. */
const PAGE_SIZE = 10_000;
const ENDED = ['SUCCESS', 'FAILURE', 'REVOKED', 'REJECTED', 'IGNORED'] as const;

/** Reads the tasks that Flower has seen. Celery reports no heartbeat of a task, but one of each worker. */
export function flowerSource(name: string, { url, states: custom = [] }: FlowerConfig): Source {
  const address = withSlash(url);
  const toWire =
    (workers: Workers): RowToWire =>
    (task) =>
      flowerTaskToWire(task, { workers, flower: address, custom });

  async function* list(query: SourceQuery, fetch: SourceFetch): AsyncGenerator<SourcePage, void> {
    const workers = await readWorkers(fetch);
    // In the order of a task's life: one that moves on meanwhile is read twice and not missed.
    for (const state of [...FLOWER_ACTIVE, ...custom]) yield* pages(state, Infinity, workers, fetch);
    if (query.activity === 'active') return;
    const limit = endedLimit(query);
    for (const state of ENDED) yield* pages(state, limit, workers, fetch);
  }

  /** The tasks of one state, newest first. Flower has no count, so the next page begins with the last task of the previous one. */
  async function* pages(
    state: string,
    limit: number,
    workers: Workers,
    fetch: SourceFetch,
  ): AsyncGenerator<SourcePage, void> {
    const size = Math.min(PAGE_SIZE, limit);
    let offset = 0;
    let last: string | undefined;
    for (;;) {
      const search = queryText([
        ['state', state],
        ['limit', size],
        ['offset', offset],
        ['sort_by', '-received'],
      ]);
      const response = await fetch({ url: `${address}api/tasks?${search}` });
      const tasks = objectIn(response.body, response.url);
      const ids = Object.keys(tasks);
      const incomplete =
        last === undefined || Object.hasOwn(tasks, last)
          ? undefined
          : `The list of ${state} tasks changed while it was read.`;
      yield { ...readRows(Object.values(tasks), name, toWire(workers)), incomplete };
      if (ids.length < size || offset + ids.length >= limit || incomplete !== undefined) return;
      offset += ids.length - 1;
      last = ids.at(-1);
    }
  }

  async function readWorkers(fetch: SourceFetch): Promise<Workers> {
    const response = await fetch({ url: `${address}api/workers?status=1` });
    const workers = objectIn(response.body, response.url);
    if (Object.keys(workers).length === 0) {
      // Without a worker it has seen no task either, so it cannot show that everything is healthy.
      throw new SourceError(
        'shape',
        `${withoutQuery(response.url)} has seen no worker. Is this Flower, and do the workers send events (-E)?`,
      );
    }
    if (Object.values(workers).every((alive) => typeof alive === 'boolean')) return workers;
    throw shapeError(response.url);
  }

  async function get(id: string, fetch: SourceFetch): Promise<Run | undefined> {
    const response = await fetch({ url: `${address}api/task/info/${encodeURIComponent(id)}`, accept: [404] });
    if (response.status === 404) return undefined;
    return readOneRow(response.body, id, name, toWire(await readWorkers(fetch)));
  }

  /** Asks the worker of a started task whether it has it: a worker restarted under the same name does not. */
  async function inspect(run: Run, fetch: SourceFetch): Promise<Run> {
    const worker = run.labels['worker'];
    if (run.native?.status !== 'STARTED' || run.flag !== undefined || worker === undefined) return run;
    const search = queryText([
      ['refresh', 1],
      ['workername', worker],
    ]);
    const response = await fetch({ url: `${address}api/workers?${search}`, accept: [503] });
    const about = isObject(response.body) ? response.body[worker] : undefined;
    const active = isObject(about) ? about['active'] : undefined;
    if (response.status === 503 || !Array.isArray(active)) return run;
    if (active.some((task) => isObject(task) && task['id'] === run.id)) return run;
    // It may have ended while the worker was queried.
    const again = await get(run.id, (request) => fetch(askAgain(request)));
    if (again?.native?.status !== 'STARTED') return again ?? run;
    return { ...again, flag: again.flag ?? { kind: 'worker_lost', text: lostText(worker), since: undefined } };
  }

  return { name, kind: 'flower', address, list, get, inspect };
}

function lostText(worker: string): string {
  return `Its worker ${worker} does not run it, although Flower reports it as started.`;
}

function objectIn(body: unknown, url: string) {
  if (isObject(body)) return body;
  throw shapeError(url);
}

function shapeError(url: string): SourceError {
  return new SourceError('shape', `${withoutQuery(url)} did not respond like Flower. Is this the URL of Flower?`);
}
