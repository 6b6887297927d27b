import type { Instant, Run } from '../../run.js';
import type { SourceAdapter } from '../descriptor.js';
import { basicOrBearer } from '../reading/basic-or-bearer.js';
import {
  isObject,
  listField,
  listOf,
  objectField,
  objectsIn,
  queryText,
  refuseError,
  textField,
  withoutQuery,
  withSlash,
  type JsonObject,
} from '../reading/body.js';
import { backTo } from '../reading/back-to.js';
import { endedLimit } from '../reading/ended-limit.js';
import { activeStatuses, endedStatuses } from '../reading/vocabulary.js';
import {
  metricInterval,
  metricOf,
  MLFLOW_STATUSES,
  mlflowRunToWire,
  newestMetric,
  parentOf,
  SYSTEM,
  type MlflowExperiment,
} from './run.js';
import { readPages } from '../reading/read-pages.js';
import { readOneRow, readRows } from '../reading/read-rows.js';
import {
  SourceError,
  type Source,
  type SourceFetch,
  type SourcePage,
  type SourceQuery,
  type SourceRequest,
  type SourceResponse,
} from '../source.js';
import { baseUrl } from '../reading/base-url.js';
import { serverClock } from '../reading/wire-time.js';
import { strictSource } from '../reading/strict-source.js';
import { MLFLOW_SHAPES } from './shapes.js';

/** The URL of an MLflow tracking server. */
export type MlflowConfig = { readonly url: string };

/** MLflow, for the registry of kinds. */
export const mlflowAdapter: SourceAdapter<MlflowConfig> = {
  create: mlflowSource,
  credentialHeaders: basicOrBearer,
  configFromUri: (rest) => ({ url: baseUrl(rest, 'mlflow:https://host.example') }),
};

/** Active runs are requested by leaving the ended statuses out: MLflow's filter has no "or", and a new status is then read too. */
const NOT_ENDED = without(endedStatuses(MLFLOW_STATUSES));
const NOT_ACTIVE = without(activeStatuses(MLFLOW_STATUSES));

const PAGE_SIZE = 1000;

/** Runs are only found by their experiments; so many are named in one request. */
const EXPERIMENTS_AT_ONCE = 500;

/** How many values of a metric show its rhythm. */
const HISTORY = 1000;

