import type { Instant, Run } from '../../run.js';
import type { SourceAdapter } from '../descriptor.js';
import { basicOrBearer } from '../reading/basic-or-bearer.js';
import {
  booleanField,
  countField,
  encoded,
  isObject,
  listField,
  listOf,
  objectField,
  queryText,
  withoutQuery,
  withSlash,
  type JsonObject,
} from '../reading/body.js';
import {
  BULLBOARD_ENDED,
  bullboardJobToWire,
  bullboardRunId,
  haveChildrenFailed,
  statesWithJobs,
  withoutWorker,
  type QueueContext,
  type QueueLimit,
} from './job.js';
import { parentWithChildren, sinceActivity, timesOf } from './inspect.js';
import { backTo } from '../reading/back-to.js';
import { endedLimit } from '../reading/ended-limit.js';
import { readCounted } from '../reading/read-counted.js';
import { readOneRow, readRows } from '../reading/read-rows.js';
import {
  SourceError,
  type Source,
  type SourceFetch,
  type SourcePage,
  type SourceQuery,
  type SourceRequest,
  type SourceResponse,
} from '../source.js';
import { baseUrl } from '../reading/base-url.js';
import { serverClock } from '../reading/wire-time.js';
import { strictSource } from '../reading/strict-source.js';
import { BULLBOARD_SHAPES } from './shapes.js';

/** The URL that a bull-board is mounted at. `queues` limits what is read; `tenant` names the field of a job's data that names its tenant. */
export type BullboardConfig = {
  readonly url: string;
  readonly queues?: readonly string[] | undefined;
  readonly tenant?: string | undefined;
};

/** BullMQ through bull-board, for the registry of kinds. */
export const bullboardAdapter: SourceAdapter<BullboardConfig> = {
  create: bullboardSource,
  // bull-board has no login of its own: a proxy in front of it takes a password or a token.
  credentialHeaders: basicOrBearer,
  configFromUri: (rest) => ({ url: baseUrl(rest, 'bullboard:https://host.example/admin/queues') }),
};

const SYSTEM = 'a bull-board';
const PAGE_SIZE = 100;

type QueueFacts = { readonly context: QueueContext; readonly counts: JsonObject };

