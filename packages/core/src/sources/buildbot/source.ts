import type { Run } from '../../run.js';
import type { SourceAdapter } from '../descriptor.js';
import { baseUrl } from '../reading/base-url.js';
import { basicOrBearer } from '../reading/basic-or-bearer.js';
import { isObject, listOf, queryText, withSlash, type JsonObject } from '../reading/body.js';
import { backTo } from '../reading/back-to.js';
import { endedLimit } from '../reading/ended-limit.js';
import { readCounted } from '../reading/read-counted.js';
import { readOneRow, readRows } from '../reading/read-rows.js';
import { serverClock } from '../reading/wire-time.js';
import { SourceError, type Source, type SourceFetch, type SourcePage, type SourceQuery } from '../source.js';
import { BUILDBOT, PROPERTIES, rowsOf, totalIn } from './api.js';
import { inspectBuild, inspectClaimed } from './inspect.js';
import { lockedForEver } from './locks.js';
import { BUILDBOT_RESULTS, buildbotRowToWire } from './run.js';
import { requireWorker, type BuildbotContext } from './workers.js';
import { strictSource } from '../reading/strict-source.js';
import { BUILDBOT_SHAPES } from './shapes.js';

/** Where a Buildbot master serves its pages and its API. */
export type BuildbotConfig = { readonly url: string };

/** Buildbot, for the registry of kinds. */
export const buildbotAdapter: SourceAdapter<BuildbotConfig> = {
  create: buildbotSource,
  // Reading is open by default; a proxy before it takes a password or a token.
  credentialHeaders: basicOrBearer,
  configFromUri: (rest) => ({ url: baseUrl(rest, 'buildbot:https://host.example') }),
};

const PAGE_SIZE = 200;
const RETRY: number = BUILDBOT_RESULTS.indexOf('retry');

/** Requests below each other that are looked into. */
const DEEPEST = 3;

type Listed = { readonly rows: readonly unknown[]; readonly incomplete: string | undefined };

