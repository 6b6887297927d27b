import type { Run } from '../../run.js';
import type { SourceAdapter } from '../descriptor.js';
import { activeStatuses, endedStatuses } from '../reading/vocabulary.js';
import {
  countField,
  isObject,
  listField,
  objectField,
  textField,
  withSlash,
  type JsonObject,
} from '../reading/body.js';
import { DistinctRows } from '../reading/distinct-rows.js';
import { DAGSTER_AT_WORK, dataIn, memberIn, noDagster, refusal, SYSTEM } from './api.js';
import { DAGSTER_INSIDE, rowsIn, withFailedStep, withQueue, withSteps } from './inside.js';
import {
  DAGSTER_HOLDERS,
  DAGSTER_POOLED_RUNS,
  DAGSTER_POOLS,
  poolsIn,
  queuedBehindPool,
  withSlots,
  type Pools,
} from './pools.js';
import { DAGSTER_LOCATIONS, lostLocation } from './location.js';
import { DAGSTER_EVENTS, withBackoff } from './retries.js';
import { DAGSTER_RUN_FIELDS, DAGSTER_STATUSES, dagsterRunToWire, tagsOf } from './run.js';
import { longestRun, type Tags } from './limits.js';
import { backTo } from '../reading/back-to.js';
import { endedLimit } from '../reading/ended-limit.js';
import { readPages } from '../reading/read-pages.js';
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
import { strictSource } from '../reading/strict-source.js';
import { DAGSTER_SHAPES } from './shapes.js';

/** The URL of Dagster's web server; for Dagster+, including the deployment. */
export type DagsterConfig = { readonly url: string };

/** Dagster, for the registry of kinds. */
export const dagsterAdapter: SourceAdapter<DagsterConfig> = {
  create: dagsterSource,
  // Dagster's own server has no tokens; this is the header of Dagster+.
  credentialHeaders: (token) => ({ 'dagster-cloud-api-token': token }),
  configFromUri: (rest) => ({ url: baseUrl(rest, 'dagster:https://host.example') }),
};

/** All other statuses are active, including future ones. */
const ENDED = endedStatuses(DAGSTER_STATUSES);

/** What is requested from a server that does not list its statuses. Older servers refuse `SUSPENDED`. */
const ACTIVE = activeStatuses(DAGSTER_STATUSES).filter((status) => status !== 'SUSPENDED');

const PAGE_SIZE = 200;

/** Events of a run in one page. */
const EVENTS = 1000;

const VOCABULARY = 'query tardyStatuses { __type(name: "RunStatus") { enumValues { name } } }';

/** Runs come newest first. The cursor is the last run read, so that none is missed when others leave the list. */
const LIST = `query tardyRuns($filter: RunsFilter!, $cursor: String, $limit: Int!) {
  runsOrError(filter: $filter, cursor: $cursor, limit: $limit) {
    __typename
    ... on Runs { count results { ${DAGSTER_RUN_FIELDS} } }
    ... on Error { message }
  }
}`;

const ONE = `query tardyRun($id: ID!) {
  runOrError(runId: $id) { __typename ... on Run { ${DAGSTER_RUN_FIELDS} } ... on Error { message } }
}`;

