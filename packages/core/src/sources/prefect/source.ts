import type { Run } from '../../run.js';
import type { SourceAdapter } from '../descriptor.js';
import { basicOrBearer } from '../reading/basic-or-bearer.js';
import { isObject, listOf, objectsIn, textField, withSlash } from '../reading/body.js';
import { countIn, readAtWork, SYSTEM } from './api.js';
import { withTaskRuns } from './task-runs.js';
import { withWorkPool } from './work-pool.js';
import { backTo } from '../reading/back-to.js';
import { endedLimit } from '../reading/ended-limit.js';
import { activeStatuses, endedStatuses } from '../reading/vocabulary.js';
import { isScheduled, PREFECT_STATES, prefectRunToWire, type PrefectContext } from './run.js';
import { readCounted } from '../reading/read-counted.js';
import { readOneRow, readRows } from '../reading/read-rows.js';
import { SourceError, type Source, type SourceFetch, type SourcePage, type SourceQuery } from '../source.js';
import { baseUrl } from '../reading/base-url.js';
import { instantIn } from '../reading/wire-time.js';
import { strictSource } from '../reading/strict-source.js';
import { PREFECT_SHAPES } from './shapes.js';

/** The URL of the API of a Prefect server or of a workspace of Prefect Cloud. */
export type PrefectConfig = { readonly url: string };

/** Prefect, for the registry of kinds. */
export const prefectAdapter: SourceAdapter<PrefectConfig> = {
  create: prefectSource,
  // A key of Prefect Cloud, or the `user:password` of a server's auth string.
  credentialHeaders: basicOrBearer,
  configFromUri: (rest) => ({ url: baseUrl(rest, 'prefect:https://host.example/api') }),
};

const ACTIVE = activeStatuses(PREFECT_STATES);
const ENDED = endedStatuses(PREFECT_STATES);

/** How many of the newest heartbeats show their rhythm. */
const HEARTBEATS = 5;

/**
 * Reads flow runs from Prefect 3. The list has no heartbeats: Prefect keeps them as events, which `inspect` reads for the few runs that
 * would raise an alarm.
 */