/** Reads builds, and requests of which there is no build yet. Buildbot reports no heartbeat, but which workers are connected. */
export function buildbotSource(name: string, { url }: BuildbotConfig): Source {
  const address = withSlash(url);
  const base = `${address}api/v2/`;

  async function* list(query: SourceQuery, fetch: SourceFetch): AsyncGenerator<SourcePage, void> {
    const context = await readContext(fetch);
    const toRuns = ({ rows, incomplete }: Listed): SourcePage => ({ ...readKept(rows, context), incomplete });
    async function* read(listed: AsyncIterable<Listed>): AsyncGenerator<SourcePage, void> {
      for await (const page of listed) yield toRuns(page);
    }
    // In the order of life: a request that is taken meanwhile is seen twice and not missed.
    const unclaimed = { claimed: 'false', complete: 'false' };
    yield* read(pages('buildrequests', 'buildrequestid', unclaimed, Infinity, fetch));
    const claimed = await readClaimed(fetch);
    const built = new Set<unknown>();
    for await (const page of pages('builds', 'buildid', { complete: 'false' }, Infinity, fetch)) {
      for (const row of page.rows) if (isObject(row)) built.add(row['buildrequestid']);
      yield toRuns(page);
    }
    // A request that a master has taken and that no build belongs to.
    const { rows, incomplete, note } = claimed;
    const withoutBuild = rows.filter((row) => !isObject(row) || !built.has(row['buildrequestid']));
    yield { ...readKept(withoutBuild, context), incomplete, note };
    if (query.activity === 'active') return;
    const limit = endedLimit(query);
    const ended = pages('builds', '-complete_at', { complete: 'true' }, limit, fetch);
    yield* backTo(query, read(ended), 'ended');
  }

  function readKept(rows: readonly unknown[], context: BuildbotContext): Pick<SourcePage, 'runs' | 'issues'> {
    // A build that is to be retried does not end its request, which is the run.
    const kept = rows.filter((row) => !isObject(row) || row['results'] !== RETRY);
    return readRows(kept, name, (row) => buildbotRowToWire(row, context));
  }

  async function readClaimed(fetch: SourceFetch): Promise<Listed & { readonly note?: string }> {
    const rows: unknown[] = [];
    let incomplete: string | undefined;
    try {
      const claimed = { claimed: 'true', complete: 'false' };
      for await (const page of pages('buildrequests', 'buildrequestid', claimed, Infinity, fetch)) {
        rows.push(...page.rows);
        incomplete = page.incomplete;
      }
    } catch (error) {
      if (!(error instanceof SourceError) || error.code !== 'not_found') throw error;
      const note = 'Buildbot lists no requests that are claimed: those without a build were not looked for.';
      return { rows: [], incomplete: undefined, note };
    }
    return { rows, incomplete };
  }

  function pages(
    what: 'builds' | 'buildrequests',
    order: string,
    filters: Readonly<Record<string, string>>,
    limit: number,
    fetch: SourceFetch,
  ): AsyncGenerator<Listed, void> {
    return readCounted(
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
          rows: listOf(response, what, BUILDBOT),
          total: totalIn(response),
          idOf: (row) => idIn(row, what === 'builds' ? 'buildid' : 'buildrequestid'),
        }),
      },
      fetch,
    );
  }

  async function readContext(fetch: SourceFetch): Promise<BuildbotContext> {
    const [workers, builders] = await Promise.all(
      ['workers', 'builders'].map(async (what) => rowsOf(await fetch({ url: `${base}${what}` }), what)),
    );
    const byId = new Map((builders ?? []).map((builder) => [builder['builderid'], builder]));
    for (const worker of workers ?? []) requireWorker(worker);
    const workersById = new Map((workers ?? []).map((worker) => [worker['workerid'], worker]));
    return { pages: address, builders: byId, workers: workersById, waits: new Map() };
  }

  async function get(id: string, fetch: SourceFetch): Promise<Run | undefined> {
    const found = await readRequest(id, fetch);
    if (found === undefined) return undefined;
    const context = await readContext(fetch);
    return readOneRow(found.row, id, name, (one) => buildbotRowToWire(one, context));
  }

  /** A request, or the newest build of it if that is what became of it. */
  async function readRequest(id: string, fetch: SourceFetch) {
    if (!/^\d+$/.test(id)) return undefined;
    const response = await fetch({ url: `${base}buildrequests/${id}?${queryText(PROPERTIES)}`, accept: [404] });
    if (response.status === 404) return undefined;
    const [request] = listOf(response, 'buildrequests', BUILDBOT);
    const newest = queryText([['order', '-buildid'], ['limit', 1], ...PROPERTIES]);
    const builds = await fetch({ url: `${base}buildrequests/${id}/builds?${newest}` });
    const [build] = listOf(builds, 'builds', BUILDBOT);
    const isBuilt = isObject(request) && isOfRequest(build, request);
    return { row: isBuilt ? build : request, isBuilt, clock: serverClock(builds) };
  }

  async function inspect(run: Run, fetch: SourceFetch, depth = 0): Promise<Run> {
    // About a request that nobody has taken, Buildbot says no more.
    if (run.status === 'completed' || run.native?.status === 'unclaimed') return run;
    const again = async (id: string) => {
      const other = await get(id, fetch);
      return other === undefined || depth >= DEEPEST ? other : inspect(other, fetch, depth + 1);
    };
    const seen = run.hold === 'limit' ? run : await inside(run, fetch, again);
    const waits = depth === 0 && seen.hold === 'limit' && seen.flag === undefined;
    return waits ? lockedForEver(seen, base, fetch, again) : seen;
  }

  async function inside(run: Run, fetch: SourceFetch, again: (id: string) => Promise<Run | undefined>): Promise<Run> {
    const found = await readRequest(run.id, fetch);
    if (found === undefined || !isObject(found.row)) return run;
    const { row, isBuilt, clock } = found;
    return isBuilt
      ? inspectBuild(run, { row, clock }, base, fetch, again)
      : inspectClaimed(run, { row, clock }, base, fetch);
  }

  return strictSource(
    { name, kind: 'buildbot', address, list, get, inspect: (run, fetch) => inspect(run, fetch) },
    BUILDBOT,
    BUILDBOT_SHAPES,
  );
}

/** Whether the newest build is what became of a request: not if that waits for another, or was completed without one. */
function isOfRequest(build: unknown, request: JsonObject): build is JsonObject {
  const waits = request['complete'] === false && request['claimed'] === false;
  return isObject(build) && !waits && build['results'] !== RETRY;
}

function idIn(row: unknown, field: string): string | undefined {
  const id = isObject(row) ? row[field] : undefined;
  return typeof id === 'number' ? String(id) : undefined;
}
