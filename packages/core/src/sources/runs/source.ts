import { formatInstant, parseInstant } from '../../instant.js';
import type { PolicyDocument } from '../../policy-document.js';
import type { Run } from '../../run.js';
import { parseRun, type RunIssue } from '../../wire.js';
import type { SourceAdapter } from '../descriptor.js';
import { isObject, listOf, queryText, withoutQuery, withSlash, type JsonObject } from '../reading/body.js';
import { endedLimit } from '../reading/ended-limit.js';
import { readPages } from '../reading/read-pages.js';
import {
  SourceError,
  type RunVersion,
  type Source,
  type SourceFetch,
  type SourcePage,
  type SourceQuery,
} from '../source.js';
import { baseUrl } from '../reading/base-url.js';

/** Where a host serves the run API: the address that `/runs` and `/policy` lie below. */
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
      yield* pages(query, undefined, Infinity, fetch);
      return;
    }
    yield* pages(query, 'queued,running', Infinity, fetch);
    // After the active ones: a run that ends in between is then seen twice and not missed.
    if (query.activity === 'recent') yield* pages(query, 'completed', endedLimit(query), fetch);
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
    // Status and cursor are written here: a comma need not be escaped, and is easier read in a log.
    const base = `${address}runs?${status === undefined ? '' : `status=${status}&`}${queryText(filters)}`;
    let read = 0;
    return readPages({ url: base }, fetch, (response) => {
      const page = readPage(listOf(response, 'runs', 'a run API'), response.body as JsonObject, name, read === 0);
      read += page.runs.length + page.issues.length;
      const next = read < limit ? nextUrl((response.body as JsonObject)['next'], base, response.url) : undefined;
      return { page: read > limit ? { ...page, runs: page.runs.slice(0, limit - read) } : page, next };
    });
  }

  async function get(id: string, fetch: SourceFetch, which?: RunVersion): Promise<Run | undefined> {
    // Rows that name no source got ours, which the host does not know.
    const search = which === undefined || which.source === name ? '' : `?${queryText([['source', which.source]])}`;
    const response = await fetch({ url: `${address}runs/${encodeURIComponent(id)}${search}`, accept: [404] });
    if (response.status === 404) return undefined;
    const parsed = parseRun(response.body, name);
    if (!parsed.ok) throw new SourceError('shape', `Run ${id} cannot be read: ${parsed.issue.reason}.`);
    return parsed.run;
  }

  async function policy(fetch: SourceFetch): Promise<PolicyDocument | undefined> {
    const response = await fetch({ url: `${address}policy`, accept: [404] });
    if (response.status === 404) return undefined;
    const { body } = response;
    if (isObject(body) && body['version'] === 1) return body as PolicyDocument;
    throw new SourceError('shape', `${withoutQuery(response.url)} sent no policy of version 1.`);
  }

  return { name, kind: 'runs', address, list, get, policy };
}

function readPage(rows: readonly unknown[], body: JsonObject, name: string, first: boolean): SourcePage {
  const runs: Run[] = [];
  const issues: RunIssue[] = [];
  for (const row of rows) {
    const parsed = parseRun(row, name);
    if (parsed.ok) runs.push(parsed.run);
    else issues.push(parsed.issue);
  }
  const reported = Array.isArray(body['issues']) ? body['issues'] : [];
  for (const issue of reported) issues.push(readIssue(issue));
  const now = typeof body['now'] === 'string' ? parseInstant(body['now']) : undefined;
  const total = typeof body['total'] === 'number' ? body['total'] : undefined;
  return { runs, issues, now, total, incomplete: incompleteness(body, runs.length + issues.length, total, first) };
}

/** A total is compared on an only page alone: while several are read, runs come and go. */
function incompleteness(
  body: JsonObject,
  arrived: number,
  total: number | undefined,
  first: boolean,
): string | undefined {
  const { next, complete } = body;
  const only = first && (next === undefined || next === null || next === '');
  if (only && total !== undefined && arrived < total) {
    return `The server says that there are ${total} runs, sent ${arrived}, and names no next page.`;
  }
  return complete === false && !Array.isArray(body['issues'])
    ? 'The server says that its answer is not complete.'
    : undefined;
}

function readIssue(issue: unknown): RunIssue {
  const { id, reason } = isObject(issue) ? issue : {};
  return {
    id: typeof id === 'string' ? id.slice(0, 200) : undefined,
    reason: typeof reason === 'string' ? reason.slice(0, 500) : 'the server could not read it and gave no reason',
  };
}

/** The contract calls `next` a cursor; a host that sends an address means the same. Base64 has slashes but no `?`. */
function nextUrl(next: unknown, base: string, answered: string) {
  if (next === undefined || next === null || next === '') return undefined;
  if (typeof next !== 'string')
    throw new SourceError('shape', `${withoutQuery(answered)} sent a "next" that is no text.`);
  const isAddress = /^https?:\/\//i.test(next) || (next.startsWith('/') && next.includes('?'));
  return { url: isAddress ? new URL(next, base).href : `${base}&cursor=${encodeURIComponent(next)}` };
}
