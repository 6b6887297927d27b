import type { Flag, Instant, Run } from '../../run.js';
import type { SourceAdapter } from '../descriptor.js';
import { basicOrBearer } from '../reading/basic-or-bearer.js';
import {
  countField,
  isObject,
  listOf,
  objectField,
  objectsIn,
  queryText,
  refuseError,
  withSlash,
  type JsonObject,
} from '../reading/body.js';
import { backTo } from '../reading/back-to.js';
import { endedLimit } from '../reading/ended-limit.js';
import { metaflowRunToWire, SYSTEM, tasksShow } from './run.js';
import { readPages } from '../reading/read-pages.js';
import { readOneRow, readRows } from '../reading/read-rows.js';
import type { Source, SourceFetch, SourcePage, SourceQuery, SourceResponse } from '../source.js';
import { baseUrl } from '../reading/base-url.js';
import { serverClock } from '../reading/wire-time.js';
import { continued, mayContinue, wronglyFailed, type Continued } from './wrongly-failed.js';
import { strictSource } from '../reading/strict-source.js';
import { METAFLOW_SHAPES } from './shapes.js';

/** The URL of the backend of Metaflow's UI. */
export type MetaflowConfig = { readonly url: string };

/** Metaflow, for the registry of kinds. */
export const metaflowAdapter: SourceAdapter<MetaflowConfig> = {
  create: metaflowSource,
  credentialHeaders: basicOrBearer,
  configFromUri: (rest) => ({ url: baseUrl(rest, 'metaflow:https://host.example/api') }),
};

/** More is not sent. */
const PAGE_SIZE = 1000;
/** A process that lives sends a heartbeat every 10 s: one that did not outlive a failure by more ended with it. */
const OUTLIVED_MS = 20_000;

