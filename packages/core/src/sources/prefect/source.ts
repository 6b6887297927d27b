import { parseInstant } from '../../instant.js';
import type { Run } from '../../run.js';
import type { SourceAdapter } from '../descriptor.js';
import { basicOrBearer } from '../reading/basic-or-bearer.js';
import { isObject, listOf, withSlash } from '../reading/body.js';
import { endedLimit } from '../reading/ended-limit.js';
import { prefectRunToWire, type PrefectContext } from './run.js';
import { readCounted } from '../reading/read-counted.js';
import { readOneRow, readRows } from '../reading/read-rows.js';
import { SourceError, type Source, type SourceFetch, type SourcePage, type SourceQuery } from '../source.js';
import { baseUrl } from '../reading/base-url.js';

/** Where a Prefect server or a workspace of Prefect Cloud serves its API. */
export type PrefectConfig = { readonly url: string };

/** Prefect in short, for the registry of kinds. */
export const prefectAdapter: SourceAdapter<PrefectConfig> = {
  create: prefectSource,
  // A key of Prefect Cloud, or the `user:password` of a server's auth string.
  credentialHeaders: basicOrBearer,
  configFromUri: (rest) => ({ url: baseUrl(rest, 'prefect:https://host.example/api') }),
};

/** The state types of a run that has not ended. */
export const PREFECT_ACTIVE = ['SCHEDULED', 'PENDING', 'RUNNING', 'PAUSED', 'CANCELLING'] as const;

/** The state types of a run that has. */
export const PREFECT_ENDED = ['COMPLETED', 'FAILED', 'CRASHED', 'CANCELLED'] as const;

const SYSTEM = "Prefect's API";

/**
 * Reads flow runs from Prefect 3. The list tells no heartbeat: Prefect keeps heartbeats as events, which `inspect` looks up for
 * the few runs that would raise an alarm.
 */
export function prefectSource(name: string, { url }: PrefectConfig): Source {
  const address = withSlash(url);
  const flowNames = new Map<string, string>();
  const context: PrefectContext = { flowNames, ...placeOf(address) };
  const toWire = (row: Parameters<typeof prefectRunToWire>[0]) => prefectRunToWire(row, context);

  async function* list(query: SourceQuery, fetch: SourceFetch): AsyncGenerator<SourcePage, void> {
    yield* pages(PREFECT_ACTIVE, 'EXPECTED_START_TIME_ASC', Infinity, fetch);
    // After the active ones: a run that ends in between is then seen twice and not missed.
    if (query.activity !== 'active') yield* pages(PREFECT_ENDED, 'END_TIME_DESC', endedLimit(query), fetch);
  }

  async function* pages(
    types: readonly string[],
    sort: string,
    limit: number,
    fetch: SourceFetch,
  ): AsyncGenerator<SourcePage, void> {
    // No page size: a server refuses one above its own limit, which its owner may have lowered, and uses that otherwise.
    const request = (page: number) => ({
      url: `${address}flow_runs/paginate`,
      method: 'POST' as const,
      body: { flow_runs: { state: { type: { any_: types } } }, sort, page: page + 1 },
    });
    const rowsOf = readCounted(
      {
        system: 'Prefect',
        limit,
        request,
        read: (response) => ({
          rows: listOf(response, 'results', SYSTEM),
          total: countIn(response.body),
          idOf: (row) => textIn(row, 'id'),
        }),
      },
      fetch,
    );
    for await (const { rows, total, incomplete } of rowsOf) {
      await learnFlowNames(rows, fetch);
      yield { ...readRows(rows, name, toWire), total: limit === Infinity ? total : undefined, incomplete };
    }
  }

  /** A run names its flow by id; the names of all flows of a page that are not known yet are one question. */
  async function learnFlowNames(rows: readonly unknown[], fetch: SourceFetch): Promise<void> {
    const ids = new Set(rows.flatMap((row) => textIn(row, 'flow_id') ?? []));
    const unknown = [...ids].filter((id) => !flowNames.has(id));
    if (unknown.length === 0) return;
    const { body } = await fetch({
      url: `${address}flows/filter`,
      method: 'POST',
      body: { flows: { id: { any_: unknown } } },
    });
    if (!Array.isArray(body)) throw new SourceError('shape', `${address}flows/filter sent no list of flows.`);
    for (const flow of body) {
      const [id, title] = [textIn(flow, 'id'), textIn(flow, 'name')];
      if (id !== undefined && title !== undefined) flowNames.set(id, title);
    }
  }

  async function get(id: string, fetch: SourceFetch): Promise<Run | undefined> {
    const response = await fetch({ url: `${address}flow_runs/${encodeURIComponent(id)}`, accept: [404] });
    if (response.status === 404) return undefined;
    await learnFlowNames([response.body], fetch);
    return readOneRow(response.body, id, name, toWire);
  }

  async function inspect(run: Run, fetch: SourceFetch): Promise<Run> {
    if (run.status !== 'running' || run.hold !== undefined) return run;
    const response = await fetch({
      url: `${address}events/filter`,
      method: 'POST',
      body: {
        filter: {
          event: { name: ['prefect.flow-run.heartbeat'] },
          resource: { id: [`prefect.flow-run.${run.id}`] },
          order: 'DESC',
        },
        limit: 1,
      },
      // Older servers, and keys that may not read events.
      accept: [403, 404],
    });
    if (response.status >= 400) return run;
    const [newest] = listOf(response, 'events', SYSTEM);
    const occurred = textIn(newest, 'occurred');
    const at = occurred === undefined ? undefined : parseInstant(occurred);
    // A heartbeat from before the run entered its present state tells nothing about that.
    return at === undefined || at < (run.startedAt ?? 0) ? run : { ...run, heartbeatAt: at };
  }

  return { name, kind: 'prefect', address, list, get, inspect };
}

/** Where people see runs, and the workspace: Prefect Cloud names both in the address of its API. */
function placeOf(address: string): Pick<PrefectContext, 'pages' | 'workspace'> {
  const [, account, workspace] = /\/api\/accounts\/([^/]+)\/workspaces\/([^/]+)\//.exec(address) ?? [];
  if (account === undefined || workspace === undefined) {
    return { pages: `${address.replace(/\/api\/$/, '/')}runs/flow-run/`, workspace: undefined };
  }
  const host = new URL(address).host.replace(/^api\./, 'app.');
  return {
    pages: `https://${host}/account/${account}/workspace/${workspace}/runs/flow-run/`,
    workspace: { id: workspace },
  };
}

function countIn(body: unknown): number {
  const count = isObject(body) ? body['count'] : undefined;
  if (typeof count === 'number') return count;
  throw new SourceError('shape', `The answer has no "count". Is this the URL of ${SYSTEM}?`);
}

function textIn(value: unknown, name: string): string | undefined {
  const text = isObject(value) ? value[name] : undefined;
  return typeof text === 'string' ? text : undefined;
}
