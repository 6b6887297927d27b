import type { Run } from '../../run.js';
import type { SourceAdapter } from '../descriptor.js';
import { basicOrBearer } from '../reading/basic-or-bearer.js';
import { isObject, listOf, withoutQuery, withSlash, type JsonObject } from '../reading/body.js';
import { endedLimit } from '../reading/ended-limit.js';
import { mlflowRunToWire, newestMetricAt, type MlflowExperiment } from './run.js';
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

/** Where an MLflow tracking server is. */
export type MlflowConfig = { readonly url: string };

/** MLflow in short, for the registry of kinds. */
export const mlflowAdapter: SourceAdapter<MlflowConfig> = {
  create: mlflowSource,
  credentialHeaders: basicOrBearer,
  configFromUri: (rest) => ({ url: baseUrl(rest, 'mlflow:https://host.example') }),
};

/** The statuses of a run that has ended. What has not is asked for by leaving these out, since MLflow knows no "or". */
export const MLFLOW_ENDED = ['FINISHED', 'FAILED', 'KILLED'] as const;

/** The statuses of a run that has not. */
export const MLFLOW_ACTIVE = ['RUNNING', 'SCHEDULED'] as const;

const PAGE_SIZE = 1000;

/** Runs are only found by their experiments; so many are named in one question. */
const EXPERIMENTS_AT_ONCE = 500;

/** Of a parent, so many children are looked at for signs of life. */
const CHILDREN = 100;

/** Reads the runs of an MLflow tracking server. */
export function mlflowSource(name: string, { url }: MlflowConfig): Source {
  const address = withSlash(url);
  const api = `${address}api/2.0/mlflow/`;
  const experiments = new Map<string, MlflowExperiment>();
  const toWire = (row: JsonObject) => mlflowRunToWire(row, experiments, address);

  async function* list(query: SourceQuery, fetch: SourceFetch): AsyncGenerator<SourcePage, void> {
    const ids = await readExperiments(fetch);
    yield* pages(ids, without(MLFLOW_ENDED), 'attributes.start_time ASC', Infinity, fetch);
    // After the active ones: a run that ends in between is then seen twice and not missed.
    if (query.activity !== 'active') {
      yield* pages(ids, without(MLFLOW_ACTIVE), 'attributes.end_time DESC', endedLimit(query), fetch);
    }
  }

  async function readExperiments(fetch: SourceFetch): Promise<readonly string[]> {
    const found: string[] = [];
    const search = { max_results: PAGE_SIZE, view_type: 'ACTIVE_ONLY' };
    const rowsOf = readPages(ask('experiments/search', search), fetch, (response) => ({
      // An empty list is left out: a server without a single experiment cannot be told from something else entirely.
      page: listOf(response, 'experiments', 'an MLflow server, and may the credential read any experiment'),
      next: nextPage('experiments/search', search, response),
    }));
    for await (const rows of rowsOf) {
      for (const row of rows) {
        const id = learnExperiment(row);
        if (id !== undefined) found.push(id);
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
          page: readRows(rows, name, toWire),
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
    return readOneRow(row, id, name, toWire);
  }

  /** A parent often only waits for its children: while one of them logs metrics it is alive. */
  async function inspect(run: Run, fetch: SourceFetch): Promise<Run> {
    if (run.status !== 'running' || experiments.size === 0) return run;
    const search = {
      experiment_ids: [...experiments.keys()].slice(0, EXPERIMENTS_AT_ONCE),
      // A quote in an id, which MLflow never makes, would end the text.
      filter: `tags.mlflow.parentRunId = '${run.id.replaceAll("'", '')}' AND attributes.status = 'RUNNING'`,
      run_view_type: 'ACTIVE_ONLY',
      max_results: CHILDREN,
      order_by: ['attributes.start_time DESC'],
    };
    const children = runsIn(await fetch(ask('runs/search', search))).filter(isObject);
    const heartbeats = children.flatMap((child) => newestMetricAt(child) ?? []);
    const newest = Math.max(run.heartbeatAt ?? 0, ...heartbeats);
    return newest === (run.heartbeatAt ?? 0) ? run : { ...run, heartbeatAt: newest };
  }

  function ask(path: string, body: JsonObject): SourceRequest {
    return { url: `${api}${path}`, method: 'POST', body };
  }

  function nextPage(path: string, search: JsonObject, response: SourceResponse): SourceRequest | undefined {
    const token = isObject(response.body) ? response.body['next_page_token'] : undefined;
    if (token === undefined || token === null || token === '') return undefined;
    return ask(path, { ...search, page_token: token });
  }

  return { name, kind: 'mlflow', address, list, get, inspect };
}

function without(statuses: readonly string[]): string {
  return statuses.map((status) => `attributes.status != '${status}'`).join(' AND ');
}

/** MLflow leaves an empty list out of its answer. */
function runsIn(response: SourceResponse): readonly unknown[] {
  const { body } = response;
  const runs = isObject(body) ? (body['runs'] ?? []) : undefined;
  if (Array.isArray(runs)) return runs;
  throw new SourceError('shape', `${withoutQuery(response.url)} sent no list of runs. Is this an MLflow server?`);
}
