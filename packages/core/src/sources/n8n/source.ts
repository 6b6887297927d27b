import type { Run } from '../../run.js';
import type { SourceAdapter } from '../descriptor.js';
import {
  encoded,
  isObject,
  isText,
  listOf,
  memberOf,
  numberField,
  queryText,
  textField,
  withoutQuery,
  withSlash,
} from '../reading/body.js';
import { backTo } from '../reading/back-to.js';
import { endedLimit } from '../reading/ended-limit.js';
import { N8N_STATUSES, n8nExecutionToWire, type ExecutionContext } from './execution.js';
import { withSubExecution } from './inspect.js';
import { readPages } from '../reading/read-pages.js';
import { readOneRow, readRows } from '../reading/read-rows.js';
import { activeStatuses, endedStatuses } from '../reading/vocabulary.js';
import {
  SourceError,
  type Source,
  type SourceFetch,
  type SourcePage,
  type SourceQuery,
  type SourceResponse,
} from '../source.js';
import { baseUrl } from '../reading/base-url.js';
import { strictSource } from '../reading/strict-source.js';
import { N8N_SHAPES } from './shapes.js';

/** The URL of n8n. */
export type N8nConfig = { readonly url: string };

/** n8n in short, for the registry of kinds. */
export const n8nAdapter: SourceAdapter<N8nConfig> = {
  create: n8nSource,
  credentialHeaders: (token) => ({ 'x-n8n-api-key': token }),
  configFromUri: (rest) => ({ url: baseUrl(rest, 'n8n:https://host.example') }),
};

const SYSTEM = "n8n's public API";

/** More is refused. */
const PAGE_SIZE = 250;
/** Each must be requested by name: a list without a status leaves running executions out. */
const ACTIVE = activeStatuses(N8N_STATUSES);
const ENDED = endedStatuses(N8N_STATUSES);

/** Statuses that versions before 2 have, but refuse to filter by. */
const MAYBE_REFUSED: readonly string[] = ['new', 'unknown', 'crashed'];

/** How many workflows are requested for their names while one page is read; other runs have the id of theirs as their type. */
const NAMES_PER_PAGE = 20;

/** Reads executions from the public API of n8n, which reports neither heartbeats nor workers. */
export function n8nSource(name: string, { url }: N8nConfig): Source {
  const address = withSlash(url);
  const base = `${address}api/v1/`;
  const workflowNames = new Map<string, string>();
  const workflowTimeouts = new Map<string, number>();
  const context: ExecutionContext = { pages: address, workflowNames, workflowTimeouts };

  async function* list(query: SourceQuery, fetch: SourceFetch): AsyncGenerator<SourcePage, void> {
    for (const status of ACTIVE) yield* pages(status, Infinity, fetch);
    // After the active ones: an execution that ends in between is then read twice and not missed.
    if (query.activity === 'active') return;
    const limit = endedLimit(query);
    for (const status of ENDED) yield* backTo(query, pages(status, limit, fetch));
  }

  async function* pages(status: string, limit: number, fetch: SourceFetch): AsyncGenerator<SourcePage, void> {
    const accept = MAYBE_REFUSED.includes(status) ? { accept: [400] } : {};
    const first = `${base}executions?${queryText([
      ['status', status],
      ['limit', Math.min(PAGE_SIZE, limit)],
    ])}`;
    let arrived = 0;
    let note: string | undefined;
    const rowsOf = readPages<readonly unknown[]>({ url: first, ...accept }, fetch, (response) => {
      if (response.status === 400) {
        refuseOtherThanFilter(response);
        if (status === 'new') note = 'This n8n does not list executions that wait in its queue: they are not seen.';
        return { page: [], next: undefined };
      }
      const rows = listOf(response, 'data', SYSTEM);
      arrived += rows.length;
      const cursor = textField(response.body, 'nextCursor', SYSTEM);
      if (cursor === undefined || arrived >= limit) return { page: rows, next: undefined };
      return { page: rows, next: { url: `${first}&${queryText([['cursor', cursor]])}` } };
    });
    for await (const rows of rowsOf) {
      await learnNames(rows, fetch);
      yield { ...readRows(rows, name, (row) => n8nExecutionToWire(row, context)), note };
    }
  }

  /** Executions name their workflow by its id alone. A key that may not read workflows is no error: the id then stands for it. */
  async function learnNames(rows: readonly unknown[], fetch: SourceFetch): Promise<void> {
    const ids = rows.flatMap((row) => {
      const id = isObject(row) ? row['workflowId'] : undefined;
      // A row with half of a surrogate pair is reported when it is read.
      return typeof id === 'string' && !/\p{Surrogate}/u.test(id) ? [id] : [];
    });
    const unknown = [...new Set(ids)].filter((id) => !workflowNames.has(id)).slice(0, NAMES_PER_PAGE);
    await Promise.all(
      unknown.map(async (id) => {
        const { status, body } = await fetch({
          url: `${base}workflows/${encodeURIComponent(id)}?excludePinnedData=true`,
          accept: [400, 401, 403, 404],
        });
        const known = status < 300 && isObject(body) && typeof body['name'] === 'string' ? body['name'] : id;
        workflowNames.set(id, known);
        // -1 is for none.
        const seconds = status < 300 ? (numberField(memberOf(body, 'settings'), 'executionTimeout', SYSTEM) ?? 0) : 0;
        if (seconds > 0) workflowTimeouts.set(id, seconds * 1000);
      }),
    );
  }

  async function get(id: string, fetch: SourceFetch): Promise<Run | undefined> {
    const response = await fetch({ url: `${base}executions/${encoded(id)}`, accept: [404] });
    if (response.status === 404) return undefined;
    await learnNames([response.body], fetch);
    return readOneRow(response.body, id, name, (row) => n8nExecutionToWire(row, context));
  }

  async function inspect(run: Run, fetch: SourceFetch): Promise<Run> {
    return run.native?.status === 'waiting' && run.hold === 'event' ? withSubExecution(run, base, fetch) : run;
  }

  return strictSource({ name, kind: 'n8n', address, list, get, inspect }, SYSTEM, N8N_SHAPES);
}

/**
 * Checks that an older n8n refused a status as a filter.
 *
 * @throws {SourceError} `shape` for any other bad request: it says nothing about executions.
 */
function refuseOtherThanFilter({ body, url }: SourceResponse): void {
  const message = isObject(body) ? body['message'] : undefined;
  if (isText(message) && message.includes('status')) return;
  throw new SourceError('shape', `${withoutQuery(url)} refused the request, and not because of its status.`);
}
