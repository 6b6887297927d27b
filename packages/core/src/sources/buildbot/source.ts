import type { Run } from '../../run.js';
import type { SourceAdapter } from '../descriptor.js';
import { basicOrBearer } from '../reading/basic-or-bearer.js';
import { isObject, listOf, queryText, withoutQuery, withSlash, type JsonObject } from '../reading/body.js';
import { BUILDBOT_RESULTS, buildbotRowToWire, type BuildbotContext } from './run.js';
import { endedLimit } from '../reading/ended-limit.js';
import { readCounted } from '../reading/read-counted.js';
import { readOneRow, readRows } from '../reading/read-rows.js';
import { SourceError, type Source, type SourceFetch, type SourcePage, type SourceQuery } from '../source.js';
import { baseUrl } from '../reading/base-url.js';

/** Where a Buildbot master serves its pages and its API. */
export type BuildbotConfig = { readonly url: string };

/** Buildbot in short, for the registry of kinds. */
export const buildbotAdapter: SourceAdapter<BuildbotConfig> = {
  create: buildbotSource,
  // Reading is open by default; a proxy before it takes a password or a token.
  credentialHeaders: basicOrBearer,
  configFromUri: (rest) => ({ url: baseUrl(rest, 'buildbot:https://host.example') }),
};

const SYSTEM = "Buildbot's API";
const PAGE_SIZE = 200;
const PROPERTIES = [
  ['property', 'owner'],
  ['property', 'reason'],
] as const;
const RETRY: number = BUILDBOT_RESULTS.indexOf('retry');

/** Reads builds, and requests that no worker has taken yet. Buildbot tells no heartbeat, but which workers are connected. */
export function buildbotSource(name: string, { url }: BuildbotConfig): Source {
  const address = withSlash(url);
  const base = `${address}api/v2/`;

  async function* list(query: SourceQuery, fetch: SourceFetch): AsyncGenerator<SourcePage, void> {
    const context = await readContext(fetch);
    // In the order of life: a request that is taken meanwhile is seen twice and not missed.
    yield* pages('buildrequests', 'buildrequestid', { claimed: 'false', complete: 'false' }, Infinity, context, fetch);
    yield* pages('builds', 'buildid', { complete: 'false' }, Infinity, context, fetch);
    if (query.activity === 'active') return;
    const limit = endedLimit(query);
    yield* pages('builds', '-complete_at', { complete: 'true' }, limit, context, fetch);
  }

  async function* pages(
    what: 'builds' | 'buildrequests',
    order: string,
    filters: Readonly<Record<string, string>>,
    limit: number,
    context: BuildbotContext,
    fetch: SourceFetch,
  ): AsyncGenerator<SourcePage, void> {
    const rowsOf = readCounted(
      {
        system: 'Buildbot',
        limit,
        request: (_, offset) => ({
          url: `${base}${what}?${queryText([
            ...Object.entries(filters),
            ['order', order],
            ['limit', Math.min(PAGE_SIZE, limit)],
            ['offset', offset],
            ...PROPERTIES,
          ])}`,
        }),
        read: (response) => ({
          rows: listOf(response, what, SYSTEM),
          total: totalIn(response.body, response.url),
          idOf: (row) => idIn(row, what === 'builds' ? 'buildid' : 'buildrequestid'),
        }),
      },
      fetch,
    );
    for await (const { rows, incomplete } of rowsOf) {
      // A build that is to be retried does not end its request, which is the run.
      const kept = rows.filter((row) => !isObject(row) || row['results'] !== RETRY);
      yield { ...readRows(kept, name, (row) => buildbotRowToWire(row, context)), incomplete };
    }
  }

  async function readContext(fetch: SourceFetch): Promise<BuildbotContext> {
    const [workers, builders] = await Promise.all(
      ['workers', 'builders'].map(async (what) => listOf(await fetch({ url: `${base}${what}` }), what, SYSTEM)),
    );
    const named = (builders ?? [])
      .filter(isObject)
      .flatMap(({ builderid, name: text }) => (typeof text === 'string' ? [[builderid, text] as const] : []));
    return { pages: address, builderNames: new Map(named), workers: (workers ?? []).filter(isObject) };
  }

  async function get(id: string, fetch: SourceFetch): Promise<Run | undefined> {
    if (!/^\d+$/.test(id)) return undefined;
    const response = await fetch({ url: `${base}buildrequests/${id}?${queryText(PROPERTIES)}`, accept: [404] });
    if (response.status === 404) return undefined;
    const [request] = listOf(response, 'buildrequests', SYSTEM);
    const newest = queryText([['order', '-buildid'], ['limit', 1], ...PROPERTIES]);
    const [build] = listOf(await fetch({ url: `${base}buildrequests/${id}/builds?${newest}` }), 'builds', SYSTEM);
    const row = isObject(request) && isOfRequest(build, request) ? build : request;
    const context = await readContext(fetch);
    return readOneRow(row, id, name, (one) => buildbotRowToWire(one, context));
  }

  return { name, kind: 'buildbot', address, list, get };
}

/** Whether the newest build is what became of a request: not when that waits for another, or was completed without one. */
function isOfRequest(build: unknown, request: JsonObject): build is JsonObject {
  const waits = request['complete'] === false && request['claimed'] === false;
  return isObject(build) && !waits && build['results'] !== RETRY;
}

function idIn(row: unknown, field: string): string | undefined {
  const id = isObject(row) ? row[field] : undefined;
  return typeof id === 'number' ? String(id) : undefined;
}

function totalIn(body: unknown, url: string): number {
  const meta = isObject(body) ? body['meta'] : undefined;
  const total = isObject(meta) ? meta['total'] : undefined;
  if (typeof total === 'number') return total;
  throw new SourceError('shape', `${withoutQuery(url)} does not count. Is this the URL of ${SYSTEM}?`);
}