/** Reads runs of all flows from the backend of Metaflow's UI; the metadata service lists them by flow only, and without a status. */
export function metaflowSource(name: string, { url }: MetaflowConfig): Source {
  const address = withSlash(url);
  const pages = address.replace(/\/api\/$/, '/');
  const toWire = (row: Parameters<typeof metaflowRunToWire>[0]) => metaflowRunToWire(row, pages);

  async function* list(query: SourceQuery, fetch: SourceFetch): AsyncGenerator<SourcePage, void> {
    yield* active(query, fetch);
    // After the active ones: a run that ends in between is then read twice and not missed.
    if (query.activity !== 'active') yield* backTo(query, ended(query, fetch));
  }

  /** From the oldest on, each page by where the last one ended: a run that ends meanwhile shifts no other out of sight. */
  async function* active(query: SourceQuery, fetch: SourceFetch): AsyncGenerator<SourcePage, void> {
    let bound = query.since ?? 0;
    let page = 1;
    // What has not ended, whatever it is called.
    const ask = () =>
      runs([
        ['status:ne', 'completed'],
        ['status:ne', 'failed'],
        ['flow_id', query.type],
        ['ts_epoch:ge', bound > 0 ? bound : undefined],
        ['_order', '+ts_epoch'],
        ['_limit', PAGE_SIZE],
        ['_page', page > 1 ? page : undefined],
      ]);
    let now: Instant | undefined;
    yield* readPages({ url: ask() }, fetch, (response) => {
      now = serverClock(response);
      const rows = listOf(response, 'data', SYSTEM);
      const last = rows.at(-1);
      const at = isObject(last) ? last['ts_epoch'] : undefined;
      const moves = typeof at === 'number' && at > bound;
      page = moves ? 1 : page + 1;
      if (moves) bound = at;
      return {
        page: readRows(rows, name, toWire),
        next: isFollowed(response, rows.length) ? { url: ask() } : undefined,
      };
    });
    if (now === undefined) return;
    const filter = [['flow_id', query.type] as const, ['ts_epoch:ge', query.since] as const];
    const path = (row: JsonObject) => pathOf(`${String(row['flow_id'])}/${String(row['run'] ?? row['run_number'])}`);
    const found = await wronglyFailed(address, filter, path, now, fetch);
    for (const one of found) yield continuedRun(one);
  }

  async function* ended(query: SourceQuery, fetch: SourceFetch): AsyncGenerator<SourcePage, void> {
    const limit = endedLimit(query);
    let page = 1;
    let read = 0;
    const ask = () =>
      runs([
        ['status', 'completed,failed'],
        ['flow_id', query.type],
        ['ts_epoch:ge', query.since],
        ['_order', '-ts_epoch'],
        ['_limit', Math.min(limit, PAGE_SIZE)],
        ['_page', page > 1 ? page : undefined],
      ]);
    yield* readPages({ url: ask() }, fetch, (response) => {
      const rows = listOf(response, 'data', SYSTEM);
      read += rows.length;
      page++;
      const more = isFollowed(response, rows.length) && read < limit;
      return { page: readRows(rows, name, toWire), next: more ? { url: ask() } : undefined };
    });
  }

  function runs(query: Parameters<typeof queryText>[0]): string {
    return `${address}runs?${queryText(query)}`;
  }

  async function get(id: string, fetch: SourceFetch): Promise<Run | undefined> {
    const path = pathOf(id);
    if (path === undefined) return undefined;
    const response = await fetch({ url: address + path, accept: [404] });
    if (response.status === 404) return undefined;
    refuseError(response.body, response);
    const row = isObject(response.body) ? response.body['data'] : undefined;
    const now = serverClock(response);
    if (isObject(row) && now !== undefined && mayContinue(row, now)) {
      const found = await continued(row, address + path, fetch);
      const [run] = found === undefined ? [] : continuedRun(found).runs;
      if (run !== undefined) return run;
    }
    return readOneRow(row, id, name, toWire);
  }

  /** A run that Metaflow calls failed, and that continues. */
  function continuedRun({ row, waitsSince }: Continued): SourcePage {
    const page = readRows([row], name, toWire);
    if (waitsSince === undefined) return page;
    return { ...page, runs: page.runs.map((run) => queuedSince(run, waitsSince, undefined)) };
  }

  /** Tasks know more than their run, whose status comes from its last step and its own heartbeat. */
  async function inspect(run: Run, fetch: SourceFetch): Promise<Run> {
    const path = pathOf(run.id);
    if (run.status !== 'running' || path === undefined) return run;
    const shown = tasksShow(await readTasks(path, fetch));
    switch (shown.kind) {
      case 'between':
        return run;
      case 'none':
        return queuedSince(run, run.startedAt, { kind: 'stuck', by: 'tardy', text: 'It has no task: it never began.' });
      case 'running':
        return shown.at !== undefined && shown.at > (run.heartbeatAt ?? 0) ? { ...run, heartbeatAt: shown.at } : run;
      case 'pending':
        // While the run sends heartbeats of its own, its process is there and starts the task.
        return (run.heartbeatAt ?? 0) > (shown.at ?? 0) + OUTLIVED_MS ? run : queuedSince(run, shown.at, undefined);
      case 'silent': {
        const text = `The step ${shown.step} sends no heartbeat.`;
        return { ...run, flag: { kind: 'worker_lost', by: 'tardy', text, since: shown.at } };
      }
      case 'failed':
        // A run that continued after it will retry, or has other branches to finish.
        if ((run.heartbeatAt ?? 0) > shown.at + OUTLIVED_MS) return run;
        return {
          ...run,
          status: 'completed',
          outcome: 'failed',
          heartbeatAt: undefined,
          heartbeatInterval: undefined,
          endedAt: shown.at,
          failure: { message: `The step ${shown.step} failed.` },
        };
    }
  }

  /** All tasks of a run, the newest first. */
  async function readTasks(path: string, fetch: SourceFetch): Promise<readonly JsonObject[]> {
    const tasks: JsonObject[] = [];
    let page = 1;
    const ask = () => {
      const query = queryText([
        ['_order', '-ts_epoch'],
        ['_limit', PAGE_SIZE],
        ['_page', page > 1 ? page : undefined],
      ]);
      return { url: `${address}${path}/tasks?${query}` };
    };
    const pagesOf = readPages(ask(), fetch, (response) => {
      const rows = objectsIn(listOf(response, 'data', SYSTEM), 'data', SYSTEM);
      page++;
      return { page: rows, next: isFollowed(response, rows.length) ? ask() : undefined };
    });
    for await (const rows of pagesOf) tasks.push(...rows);
    return tasks;
  }

  return strictSource({ name, kind: 'metaflow', address, list, get, inspect }, SYSTEM, METAFLOW_SHAPES);
}

/** Where a pathspec is read; `undefined` for what is none. */
function pathOf(id: string): string | undefined {
  const [flow, run, ...more] = id.split('/');
  if (!flow || !run || more.length > 0) return undefined;
  return `flows/${encodeURIComponent(flow)}/runs/${encodeURIComponent(run)}`;
}

/** Whether a page has a next one, by what the backend says, or by its being full. */
function isFollowed({ body }: SourceResponse, rows: number): boolean {
  const pages = objectField(body, 'pages', SYSTEM) ?? {};
  return rows >= PAGE_SIZE || (rows > 0 && countField(pages, 'next', SYSTEM) !== undefined);
}

/** A run that Metaflow calls running, though nothing of it is at work: it waits for its next task to begin. */
function queuedSince(run: Run, since: Instant | undefined, flag: Flag | undefined): Run {
  return {
    ...run,
    status: 'queued',
    queuedAt: run.startedAt,
    startedAt: flag === undefined ? run.startedAt : undefined,
    phaseAt: since,
    heartbeatAt: undefined,
    heartbeatInterval: undefined,
    flag,
  };
}
