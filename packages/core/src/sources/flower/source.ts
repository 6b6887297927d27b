import type { Run } from '../../run.js';
import type { SourceAdapter } from '../descriptor.js';
import { askAgain } from '../reading/ask-again.js';
import { basicOrBearer } from '../reading/basic-or-bearer.js';
import { encoded, isObject, queryText, withoutQuery, withSlash } from '../reading/body.js';
import { backTo } from '../reading/back-to.js';
import { endedLimit } from '../reading/ended-limit.js';
import { meaningOf } from '../reading/vocabulary.js';
import { FLOWER_ACTIVE, FLOWER_ENDED, FLOWER_STATES, flowerTaskToWire, type Workers } from './task.js';
import { readOneRow, readRows, type RowToWire } from '../reading/read-rows.js';
import { SourceError, type Source, type SourceFetch, type SourcePage, type SourceQuery } from '../source.js';
import { baseUrl } from '../reading/base-url.js';
import { serverClock } from '../reading/wire-time.js';
import { mayServe, placeOf, rateLimitOf, withoutFlag, workerAnswer, type WorkerAnswer } from './worker.js';
import { strictSource } from '../reading/strict-source.js';
import { FLOWER_SHAPES } from './shapes.js';

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

/** Reads the tasks that Flower has seen. Celery reports no heartbeat of a task, but one of each worker. */
export function flowerSource(name: string, { url, states: custom = [] }: FlowerConfig): Source {
  const address = withSlash(url);
  const toWire = (workers: Workers): RowToWire => {
    const context = { workers, anyOnline: Object.values(workers).includes(true), flower: address, custom };
    return (task) => flowerTaskToWire(task, context);
  };

  async function* list(query: SourceQuery, fetch: SourceFetch): AsyncGenerator<SourcePage, void> {
    const workers = await readWorkers(fetch);
    // In the order of a task's life: one that moves on meanwhile is read twice and not missed.
    for (const state of [...FLOWER_ACTIVE, ...custom]) yield* pages(state, Infinity, workers, fetch);
    if (query.activity === 'active') return;
    const limit = endedLimit(query);
    for (const state of FLOWER_ENDED) yield* backTo(query, pages(state, limit, workers, fetch));
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
    const workers = Object.entries(objectIn(response.body, response.url));
    if (workers.length === 0) {
      // Without a worker it has seen no task either, so it cannot show that everything is healthy.
      throw new SourceError(
        'shape',
        `${withoutQuery(response.url)} has seen no worker. Is this Flower, and do the workers send events (-E)?`,
      );
    }
    const known = workers.flatMap(([worker, alive]) => (typeof alive === 'boolean' ? [[worker, alive] as const] : []));
    if (known.length < workers.length) throw shapeError(response.url);
    return Object.fromEntries(known);
  }

  async function get(id: string, fetch: SourceFetch): Promise<Run | undefined> {
    const response = await fetch({ url: `${address}api/task/info/${encoded(id)}`, accept: [404] });
    if (response.status === 404) return undefined;
    return readOneRow(response.body, id, name, toWire(await readWorkers(fetch)));
  }

  /**
   * Asks the workers for the task. A worker that Flower reports as offline may answer, one restarted under the same name does not
   * have its tasks, and a queue may have no worker.
   */
  async function inspect(run: Run, fetch: SourceFetch): Promise<Run> {
    const worker = run.labels['worker'];
    if (run.status === 'queued') return inspectWaiting(run, fetch);
    return worker === undefined ? run : inspectStarted(run, worker, fetch);
  }

  async function inspectStarted(run: Run, worker: string, fetch: SourceFetch): Promise<Run> {
    const [answer] = await inspectWorkers(worker, fetch);
    if (answer === undefined) return endedBy(run, fetch, (open) => open);
    if (placeOf(run.id, answer) === 'active') return withoutFlag(run);
    // It may have ended while the worker was queried.
    const again = await get(run.id, (request) => fetch(askAgain(request)));
    if (again?.status !== 'running') return again ?? run;
    const text = `Its worker ${worker} does not run it, although Flower reports it as ${again.native?.status ?? 'started'}.`;
    return endedBy(again, fetch, (open) => ({ ...open, flag: { kind: 'worker_lost', by: 'tardy', text } }));
  }

  async function inspectWaiting(run: Run, fetch: SourceFetch): Promise<Run> {
    const workers = await readWorkers(fetch);
    const online = Object.keys(workers).filter((worker) => workers[worker] === true);
    const answers = await inspectWorkers(undefined, fetch);
    const holder = answers.find((answer) => placeOf(run.id, answer) !== undefined);
    if (holder !== undefined) return heldBy(holder, run);
    // A hold that has not ended needs no worker yet; and without the answers of all, one of the others may have it.
    const until = run.waitsFor?.until ?? 0;
    const isEarly = answers.some(({ at }) => at < until);
    const all = online.every((worker) => answers.some((answer) => answer.name === worker));
    if (isEarly) return run;
    return endedBy(run, fetch, (open) => (online.length > 0 && all ? unheld(open, answers) : open));
  }

  /** What the workers answer that were reached just now; those that did not answer are left out. */
  async function inspectWorkers(worker: string | undefined, fetch: SourceFetch): Promise<readonly WorkerAnswer[]> {
    const search = queryText([
      ['refresh', 1],
      ['workername', worker],
    ]);
    // 404: Flower has never reached that worker. 503: it reached none.
    const response = await fetch({ url: `${address}api/workers?${search}`, accept: [404, 503] });
    if (response.status >= 400) return [];
    const clock = serverClock(response);
    return Object.entries(objectIn(response.body, response.url)).flatMap(
      ([workerName, about]) => workerAnswer(workerName, about, clock) ?? [],
    );
  }

  /** The run as the result backend has it, if it has ended there: Flower may have missed the event. */
  async function endedBy(run: Run, fetch: SourceFetch, open: (run: Run) => Run): Promise<Run> {
    // 503: there is no result backend. A task without a result is PENDING there.
    const response = await fetch({ url: `${address}api/task/result/${encoded(run.id)}`, accept: [404, 503] });
    const state = isObject(response.body) ? response.body['state'] : undefined;
    if (response.status >= 400) return open(run);
    if (typeof state !== 'string') throw shapeError(response.url);
    const { status, outcome, native } = meaningOf(FLOWER_STATES, state);
    if (status !== 'completed') return open(run);
    return { ...run, status, outcome, native, hold: undefined, waitsFor: undefined, flag: undefined };
  }

  return strictSource({ name, kind: 'flower', address, list, get, inspect }, 'Flower', FLOWER_SHAPES);
}