/** Reads the jobs of the queues that a bull-board shows. BullMQ reports no heartbeat of a job, but whether a queue has workers. */
export function bullboardSource(name: string, { url, queues, tenant }: BullboardConfig): Source {
  const address = withSlash(url);
  const board = address;
  const base = `${address}api/queues`;

  async function* list(query: SourceQuery, fetch: SourceFetch): AsyncGenerator<SourcePage, void> {
    const all = await readQueues(fetch);
    // In the order of a job's life: a job that moves on meanwhile is read twice and not missed.
    for (const { context, counts } of all) {
      for (const state of statesWithJobs(counts)) {
        if (!BULLBOARD_ENDED.includes(state)) yield* pages(context, state, Infinity, fetch);
        else if (query.activity !== 'active') {
          yield* backTo(query, pages(context, state, endedLimit(query), fetch));
        }
      }
    }
    const missing = queues?.filter((queue) => !all.some(({ context }) => context.queue === queue)) ?? [];
    // A page shows that there was a response, even if no queue holds a job.
    yield {
      runs: [],
      issues: [],
      incomplete: missing.length === 0 ? undefined : `The board shows no queue ${missing.join(', ')}.`,
    };
  }

  async function* pages(
    context: QueueContext,
    state: string,
    limit: number,
    fetch: SourceFetch,
  ): AsyncGenerator<SourcePage, void> {
    const size = Math.min(PAGE_SIZE, limit);
    const rowsOf = readCounted(
      {
        system: 'bull-board',
        limit,
        request: (page) => jobsRequest(context.queue, state, page, size),
        read: (response) => {
          const queue = queuesIn(response.body, response.url).find((one) => one['name'] === context.queue);
          if (queue === undefined) throw shapeError(response.url);
          const count = countField(countsOf(queue, response.url), state, SYSTEM);
          return { rows: listField(queue, 'jobs', SYSTEM) ?? [], total: count ?? 0, idOf };
        },
      },
      fetch,
    );
    for await (const { rows, incomplete } of rowsOf) {
      yield { ...readRows(rows, name, (job) => bullboardJobToWire(job, state, context)), incomplete };
    }
  }

  /** Without a queue in the query, the board describes all queues and sends no jobs. */
  async function readQueues(fetch: SourceFetch): Promise<readonly QueueFacts[]> {
    const response = await fetch({ url: base });
    listOf(response, 'queues', SYSTEM);
    const all = queuesIn(response.body, response.url);
    const childrenFailed = haveChildrenFailed(all.map((queue) => countsOf(queue, response.url)));
    return all.flatMap((queue) => {
      const queueName = queue['name'];
      if (typeof queueName !== 'string') throw shapeError(response.url);
      if (queues?.includes(queueName) === false) return [];
      const context = {
        queue: queueName,
        isPaused: booleanField(queue, 'isPaused', SYSTEM) ?? false,
        limit: limitOf(queue, response),
        hasWorkers: booleanField(queue, 'hasWorkers', SYSTEM),
        board,
        tenant,
        childrenFailed,
      };
      return [{ context, counts: countsOf(queue, response.url) }];
    });
  }

  /** Looks at the children of a parent, and at what last happened in a queue that seems to have no worker. */
  async function inspect(run: Run, fetch: SourceFetch): Promise<Run> {
    const slash = run.id.indexOf('/');
    const queue = run.labels['queue'];
    if (queue === undefined || slash <= 0) return run;
    if (run.native?.status === 'waiting-children') {
      const job = run.id.slice(slash + 1);
      const search = queryText([
        ['root', 'node'],
        ['depth', 20],
        ['maxChildren', 1000],
      ]);
      // Older boards have no flows.
      const url = `${base}/${run.id.slice(0, slash)}/${encoded(job)}/flow?${search}`;
      const response = await fetch({ url, accept: [404] });
      return response.status === 404 ? run : parentWithChildren(run, response.body, queue, job);
    }
    if (run.native?.status === 'delayed' && run.hold !== 'paused') return inspectDelayed(run, queue, fetch);
    if (run.flag === undefined || run.flag.since !== undefined) return run;
    return { ...run, flag: sinceActivity(run.flag, run, await activityOf(queue, fetch)) };
  }

  /** Only workers move a delayed job on when its time has come. All delayed jobs make the same request. */
  async function inspectDelayed(run: Run, queue: string, fetch: SourceFetch): Promise<Run> {
    const response = await fetch({ url: base });
    const now = serverClock(response);
    const found = queuesIn(response.body, response.url).find((one) => one['name'] === queue);
    if (now === undefined || run.notBefore === undefined || run.notBefore > now) return run;
    if (booleanField(found, 'hasWorkers', SYSTEM) !== false) return run;
    return { ...run, flag: { kind: 'cannot_start', by: 'source', text: withoutWorker(queue), since: run.notBefore } };
  }

  /** When jobs of the queue last started and ended: the newest of each state, on the first page. */
  async function activityOf(queue: string, fetch: SourceFetch): Promise<readonly Instant[]> {
    const responses = await Promise.all(
      // What a proxy does not let through decides nothing.
      ['active', ...BULLBOARD_ENDED].map((state) =>
        fetch({ ...jobsRequest(queue, state, 0, PAGE_SIZE), accept: [403, 404] }),
      ),
    );
    return responses.flatMap(({ status, body, url: from }) => {
      if (status >= 400) return [];
      const found = queuesIn(body, from).find((one) => one['name'] === queue) ?? {};
      return timesOf(listField(found, 'jobs', SYSTEM) ?? []);
    });
  }

  function jobsRequest(queue: string, state: string, page: number, size: number): SourceRequest {
    // The board decodes the name a second time.
    const search = queryText([
      ['activeQueue', encoded(queue)],
      ['status', state],
      ['page', page + 1],
      ['jobsPerPage', size],
    ]);
    return { url: `${base}?${search}` };
  }

  async function get(id: string, fetch: SourceFetch): Promise<Run | undefined> {
    const slash = id.indexOf('/');
    if (slash <= 0) return undefined;
    const [queue, job] = [id.slice(0, slash), id.slice(slash + 1)];
    const response = await fetch({ url: `${base}/${queue}/${encoded(job)}`, accept: [404] });
    if (response.status === 404) return undefined;
    const { body } = response;
    if (!isObject(body) || typeof body['status'] !== 'string') throw shapeError(response.url);
    const state = body['status'];
    const facts = await readQueues(fetch);
    const found = facts.find(({ context }) => bullboardRunId(context.queue, job) === id);
    if (found === undefined) return undefined;
    return readOneRow(body['job'], id, name, (row) => bullboardJobToWire(row, state, found.context));
  }

  return strictSource({ name, kind: 'bullboard', address, list, get, inspect }, SYSTEM, BULLBOARD_SHAPES);
}

function queuesIn(body: unknown, url: string): readonly JsonObject[] {
  const queues = isObject(body) ? body['queues'] : undefined;
  if (Array.isArray(queues) && queues.every(isObject)) return queues;
  throw shapeError(url);
}

/** The jobs of a queue by state. Every Bull and BullMQ counts these three; without them, "no jobs" would be a guess. */
function countsOf(queue: JsonObject, url: string): JsonObject {
  const counts = objectField(queue, 'counts', SYSTEM) ?? {};
  const names = new Set([...Object.keys(counts), 'active', 'waiting', 'delayed']);
  for (const name of names) if (countField(counts, name, SYSTEM) === undefined) throw shapeError(url);
  return counts;
}

/** The limit that keeps the waiting jobs of a queue from starting, if it is reached. */
function limitOf(queue: JsonObject, response: SourceResponse): QueueLimit | undefined {
  // Milliseconds; Redis says -1 or -2 where there is none.
  const rest = queue['activeRateLimitTtl'] ?? 0;
  if (typeof rest !== 'number') throw shapeError(response.url);
  const clock = serverClock(response);
  if (rest > 0) return { kind: 'rate limit', ...(clock === undefined ? {} : { until: new Date(clock + rest) }) };
  const most = countField(queue, 'globalConcurrency', SYSTEM) ?? 0;
  const active = countField(countsOf(queue, response.url), 'active', SYSTEM) ?? 0;
  return most > 0 && active >= most ? { kind: 'concurrency limit', name: String(most) } : undefined;
}

function idOf(job: unknown): string | undefined {
  const id = isObject(job) ? job['id'] : undefined;
  return typeof id === 'string' ? id : undefined;
}

function shapeError(url: string): SourceError {
  return new SourceError('shape', `${withoutQuery(url)} sent what ${SYSTEM} does not. Is this the URL of one?`);
}
