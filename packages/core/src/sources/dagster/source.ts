import type { Run } from '../../run.js';
import type { SourceAdapter } from '../descriptor.js';
import { activeStatuses, endedStatuses } from '../reading/vocabulary.js';
import {
  isObject,
  listField,
  objectField,
  textField,
  withoutQuery,
  withSlash,
  type JsonObject,
} from '../reading/body.js';
import {
  DAGSTER_AT_WORK,
  DAGSTER_INSIDE,
  DAGSTER_RUN_FIELDS,
  DAGSTER_STATUSES,
  dagsterRunToWire,
  tagsOf,
  withQueue,
  withSteps,
} from './run.js';
import type { Tags } from './limits.js';
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

const SYSTEM = 'Dagster';

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
    if (query.activity !== 'active') yield* pages(ENDED, endedLimit(query), fetch);
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
    let read = 0;
    let least = Infinity;
    return readPages(ask(LIST, variables), fetch, (response) => {
      const { results, count } = memberIn(response, 'runsOrError', 'Runs');
      if (!Array.isArray(results) || typeof count !== 'number') throw noDagster(response);
      read += results.length;
      // Runs that start while pages are read raise the count and come too late for this list.
      least = Math.min(least, count);
      const last: unknown = results.at(-1);
      const cursor = isObject(last) ? last['runId'] : undefined;
      const done = results.length === 0 || read >= Math.min(limit, count);
      const next = done || typeof cursor !== 'string' ? undefined : ask(LIST, { ...variables, cursor });
      const incomplete =
        next === undefined && read < Math.min(limit, least)
          ? `Dagster counts ${least} runs and sent ${read}.`
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
    if (run.status !== 'queued') return withSteps(run, dataIn(await fetch(ask(DAGSTER_INSIDE, { id: run.id }))));
    return withQueue(run, await readQueue(run, fetch), queuedTags.get(run.id) ?? new Map(), () => readAtWork(fetch));
  }

  /** The queue is the same for all queued runs of one look, so one of them is enough to read it. */
  function readQueue(run: Run, fetch: SourceFetch): Promise<JsonObject> {
    const known = queues.get(fetch);
    if (known !== undefined) return known;
    const reading = fetch(ask(DAGSTER_INSIDE, { id: run.id })).then(dataIn);
    queues.set(fetch, reading);
    return reading;
  }

  /** The first page of the runs at work: no limit on tags is as large as a page. */
  async function readAtWork(fetch: SourceFetch): Promise<readonly JsonObject[]> {
    const variables = { filter: { statuses: DAGSTER_AT_WORK }, limit: PAGE_SIZE };
    const { results } = memberIn(await fetch(ask(LIST, variables)), 'runsOrError', 'Runs');
    return Array.isArray(results) ? results.filter(isObject) : [];
  }

  function ask(query: string, variables: JsonObject): SourceRequest {
    return { url: `${address}graphql`, method: 'POST', body: { query, variables } };
  }

  return { name, kind: 'dagster', address, list, get, inspect };
}

/**
 * The data of a response.
 *
 * @throws {SourceError} if there is none, and for errors, which GraphQL sends with status 200.
 */
function dataIn(response: SourceResponse): JsonObject {
  const { body } = response;
  const errors = isObject(body) ? body['errors'] : undefined;
  if (Array.isArray(errors) && errors.length > 0) throw refusal(response, errors[0]);
  const data = isObject(body) ? body['data'] : undefined;
  if (!isObject(data)) throw noDagster(response);
  return data;
}

/** A member of a union; Dagster sends its errors as data, too. */
function memberIn(response: SourceResponse, name: string, type: string): JsonObject {
  const member = dataIn(response)[name];
  if (!isObject(member)) throw noDagster(response);
  if (member['__typename'] === type) return member;
  throw refusal(response, member);
}

const LONGEST_REASON = 300;

function refusal(response: SourceResponse, error: unknown): SourceError {
  const { message, __typename: type } = isObject(error) ? error : {};
  const reason = typeof message === 'string' ? message.slice(0, LONGEST_REASON) : 'no reason given';
  const code = type === 'UnauthorizedError' ? 'forbidden' : 'http';
  return new SourceError(code, `${withoutQuery(response.url)} responded with an error: ${reason}`);
}

function noDagster(response: SourceResponse): SourceError {
  return new SourceError('shape', `${withoutQuery(response.url)} sent no runs. Is this the URL of Dagster?`);
}