/** A waiting task that a worker has. */
function heldBy(holder: WorkerAnswer, run: Run): Run {
  switch (placeOf(run.id, holder)) {
    case 'active':
      // Flower missed that it started. When is unknown.
      return { ...withoutFlag(run), status: 'running', hold: undefined, waitsFor: undefined };
    case 'reserved': {
      const rate = rateLimitOf(run.type, holder);
      if (rate !== undefined) {
        return { ...withoutFlag(run), hold: 'limit', waitsFor: { kind: 'rate limit', name: rate } };
      }
      if (holder.active.length > 0) return withoutFlag(run);
      const text = `Its worker ${holder.name} keeps it in its memory and runs no task.`;
      return { ...run, flag: { kind: 'stuck', by: 'tardy', text } };
    }
    case 'scheduled':
    case undefined:
      return withoutFlag(run);
  }
}

/** A waiting task that no worker has, all of which answered. */
function unheld(run: Run, answers: readonly WorkerAnswer[]): Run {
  const { worker, routing_key: routingKey } = run.labels;
  if (worker !== undefined) {
    const text = `No worker that is online has it, although Flower reports it as ${run.native?.status ?? 'received'} by ${worker}.`;
    return { ...run, flag: { kind: 'worker_lost', by: 'tardy', text } };
  }
  if (routingKey === undefined || answers.some((answer) => mayServe(routingKey, answer))) return run;
  const text = `No worker that is online serves the queue ${routingKey}.`;
  return { ...run, flag: { kind: 'cannot_start', by: 'tardy', text } };
}

function objectIn(body: unknown, url: string) {
  if (isObject(body)) return body;
  throw shapeError(url);
}

function shapeError(url: string): SourceError {
  return new SourceError('shape', `${withoutQuery(url)} did not respond like Flower. Is this the URL of Flower?`);
}
