import type { Run } from '../../run.js';
import type { SourceAdapter } from '../descriptor.js';
import { isObject, listOf, queryText, withSlash } from '../reading/body.js';
import { endedLimit } from '../reading/ended-limit.js';
import { n8nExecutionToWire, type ExecutionContext } from './execution.js';
import { readPages } from '../reading/read-pages.js';
import { readOneRow, readRows } from '../reading/read-rows.js';
import type { Source, SourceFetch, SourcePage, SourceQuery } from '../source.js';
import { baseUrl } from '../reading/base-url.js';

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
/** In the order of life. Each must be asked for by name: a list without a status leaves running executions out. */
const ACTIVE = ['new', 'unknown', 'running', 'waiting'] as const;
const ENDED = ['success', 'error', 'crashed', 'canceled'] as const;

/** Statuses that versions before 2 have, but refuse to filter by. */
const MAYBE_REFUSED: readonly string[] = ['new', 'unknown', 'crashed'];

/** How many workflows are asked for their names while one page is read; runs of others are called by the id of theirs. */
const NAMES_PER_PAGE = 20;

/** Reads executions from the public API of n8n, which tells neither heartbeats nor workers. */
export function n8nSource(name: string, { url }: N8nConfig): Source {
  const address = withSlash(url);
  const base = `${address}api/v1/`;
  const workflowNames = new Map<string, string>();
  const context: ExecutionContext = { pages: address, workflowNames };

  async function* list(query: SourceQuery, fetch: SourceFetch): AsyncGenerator<SourcePage, void> {
    for (const status of ACTIVE) yield* pages(status, Infinity, fetch);
    // After the active ones: an execution that ends in between is then read twice and not missed.
    if (query.activity === 'active') return;
    const limit = endedLimit(query);
    for (const status of ENDED) yield* pages(status, limit, fetch);
  }

  async function* pages(status: string, limit: number, fetch: SourceFetch): AsyncGenerator<SourcePage, void> {
    const accept = MAYBE_REFUSED.includes(status) ? { accept: [400] } : {};
    const first = `${base}executions?${queryText([
      ['status', status],
      ['limit', Math.min(PAGE_SIZE, limit)],
    ])}`;
    let arrived = 0;
    const rowsOf = readPages<readonly unknown[]>({ url: first, ...accept }, fetch, (response) => {
      if (response.status === 400) return { page: [], next: undefined };
      const rows = listOf(response, 'data', SYSTEM);
      arrived += rows.length;
      const cursor = isObject(response.body) ? response.body['nextCursor'] : undefined;
      const more = typeof cursor === 'string' && cursor !== '' && arrived < limit;
      return { page: rows, next: more ? { url: `${first}&${queryText([['cursor', cursor]])}` } : undefined };
    });
    for await (const rows of rowsOf) {
      await learnNames(rows, fetch);
      yield readRows(rows, name, (row) => n8nExecutionToWire(row, context));
    }
  }

  /** Executions name their workflow by its id alone. A key that may not read workflows is no error: the id then stands for it. */
  async function learnNames(rows: readonly unknown[], fetch: SourceFetch): Promise<void> {
    const ids = rows.flatMap((row) =>
      isObject(row) && typeof row['workflowId'] === 'string' ? [row['workflowId']] : [],
    );
    const unknown = [...new Set(ids)].filter((id) => !workflowNames.has(id)).slice(0, NAMES_PER_PAGE);
    await Promise.all(
      unknown.map(async (id) => {
        const { status, body } = await fetch({
          url: `${base}workflows/${encodeURIComponent(id)}?excludePinnedData=true`,
          accept: [400, 401, 403, 404],
        });
        const known = status < 300 && isObject(body) && typeof body['name'] === 'string' ? body['name'] : id;
        workflowNames.set(id, known);
      }),
    );
  }

  async function get(id: string, fetch: SourceFetch): Promise<Run | undefined> {
    const response = await fetch({ url: `${base}executions/${encodeURIComponent(id)}`, accept: [404] });
    if (response.status === 404) return undefined;
    await learnNames([response.body], fetch);
    return readOneRow(response.body, id, name, (row) => n8nExecutionToWire(row, context));
  }

  return { name, kind: 'n8n', address, list, get };
}
