import type { Run } from '../../run.js';
import type { SourceAdapter } from '../descriptor.js';
import { isObject, withoutQuery, withSlash, type JsonObject } from '../reading/body.js';
import { DAGSTER_INSIDE, DAGSTER_RUN_FIELDS, dagsterRunToWire, seenInside } from './run.js';
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

/** Where Dagster's web server is; of Dagster+, with the deployment. */
export type DagsterConfig = { readonly url: string };

/** Dagster in short, for the registry of kinds. */
export const dagsterAdapter: SourceAdapter<DagsterConfig> = {
  create: dagsterSource,
  // Dagster's own server knows no tokens; this is how Dagster+ takes them.
  credentialHeaders: (token) => ({ 'dagster-cloud-api-token': token }),
  configFromUri: (rest) => ({ url: baseUrl(rest, 'dagster:https://host.example') }),
};

/** The statuses of a run that has ended. All others are active, also those that Dagster will think of tomorrow. */
export const DAGSTER_ENDED = ['SUCCESS', 'FAILURE', 'CANCELED'] as const;

/** What is asked for where a server does not tell which statuses it has. */
const ACTIVE = ['QUEUED', 'NOT_STARTED', 'MANAGED', 'STARTING', 'STARTED', 'CANCELING'];

const PAGE_SIZE = 200;

const VOCABULARY = 'query tardyStatuses { __type(name: "RunStatus") { enumValues { name } } }';

/** Runs come newest first; the cursor is the last run read, so that none is missed when others leave the list. */
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

/** Reads runs from Dagster's GraphQL API. It tells no heartbeat of a run: `updateTime` only moves with the status. */
export function dagsterSource(name: string, { url }: DagsterConfig): Source {
  const address = withSlash(url);
  const toWire = (row: JsonObject) => dagsterRunToWire(row, address);

  async function* list(query: SourceQuery, fetch: SourceFetch): AsyncGenerator<SourcePage, void> {
    yield* pages(await activeStatuses(fetch), Infinity, fetch);
    // After the active ones: a run that ends in between is then seen twice and not missed.
    if (query.activity !== 'active') yield* pages(DAGSTER_ENDED, endedLimit(query), fetch);
  }

  /** A server refuses a question that names a status unknown to it, and statuses come with its versions. */
  async function activeStatuses(fetch: SourceFetch): Promise<readonly string[]> {
    const type = dataIn(await fetch(ask(VOCABULARY, {})))['__type'];
    const values = isObject(type) && Array.isArray(type['enumValues']) ? type['enumValues'] : [];
    const names = values.flatMap((value) =>
      isObject(value) && typeof value['name'] === 'string' ? [value['name']] : [],
    );
    return names.length === 0 ? ACTIVE : names.filter((one) => !(DAGSTER_ENDED as readonly string[]).includes(one));
  }

  function pages(statuses: readonly string[], limit: number, fetch: SourceFetch): AsyncGenerator<SourcePage, void> {
    const variables = { filter: { statuses }, limit: Math.min(limit, PAGE_SIZE) };
    let read = 0;
    let least = Infinity;
    return readPages(ask(LIST, variables), fetch, (response) => {
      const { results, count } = memberIn(response, 'runsOrError', 'Runs');
      if (!Array.isArray(results) || typeof count !== 'number') throw noDagster(response);
      read += results.length;
      // Runs that begin while pages are read raise the count, and come too late for this list.
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
    return seenInside(run, dataIn(await fetch(ask(DAGSTER_INSIDE, { id: run.id }))));
  }

  function ask(query: string, variables: JsonObject): SourceRequest {
    return { url: `${address}graphql`, method: 'POST', body: { query, variables } };
  }

  return { name, kind: 'dagster', address, list, get, inspect };
}

/**
 * The data of an answer.
 *
 * @throws {SourceError} for one without, and for errors, which GraphQL sends with status 200.
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
  return new SourceError(code, `${withoutQuery(response.url)} answered with an error: ${reason}`);
}

function noDagster(response: SourceResponse): SourceError {
  return new SourceError('shape', `${withoutQuery(response.url)} sent no runs. Is this the URL of Dagster?`);
}