export function prefectSource(name: string, { url }: PrefectConfig): Source {
  const address = withSlash(url);
  const flowNames = new Map<string, string>();
  const context: PrefectContext = { flowNames, ...placeOf(address) };
  const toWire = (row: Parameters<typeof prefectRunToWire>[0]) => prefectRunToWire(row, context);

  async function* list(query: SourceQuery, fetch: SourceFetch): AsyncGenerator<SourcePage, void> {
    yield* pages(ACTIVE, 'EXPECTED_START_TIME_ASC', Infinity, fetch);
    // Active runs first: a run that ends in between is then read twice and not missed.
    if (query.activity !== 'active') {
      yield* backTo(query, pages(ENDED, 'END_TIME_DESC', endedLimit(query), fetch), 'ended');
    }
  }

  async function* pages(
    types: readonly string[],
    sort: string,
    limit: number,
    fetch: SourceFetch,
  ): AsyncGenerator<SourcePage, void> {
    // No page size: a server refuses one above its own limit, which may have been lowered, and defaults to that limit.
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

  /** A run names its flow by id. One request reads the names of all unknown flows of a page. */
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
    for (const flow of objectsIn(body, 'flows', SYSTEM)) {
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
    if (run.hold === 'limit') return withSlotHolders(run, fetch);
    if (run.hold !== undefined) return run;
    if (run.status === 'running') {
      const alive = await withHeartbeats(run, fetch);
      // Heartbeats vouch for a run, whatever its tasks wait for.
      return alive.heartbeatAt === undefined
        ? withTaskRuns(alive, address, fetch, (tasks) => subflows(tasks, fetch))
        : alive;
    }
    return isScheduled(run) ? withWorkPool(run, address, fetch) : run;
  }

  /** The flow runs that tasks have called and that have not ended, by the id of the task. */
  async function subflows(tasks: readonly string[], fetch: SourceFetch): Promise<ReadonlyMap<string, Run>> {
    const response = await fetch({
      url: `${address}flow_runs/paginate`,
      method: 'POST',
      body: { flow_runs: { parent_task_run_id: { any_: tasks }, state: { type: { any_: ACTIVE } } }, page: 1 },
    });
    const { runs } = readRows(listOf(response, 'results', SYSTEM), name, toWire);
    return new Map(
      runs.flatMap((run) => {
        const task = run.labels['parent_task_run'];
        return task === undefined || run.status === 'completed' ? [] : [[task, run] as const];
      }),
    );
  }

  /** A slot is held by runs of the same deployment. If there are none, it was never released, and nobody will release it. */
  async function withSlotHolders(run: Run, fetch: SourceFetch): Promise<Run> {
    const deployment = run.waitsFor?.id;
    if (deployment === undefined) return run;
    const ofDeployment = { flow_runs: { deployment_id: { any_: [deployment] } } };
    const { rows, isWhole } = await readAtWork(address, ofDeployment, fetch);
    const holder = rows.find((row) => row['deployment_id'] === deployment);
    if (holder !== undefined) {
      const waitsFor = { ...run.waitsFor, kind: 'flow run', name: textIn(holder, 'name'), id: textIn(holder, 'id') };
      return { ...run, waitsFor };
    }
    // A workspace may hide runs from this credential; those that it counts are then not in the list.
    if (!isWhole) return run;
    const text =
      'No run of its deployment is pending, running or cancelling, so nothing will release its concurrency slot.';
    return { ...run, flag: { kind: 'orphaned', by: 'tardy', text } };
  }

  /** The newest heartbeats: the last one, and how often they come. */
  async function withHeartbeats(run: Run, fetch: SourceFetch): Promise<Run> {
    const response = await fetch({
      url: `${address}events/filter`,
      method: 'POST',
      body: {
        filter: {
          event: { name: ['prefect.flow-run.heartbeat'] },
          resource: { id: [`prefect.flow-run.${run.id}`] },
          order: 'DESC',
        },
        limit: HEARTBEATS,
      },
      // Older servers, and keys that may not read events.
      accept: [403, 404],
    });
    if (response.status >= 400) return run;
    const times = objectsIn(listOf(response, 'events', SYSTEM), 'events', SYSTEM)
      .flatMap((event) => instantIn(textField(event, 'occurred', SYSTEM)) ?? [])
      // A heartbeat from before the run entered its current state says nothing about that.
      .filter((at) => at >= (run.phaseAt ?? run.startedAt ?? 0))
      .sort((a, b) => b - a);
    const [newest] = times;
    if (newest === undefined) return run;
    const gaps = times.slice(1).map((at, index) => (times[index] ?? at) - at);
    return { ...run, heartbeatAt: newest, heartbeatInterval: gaps.length === 0 ? undefined : Math.max(...gaps) };
  }

  return strictSource({ name, kind: 'prefect', address, list, get, inspect }, SYSTEM, PREFECT_SHAPES);
}

/** Where people see runs, and the workspace: Prefect Cloud names both in the URL of its API. */
function placeOf(address: string): Pick<PrefectContext, 'pages' | 'workspace'> {
  const segments = address.split('/');
  const start = segments.indexOf('accounts');
  const [, account, then, workspace] = segments[start - 1] === 'api' ? segments.slice(start) : [];
  if (!account || then !== 'workspaces' || !workspace) {
    return { pages: `${address.replace(/\/api\/$/, '/')}runs/flow-run/`, workspace: undefined };
  }
  const host = new URL(address).host.replace(/^api\./, 'app.');
  return {
    pages: `https://${host}/account/${account}/workspace/${workspace}/runs/flow-run/`,
    workspace: { id: workspace },
  };
}

function textIn(value: unknown, name: string): string | undefined {
  const text = isObject(value) ? value[name] : undefined;
  return typeof text === 'string' ? text : undefined;
}
