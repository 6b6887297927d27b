import { formatInstant } from '../../instant.js';
import type { Run } from '../../run.js';
import type { SourceAdapter } from '../descriptor.js';
import {
  isObject,
  listField,
  objectBody,
  objectsField,
  queryText,
  refuseError,
  textField,
  withoutQuery,
  withSlash,
  type JsonObject,
} from '../reading/body.js';
import { endedLimit } from '../reading/ended-limit.js';
import { readPages } from '../reading/read-pages.js';
import { nameFor } from '../reading/vocabulary.js';
import { readOneRow, readRows } from '../reading/read-rows.js';
import {
  SourceError,
  type Source,
  type SourceFetch,
  type SourcePage,
  type SourceQuery,
  type SourceResponse,
} from '../source.js';
import { withRateLimit } from './rate-limit.js';
import { childrenIn, wantedPollers, withChild, withDescription, withPollers } from './inside.js';
import { temporalWorkflowToWire } from './workflow.js';
import { baseUrl } from '../reading/base-url.js';
import { serverClock } from '../reading/wire-time.js';
import { strictSource } from '../reading/strict-source.js';
import { TEMPORAL_SHAPES } from './shapes.js';

/** The URL of Temporal's HTTP API; `namespace` defaults to `default`, `ui` is the URL of the web UI. */
export type TemporalConfig = {
  readonly url: string;
  readonly namespace?: string | undefined;
  readonly ui?: string | undefined;
};

/** Temporal, for the registry of kinds. */
export const temporalAdapter: SourceAdapter<TemporalConfig> = {
  create: temporalSource,
  credentialHeaders: (token) => ({ authorization: `Bearer ${token}` }),
  configFromUri: (rest) => {
    const url = baseUrl(rest, 'temporal:https://host.example:7243/namespaces/default');
    const [, before = '', namespace = ''] = /^(.*?)\/(?:api\/v1\/)?namespaces\/([^/]+)\/?$/.exec(url) ?? [];
    return before === '' ? { url } : { url: before, namespace: decodeURIComponent(namespace) };
  },
};

const SYSTEM = "Temporal's HTTP API";

/** The most that a server sends in one page unless it is configured otherwise. */
const PAGE_SIZE = 1000;

/** How many children of one execution are described. */
const MOST_CHILDREN = 3;

