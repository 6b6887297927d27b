import { formatInstant } from '../../instant.js';
import type { PolicyDocument } from '../../policy-document.js';
import type { Run } from '../../run.js';
import { parseRun } from '../../wire.js';
import type { SourceAdapter } from '../descriptor.js';
import {
  encoded,
  isObject,
  listOf,
  queryText,
  refuseError,
  withoutQuery,
  withSlash,
  type JsonObject,
} from '../reading/body.js';
import { backTo } from '../reading/back-to.js';
import { endedLimit } from '../reading/ended-limit.js';
import { readPages } from '../reading/read-pages.js';
import { readRunPage } from '../reading/run-page.js';
import {
  SourceError,
  type RunVersion,
  type Source,
  type SourceFetch,
  type SourcePage,
  type SourceQuery,
  type SourceRequest,
} from '../source.js';
import { baseUrl } from '../reading/base-url.js';

/** Where a host serves the run API: the URL that `/runs` and `/policy` are below. */
export type RunsConfig = { readonly url: string };

/** The run API in short, for the registry of kinds. */
export const runsAdapter: SourceAdapter<RunsConfig> = {
  create: runsSource,
  credentialHeaders: (token) => ({ authorization: `Bearer ${token}` }),
  configFromUri: (rest) => ({ url: baseUrl(rest, 'runs:https://host.example/api') }),
};

const PAGE_SIZE = 500;

/**
 * Reads a host by the run API. A row's own `source` wins over `name`, since a host may serve the runs of several systems and
 * every surface must match policy rules by the same name.
 */
export function runsSource(name: string, { url }: RunsConfig): Source {
  const address = withSlash(url);

  async function* list(query: SourceQuery, fetch: SourceFetch): AsyncGenerator<SourcePage, void> {
    if (query.activity === 'all') {
      yield* backTo(query, pages(query, undefined, Infinity, fetch));
      return;
    }
    yield* pages(query, 'queued,running', Infinity, fetch);
    // After the active ones: a run that ends in between is then read twice and not missed.
    if (query.activity === 'recent') {
      yield* backTo(query, pages(query, 'completed', endedLimit(query), fetch));
    }
  }

  function pages(query: SourceQuery, status: string | undefined, limit: number, fetch: SourceFetch) {
    const filters = [
      ['problem_class', query.problemClass],
      ['tenant_id', query.tenantId],
      ['workspace_id', query.workspaceId],
      ['type', query.type],
      ['q', query.q],
      ['since', query.since === undefined ? undefined : formatInstant(query.since)],
      ['limit', Math.min(limit, PAGE_SIZE)],
    ] as const;
    // Status and cursor are written here: a comma need not be escaped, and is easier to read in a log.
    const base = `${address}runs?${status === undefined ? '' : `status=${status}&`}${queryText(filters)}`;
    let read = 0;
    return readPages({ url: base }, fetch, (response) => {
      const rows = listOf(response, 'runs', 'a run API');
      const where = withoutQuery(response.url);
      const { next, nextError, ...page } = readRunPage(
        response.body as JsonObject,
        rows,
        (row) => parseRun(row, name),
        { where, only: read === 0 },
      );
      read += page.runs.length + page.issues.length;
      const wanted = read > limit ? { ...page, runs: page.runs.slice(0, limit - read) } : page;
      if (read >= limit) return { page: wanted, next: undefined };
      return { page: wanted, next: next === undefined ? nextError : nextRequest(next, base, where) };
    });
  }

  async function get(id: string, fetch: SourceFetch, which?: RunVersion): Promise<Run | undefined> {
    // No URL can hold these as a segment, encoded or not: they lead to another path.
    if (id === '.' || id === '..') return undefined;
    // Rows that name no source got ours, which the host does not know.
    const search = which === undefined || which.source === name ? '' : `?${queryText([['source', which.source]])}`;
    const response = await fetch({ url: `${address}runs/${segmentOf(id)}${search}`, accept: [404] });
    if (response.status === 404) return undefined;
    const parsed = parseRun(response.body, name);
    if (!parsed.ok) throw new SourceError('shape', `Run ${id} cannot be read: ${parsed.issue.reason}.`);
    return parsed.run;
  }

  async function policy(fetch: SourceFetch): Promise<PolicyDocument | undefined> {
    const response = await fetch({ url: `${address}policy`, accept: [404] });
    if (response.status === 404) return undefined;
    const { body } = response;
    refuseError(body, response);
    if (isObject(body)) return body;
    throw new SourceError('shape', `${withoutQuery(response.url)} sent no policy.`);
  }

  return { name, kind: 'runs', address, list, get, policy };
}

/** Paths beside those of the runs. */
const RESERVED: ReadonlySet<string> = new Set(['events', 'summary']);

/** The id as a segment of the path. That of a run called like another path has every letter encoded, so that it is not that path. */
function segmentOf(id: string): string {
  if (!RESERVED.has(id)) return encoded(id);
  return Array.from(id, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`).join('');
}

/**
 * The request for the next page, or why there can be none. The contract calls `next` a cursor; a host that sends a URL means the
 * same. Base64 has slashes but no `?`.
 */
function nextRequest(next: string, base: string, where: string): SourceRequest | SourceError {
  const isUrl = /^https?:\/\//i.test(next) || (next.startsWith('/') && next.includes('?'));
  try {
    return { url: isUrl ? new URL(next, base).href : `${base}&${queryText([['cursor', next]])}` };
  } catch {
    return new SourceError('shape', `${where} sent a "next" that is neither a cursor nor a valid URL.`);
  }
}