/** Reads the runs of an MLflow tracking server. */
export function mlflowSource(name: string, { url }: MlflowConfig): Source {
  const address = withSlash(url);
  const api = `${address}api/2.0/mlflow/`;
  const experiments = new Map<string, MlflowExperiment>();
  const toWire = (response: SourceResponse) => {
    const now = serverClock(response);
    return (row: JsonObject) => mlflowRunToWire(row, experiments, address, now);
  };

  async function* list(query: SourceQuery, fetch: SourceFetch): AsyncGenerator<SourcePage, void> {
    const ids = await readExperiments(fetch);
    yield* pages(ids, NOT_ENDED, 'attributes.start_time ASC', Infinity, fetch);
    // Active runs first: a run that ends in between is then read twice and not missed.
    if (query.activity !== 'active') {
      const limit = endedLimit(query);
      for (let first = 0; first < ids.length; first += EXPERIMENTS_AT_ONCE) {
        const some = ids.slice(first, first + EXPERIMENTS_AT_ONCE);
        yield* backTo(query, pages(some, NOT_ACTIVE, 'attributes.end_time DESC', limit, fetch), 'ended');
      }
    }
  }

  async function readExperiments(fetch: SourceFetch): Promise<readonly string[]> {
    const found: string[] = [];
    const search = { max_results: PAGE_SIZE, view_type: 'ACTIVE_ONLY' };
    const rowsOf = readPages(ask('experiments/search', search), fetch, (response) => ({
      // MLflow leaves an empty list out, so a server without experiments looks like any other server.
      page: listOf(response, 'experiments', 'an MLflow server, and may the credential read any experiment'),
      next: nextPage('experiments/search', search, response),
    }));
    for await (const rows of rowsOf) {
      for (const row of rows) {
        const id = learnExperiment(row);
        // Left out, its runs would be left out with it.
        if (id === undefined) throw new SourceError('shape', `${SYSTEM} sent an experiment without an id and a name.`);
        found.push(id);
      }
    }
    return found;
  }

  function learnExperiment(row: unknown): string | undefined {
    const { experiment_id: id, name: title, workspace } = isObject(row) ? row : {};
    if (typeof id !== 'string' || typeof title !== 'string') return undefined;
    experiments.set(id, { name: title, workspace: typeof workspace === 'string' ? workspace : undefined });
    return id;
  }

  async function* pages(
    ids: readonly string[],
    filter: string,
    order: string,
    limit: number,
    fetch: SourceFetch,
  ): AsyncGenerator<SourcePage, void> {
    for (let first = 0; first < ids.length; first += EXPERIMENTS_AT_ONCE) {
      const search = {
        experiment_ids: ids.slice(first, first + EXPERIMENTS_AT_ONCE),
        filter,
        run_view_type: 'ACTIVE_ONLY',
        max_results: Math.min(limit, PAGE_SIZE),
        order_by: [order],
      };
      let read = 0;
      yield* readPages(ask('runs/search', search), fetch, (response) => {
        const rows = runsIn(response);
        read += rows.length;
        return {
          page: readRows(rows, name, toWire(response)),
          next: read < limit ? nextPage('runs/search', search, response) : undefined,
        };
      });
    }
  }

  async function get(id: string, fetch: SourceFetch): Promise<Run | undefined> {
    const response = await fetch({ url: `${api}runs/get?run_id=${encodeURIComponent(id)}`, accept: [404] });
    if (response.status === 404) return undefined;
    const row = isObject(response.body) ? response.body['run'] : undefined;
    const info = isObject(row) && isObject(row['info']) ? row['info'] : {};
    if (info['lifecycle_stage'] === 'deleted') return undefined;
    const experiment = info['experiment_id'];
    if (typeof experiment === 'string' && !experiments.has(experiment)) {
      const found = await fetch({
        url: `${api}experiments/get?experiment_id=${encodeURIComponent(experiment)}`,
        accept: [403, 404],
      });
      learnExperiment(isObject(found.body) ? found.body['experiment'] : undefined);
    }
    return readOneRow(row, id, name, toWire(response));
  }

  /**
   * A parent often only waits for its children: while one of them, or of theirs, logs metrics it is alive. And a training may log once
   * an hour: its history shows how often.
   */
  async function inspect(run: Run, fetch: SourceFetch): Promise<Run> {
    if (run.status !== 'running') return run;
    const below = await newestBelow(run, fetch);
    if (below > (run.heartbeatAt ?? 0)) return { ...run, heartbeatAt: below };
    return run.heartbeatAt === undefined ? run : withRhythm(run, fetch);
  }

  /** When the newest metric below a run was logged, by its running children or by theirs; 0 if there is none. */
  async function newestBelow(run: Run, fetch: SourceFetch): Promise<number> {
    const childrenOf = new Map<string, JsonObject[]>();
    const { children, now } = await readChildren(fetch);
    for (const child of children) {
      const parent = parentOf(child) ?? '';
      const siblings = childrenOf.get(parent);
      if (siblings === undefined) childrenOf.set(parent, [child]);
      else siblings.push(child);
    }
    const seen = new Set([run.id]);
    let newest = 0;
    // A set may grow while it is walked. A run that is its own ancestor is in it once.
    for (const id of seen) {
      for (const child of childrenOf.get(id) ?? []) {
        newest = Math.max(newest, newestMetric(child, now)?.at ?? 0);
        seen.add(String(objectField(child, 'info', SYSTEM)?.['run_id']));
      }
    }
    return newest;
  }

  /** All running runs that have a parent: the same requests for all runs of a check. */
  async function readChildren(
    fetch: SourceFetch,
  ): Promise<{ readonly children: readonly JsonObject[]; readonly now: Instant | undefined }> {
    const ids = [...experiments.keys()];
    const children: JsonObject[] = [];
    let now: Instant | undefined;
    for (let first = 0; first < ids.length; first += EXPERIMENTS_AT_ONCE) {
      const search = {
        experiment_ids: ids.slice(first, first + EXPERIMENTS_AT_ONCE),
        filter: "attributes.status = 'RUNNING' AND tags.mlflow.parentRunId LIKE '%'",
        run_view_type: 'ACTIVE_ONLY',
        max_results: PAGE_SIZE,
      };
      const pagesOf = readPages(ask('runs/search', search), fetch, (response) => {
        now = serverClock(response);
        return {
          page: objectsIn(runsIn(response), 'runs', SYSTEM),
          next: nextPage('runs/search', search, response),
        };
      });
      for await (const page of pagesOf) children.push(...page);
    }
    return { children, now };
  }

  /** The run with the interval at which it logs its newest metric. Steps may be batches of which only some are logged. */
  async function withRhythm(run: Run, fetch: SourceFetch): Promise<Run> {
    const found = await fetch({ url: `${api}runs/get?run_id=${encodeURIComponent(run.id)}`, accept: [404] });
    if (found.status >= 400) return run;
    const key = newestMetric(objectField(found.body, 'run', SYSTEM) ?? {}, serverClock(found))?.key ?? '';
    if (key === '') return run;
    const query = queryText([
      ['run_id', run.id],
      ['metric_key', key],
      ['max_results', HISTORY],
    ]);
    const response = await fetch({ url: `${api}metrics/get-history?${query}`, accept: [400, 404] });
    if (response.status >= 400) return run;
    const metrics = objectsIn(listField(response.body, 'metrics', SYSTEM) ?? [], 'metrics', SYSTEM);
    const history = metrics.flatMap((metric) => metricOf(metric) ?? []);
    const interval = metricInterval(history);
    return interval === undefined ? run : { ...run, heartbeatInterval: Math.max(interval, run.heartbeatInterval ?? 0) };
  }

  function ask(path: string, body: JsonObject): SourceRequest {
    return { url: `${api}${path}`, method: 'POST', body };
  }

  function nextPage(path: string, search: JsonObject, response: SourceResponse): SourceRequest | undefined {
    const token = textField(response.body, 'next_page_token', SYSTEM);
    return token === undefined ? undefined : ask(path, { ...search, page_token: token });
  }

  return strictSource({ name, kind: 'mlflow', address, list, get, inspect }, SYSTEM, MLFLOW_SHAPES);
}

function without(statuses: readonly string[]): string {
  return statuses.map((status) => `attributes.status != '${status}'`).join(' AND ');
}

/** MLflow leaves an empty list out of its response. */
function runsIn(response: SourceResponse): readonly unknown[] {
  const { body, url } = response;
  refuseError(body, response);
  // MLflow leaves an empty list out, so what is left must be nothing else.
  if (isObject(body) && ('runs' in body || Object.keys(body).every((key) => key === 'next_page_token')))
    return listField(body, 'runs', SYSTEM) ?? [];
  throw new SourceError('shape', `${withoutQuery(url)} sent no list of runs. Is this an MLflow server?`);
}