/** Reads runs from Dagster's GraphQL API. It has no heartbeat of a run: `updateTime` only moves with the status. */
export function dagsterSource(name: string, { url }: DagsterConfig): Source {
  const address = withSlash(url);
  /** The tags of queued runs, which limits go by. A run of ours has only some of them, as labels. */
  const queuedTags = new Map<unknown, Tags>();
  const queues = new WeakMap<SourceFetch, Promise<JsonObject>>();
  const toWire = (row: JsonObject) => {
    if (row['status'] === 'QUEUED') queuedTags.set(row['runId'], tagsOf(row));
    return dagsterRunToWire(row, address);
  };

  async function* list(query: SourceQuery, fetch: SourceFetch): AsyncGenerator<SourcePage, void> {
    yield* pages(await readActiveStatuses(fetch), Infinity, fetch);
    // Active runs first: a run that ends in between is then read twice and not missed.
    if (query.activity !== 'active') yield* backTo(query, pages(ENDED, endedLimit(query), fetch));
  }

  /** A server refuses a query that names an unknown status, and its version decides which it knows. */
  async function readActiveStatuses(fetch: SourceFetch): Promise<readonly string[]> {
    const response = await fetch(ask(VOCABULARY, {}));
    const type = objectField(dataIn(response), '__type', SYSTEM) ?? {};
    // A status that is left out is not requested, and its runs are missing.
    const names = (listField(type, 'enumValues', SYSTEM) ?? []).map((value) => textField(value, 'name', SYSTEM) ?? '');
    if (names.includes('')) throw noDagster(response);
    return names.length === 0 ? ACTIVE : names.filter((one) => !ENDED.includes(one));
  }

  function pages(statuses: readonly string[], limit: number, fetch: SourceFetch): AsyncGenerator<SourcePage, void> {
    const variables = { filter: { statuses }, limit: Math.min(limit, PAGE_SIZE) };
    const seen = new DistinctRows<unknown>((row) => (isObject(row) ? row['runId'] : undefined));
    let least = Infinity;
    return readPages(ask(LIST, variables), fetch, (response) => {
      const { results, count } = memberIn(response, 'runsOrError', 'Runs');
      if (!Array.isArray(results) || typeof count !== 'number') throw noDagster(response);
      seen.add(results);
      // Runs that start while pages are read raise the count and come too late for this list.
      least = Math.min(least, count);
      const last: unknown = results.at(-1);
      const cursor = isObject(last) ? last['runId'] : undefined;
      const done = results.length === 0 || seen.size >= Math.min(limit, count);
      const next = done || typeof cursor !== 'string' ? undefined : ask(LIST, { ...variables, cursor });
      const incomplete =
        next === undefined && seen.size < Math.min(limit, least)
          ? `Dagster counts ${least} runs and sent ${seen.size}.`
          : undefined;
      return { page: { ...readRows(results, name, toWire), incomplete }, next };
    });
  }

  async function get(id: string, fetch: SourceFetch): Promise<Run | undefined> {
    const response = await fetch(ask(ONE, { id }));
    const answer = dataIn(response)['runOrError'];
    if (isObject(answer) && answer['__typename'] === 'RunNotFoundError') return undefined;
    return readOneRow(memberIn(response, 'runOrError', 'Run'), id, name, toWire);
  }

  async function inspect(run: Run, fetch: SourceFetch): Promise<Run> {
    if (run.status === 'completed' || run.hold !== undefined) return run;
    // A run that is starting has left the queue.
    if (run.native?.status === 'STARTING') return run;
    if (run.status === 'queued') return inspectQueued(run, fetch);
    const response = await fetch(ask(DAGSTER_INSIDE, { id: run.id }));
    const inside = insideIn(response);
    const { run: seen, isIdle, failed, retried } = withSteps(await withDeadline(run, inside), inside);
    if (retried.length > 0) return withBackoff(seen, retried, (cursor) => readEvents(run.id, cursor, fetch));
    if (!isIdle || seen.flag !== undefined) return seen;
    const waiting = await withSlots(seen, await readPools(fetch), (ids) => readStatuses(ids, fetch), isEnded);
    return waiting === seen && failed !== undefined ? withFailedStep(seen, failed) : waiting;
  }

  async function inspectQueued(run: Run, fetch: SourceFetch): Promise<Run> {
    const tags = queuedTags.get(run.id) ?? new Map<string, string>();
    const atWork = () => readAll(LIST, { statuses: DAGSTER_AT_WORK }, fetch);
    const seen = await withQueue(run, await readQueue(run, fetch), tags, atWork);
    if (seen !== run) return seen;
    const pools = await readPools(fetch);
    if (pools.all.length > 0) {
      const active = { statuses: ['QUEUED', ...DAGSTER_AT_WORK] };
      const behind = queuedBehindPool(run, pools, await readAll(DAGSTER_POOLED_RUNS, active, fetch));
      if (behind !== run) return behind;
    }
    const locations = await optional(DAGSTER_LOCATIONS, {}, fetch);
    const flag = locations === undefined ? undefined : lostLocation(run.workspace?.id, locations);
    return flag === undefined ? run : { ...run, flag };
  }

  function readEvents(id: string, cursor: string | undefined, fetch: SourceFetch): Promise<JsonObject | undefined> {
    return optional(DAGSTER_EVENTS, { id, limit: EVENTS, ...(cursor === undefined ? {} : { cursor }) }, fetch);
  }

  /** The data of a query that other versions refuse, or that a proxy does not let through; `undefined` then. */
  async function optional(query: string, variables: JsonObject, fetch: SourceFetch): Promise<JsonObject | undefined> {
    const response = await fetch({ ...ask(query, variables), accept: [400, 403, 404] });
    return response.status >= 400 ? undefined : dataIn(response);
  }

  /** The queue is the same for all queued runs of one look, so one of them is enough to read it. */
  function readQueue(run: Run, fetch: SourceFetch): Promise<JsonObject> {
    const known = queues.get(fetch);
    if (known !== undefined) return known;
    const reading = fetch(ask(DAGSTER_INSIDE, { id: run.id })).then(insideIn);
    queues.set(fetch, reading);
    return reading;
  }

  /** The pools; none of an older server, which refuses the query. */
  async function readPools(fetch: SourceFetch): Promise<Pools> {
    const data = await optional(DAGSTER_POOLS, {}, fetch);
    return data === undefined ? { perRun: false, all: [] } : poolsIn(data);
  }

  async function readStatuses(runIds: readonly string[], fetch: SourceFetch): Promise<ReadonlyMap<string, unknown>> {
    const rows = await readAll(DAGSTER_HOLDERS, { runIds }, fetch);
    return new Map(rows.map((row) => [String(row['runId']), row['status']]));
  }

  /**
   * All rows that a query finds.
   *
   * @throws {SourceError} if not all of them arrived.
   */
  async function readAll(query: string, filter: JsonObject, fetch: SourceFetch): Promise<readonly JsonObject[]> {
    const seen = new DistinctRows(({ runId }) => runId);
    let last: unknown;
    for (;;) {
      const cursor = typeof last === 'string' ? { cursor: last } : {};
      const page = memberIn(await fetch(ask(query, { filter, limit: PAGE_SIZE, ...cursor })), 'runsOrError', 'Runs');
      const results = rowsIn(page, 'results');
      const added = seen.add(results);
      if (seen.size >= (countField(page, 'count', SYSTEM) ?? Infinity)) return seen.rows;
      if (added === 0) throw new SourceError('shape', `${SYSTEM} sent ${seen.size} runs, and counts more.`);
      last = results.at(-1)?.['runId'];
    }
  }

  function ask(query: string, variables: JsonObject): SourceRequest {
    return { url: `${address}graphql`, method: 'POST', body: { query, variables } };
  }

  return strictSource({ name, kind: 'dagster', address, list, get, inspect }, SYSTEM, DAGSTER_SHAPES);
}

/** The run with the instant at which Dagster ends it itself. A tag of the run counts more than what is set for all. */
async function withDeadline(run: Run, inside: JsonObject): Promise<Run> {
  if (run.deadlineAt !== undefined || run.startedAt === undefined) return run;
  const longest = await longestRun(objectField(inside, 'instance', SYSTEM)?.['info']);
  return longest === undefined ? run : { ...run, deadlineAt: run.startedAt + longest * 1000 };
}

function isEnded(status: unknown): boolean {
  return typeof status === 'string' && ENDED.includes(status);
}

/** The response to `DAGSTER_INSIDE`. A run that Dagster no longer has shows nothing; any other error is one. */
function insideIn(response: SourceResponse): JsonObject {
  const data = dataIn(response);
  const type = objectField(data, 'runOrError', SYSTEM)?.['__typename'];
  if (type === undefined || type === 'Run' || type === 'RunNotFoundError') return data;
  throw refusal(response, data['runOrError']);
}
