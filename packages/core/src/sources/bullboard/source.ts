import type { Run } from '../../run.js';
import type { SourceAdapter } from '../descriptor.js';
import { basicOrBearer } from '../reading/basic-or-bearer.js';
import {
  countField,
  isObject,
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
  type QueueContext,
} from './job.js';
import { endedLimit } from '../reading/ended-limit.js';
import { readCounted } from '../reading/read-counted.js';
import { readOneRow, readRows } from '../reading/read-rows.js';
import { SourceError, type Source, type SourceFetch, type SourcePage, type SourceQuery } from '../source.js';
import { baseUrl } from '../reading/base-url.js';

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
        else if (query.activity !== 'active') yield* pages(context, state, endedLimit(query), fetch);
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
        request: (page) => ({
          // The board decodes the name a second time.
          url: `${base}?${queryText([
            ['activeQueue', encodeURIComponent(context.queue)],
            ['status', state],
            ['page', page + 1],
            ['jobsPerPage', size],
          ])}`,
        }),
        read: (response) => {
          const queue = queuesIn(response.body, response.url).find((one) => one['name'] === context.queue);
          const jobs = queue?.['jobs'] ?? [];
          const count = countsOf(queue ?? {}, response.url)[state] ?? 0;
          if (!Array.isArray(jobs) || typeof count !== 'number') throw shapeError(response.url);
          return { rows: jobs, total: count, idOf: idOf };
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
      const { hasWorkers } = queue;
      const context = {
        queue: queueName,
        isPaused: queue['isPaused'] === true,
        hasWorkers: typeof hasWorkers === 'boolean' ? hasWorkers : undefined,
        board,
        tenant,
        childrenFailed,
      };
      return [{ context, counts: countsOf(queue, response.url) }];
    });
  }

  async function get(id: string, fetch: SourceFetch): Promise<Run | undefined> {
    const slash = id.indexOf('/');
    if (slash <= 0) return undefined;
    const [queue, job] = [id.slice(0, slash), id.slice(slash + 1)];
    const response = await fetch({ url: `${base}/${queue}/${encodeURIComponent(job)}`, accept: [404] });
    if (response.status === 404) return undefined;
    const { body } = response;
    if (!isObject(body) || typeof body['status'] !== 'string') throw shapeError(response.url);
    const state = body['status'];
    const facts = await readQueues(fetch);
    const found = facts.find(({ context }) => bullboardRunId(context.queue, job) === id);
    if (found === undefined) return undefined;
    return readOneRow(body['job'], id, name, (row) => bullboardJobToWire(row, state, found.context));
  }

  return { name, kind: 'bullboard', address, list, get };
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

function idOf(job: unknown): string | undefined {
  const id = isObject(job) ? job['id'] : undefined;
  return typeof id === 'string' ? id : undefined;
}

function shapeError(url: string): SourceError {
  return new SourceError('shape', `${withoutQuery(url)} sent what ${SYSTEM} does not. Is this the URL of one?`);
}