/** Reads workflow executions of one namespace. The list has no heartbeats; activities do, and `inspect` reads them. */
export function temporalSource(name: string, config: TemporalConfig): Source {
  const address = withSlash(config.url);
  const namespace = config.namespace ?? 'default';
  const base = `${address}api/v1/namespaces/${encodeURIComponent(namespace)}/`;
  const ui = config.ui === undefined ? undefined : withSlash(config.ui);
  const toWire = (response: SourceResponse) => {
    const context = { namespace, ui, now: serverClock(response) };
    return (row: JsonObject) => temporalWorkflowToWire(row, context);
  };

  async function* list(query: SourceQuery, fetch: SourceFetch): AsyncGenerator<SourcePage, void> {
    yield* pages('CloseTime IS NULL', Infinity, query, fetch);
    // Active runs first: a run that ends in between is then read twice and not missed.
    if (query.activity === 'active') return;
    const { endedSince } = query;
    const ended =
      endedSince === undefined ? 'CloseTime IS NOT NULL' : `CloseTime >= ${quoted(formatInstant(endedSince))}`;
    yield* pages(ended, endedLimit(query), query, fetch);
  }

  async function* pages(
    condition: string,
    limit: number,
    { type }: SourceQuery,
    fetch: SourceFetch,
  ): AsyncGenerator<SourcePage, void> {
    const ofType = type === undefined ? '' : ` AND WorkflowType = ${quoted(type)}`;
    const first = listing(`${condition}${ofType}`, Math.min(PAGE_SIZE, limit));
    let arrived = 0;
    const responses = readPages<SourceResponse>({ url: first }, fetch, (response) => {
      arrived += executionsIn(response).length;
      const token = textField(response.body, 'nextPageToken', SYSTEM);
      const more = token !== undefined && arrived < limit;
      return { page: response, next: more ? { url: `${first}&${queryText([['nextPageToken', token]])}` } : undefined };
    });
    for await (const response of responses) {
      const rows = executionsIn(response);
      // An empty list is an empty object, which any server may send.
      if (rows.length === 0) await expectNamespace(fetch);
      yield readRows(rows, name, toWire(response));
    }
  }

  function listing(query: string, pageSize: number): string {
    return `${base}workflows?${queryText([
      ['query', query],
      ['pageSize', pageSize],
    ])}`;
  }

  async function expectNamespace(fetch: SourceFetch): Promise<void> {
    // Requested twice if nothing runs and nothing ended: the transport refuses to repeat a request unless it bypasses caches.
    const { body } = await fetch({ url: base.slice(0, -1), headers: { 'cache-control': 'no-cache' } });
    if (!isObject(body) || !isObject(body['namespaceInfo'])) throw noTemporal(base.slice(0, -1));
  }

  /** The description of one execution; `undefined` if the server has none. */
  async function describe({ workflowId, runId }: Execution, fetch: SourceFetch): Promise<SourceResponse | undefined> {
    const url = `${base}workflows/${encodeURIComponent(workflowId)}?${queryText([['execution.runId', runId]])}`;
    const response = await fetch({ url, accept: [404] });
    return response.status === 404 ? undefined : response;
  }

  async function get(id: string, fetch: SourceFetch): Promise<Run | undefined> {
    const execution = executionOf(id);
    if (execution === undefined) return undefined;
    if (isAddressable(execution)) {
      const response = await describe(execution, fetch);
      return response === undefined ? undefined : readOneRow(infoIn(response), id, name, toWire(response));
    }
    const query = `WorkflowId = ${quoted(execution.workflowId)} AND RunId = ${quoted(execution.runId)}`;
    const response = await fetch({ url: listing(query, 1) });
    const [row] = executionsIn(response);
    return row === undefined ? undefined : readOneRow(row, id, name, toWire(response));
  }

  async function inspect(run: Run, fetch: SourceFetch): Promise<Run> {
    const execution = executionOf(run.id);
    if (run.status === 'completed' || execution === undefined || !isAddressable(execution)) return run;
    const response = await describe(execution, fetch);
    if (response === undefined) return run;
    // The list lags behind what is described here.
    const current = readOneRow(infoIn(response), run.id, name, toWire(response));
    if (current.id !== run.id)
      throw new SourceError('shape', `${SYSTEM} described another execution than ${nameFor(run.id)}.`);
    if (current.status !== 'running') return current;
    const body = objectBody(response, SYSTEM);
    const seen = withDescription(current, body, serverClock(response));
    if (seen.hold === 'dependency') return withChildren(seen, childrenIn(body), fetch);
    const wanted = wantedPollers(seen, body);
    if (wanted === undefined) return seen;
    const polled = await fetch({
      url: `${base}task-queues/${encodeURIComponent(wanted.queue)}?${queryText([
        ['taskQueueType', `TASK_QUEUE_TYPE_${wanted.kind}`],
        ['reportConfig', 'true'],
        ['reportStats', 'true'],
      ])}`,
      accept: [403, 404],
    });
    if (polled.status >= 400) return seen;
    refuseError(polled.body, polled);
    // The server leaves an empty list out.
    const pollers = objectsField(polled.body, 'pollers', SYSTEM);
    const lost = withPollers(seen, wanted, pollers, serverClock(polled));
    return lost === seen ? withRateLimit(seen, wanted, polled.body) : lost;
  }

  /** One of another namespace, or one that Temporal no longer keeps, cannot be described and decides nothing. */
  async function withChildren(run: Run, children: readonly JsonObject[], fetch: SourceFetch): Promise<Run> {
    for (const child of children.slice(0, MOST_CHILDREN)) {
      const { workflowId, runId } = child;
      const execution = executionOf(`${String(workflowId)}/${String(runId)}`);
      const response = execution && isAddressable(execution) ? await describe(execution, fetch) : undefined;
      if (response === undefined) continue;
      const seen = readOneRow(infoIn(response), String(workflowId), name, toWire(response));
      if (seen.id !== `${String(workflowId)}/${String(runId)}`) {
        throw new SourceError(
          'shape',
          `${SYSTEM} described ${nameFor(seen.id)} instead of the child ${nameFor(workflowId)}.`,
        );
      }
      const flagged = withChild(run, seen, serverClock(response));
      if (flagged.flag !== undefined) return flagged;
    }
    return run;
  }

  return strictSource({ name, kind: 'temporal', address, list, get, inspect }, SYSTEM, TEMPORAL_SHAPES);
}

type Execution = { readonly workflowId: string; readonly runId: string };

/** A workflow id may hold slashes; the id of an execution, a UUID, does not. */
function executionOf(id: string): Execution | undefined {
  const slash = id.lastIndexOf('/');
  const runId = id.slice(slash + 1);
  return slash > 0 && /^[\da-f-]{36}$/i.test(runId) ? { workflowId: id.slice(0, slash), runId } : undefined;
}

/** Temporal's HTTP API finds no path for an id with a slash in it, however that is written. */
function isAddressable({ workflowId }: Execution): boolean {
  return !workflowId.includes('/');
}

/** A text in a list filter. */
function quoted(text: string): string {
  return `"${text.replaceAll(/[\\"]/g, String.raw`\$&`)}"`;
}

function executionsIn({ body, url }: SourceResponse): readonly unknown[] {
  if (!isObject(body)) throw noTemporal(url);
  refuseError(body, { url });
  return listField(body, 'executions', SYSTEM) ?? [];
}

function infoIn({ body, url }: SourceResponse): JsonObject {
  const info = isObject(body) ? body['workflowExecutionInfo'] : undefined;
  if (isObject(info)) return info;
  throw noTemporal(url);
}

function noTemporal(url: string): SourceError {
  return new SourceError('shape', `${withoutQuery(url)} does not respond like ${SYSTEM}. Is this its URL?`);
}
