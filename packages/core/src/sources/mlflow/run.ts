import { isObject, type JsonObject } from '../reading/body.js';
import { epochMsToWire } from '../reading/epoch-time.js';
import { meaningOf, type Vocabulary } from '../reading/vocabulary.js';
import { textLabels } from '../reading/read-rows.js';

/** MLflow's `RunStatus`. */
const STATUSES: Vocabulary = {
  SCHEDULED: { status: 'queued' },
  RUNNING: { status: 'running' },
  FINISHED: { status: 'completed', outcome: 'succeeded' },
  FAILED: { status: 'completed', outcome: 'failed' },
  KILLED: { status: 'completed', outcome: 'cancelled' },
};

/** What is known of an experiment. */
export type MlflowExperiment = { readonly name: string; readonly workspace: string | undefined };

/**
 * A run as MLflow sends it, in the wire form of a run.
 *
 * MLflow has no heartbeat, but a run that logs metrics leaves a trace with each: the newest one is its last sign of life.
 */
export function mlflowRunToWire(
  row: JsonObject,
  experiments: ReadonlyMap<string, MlflowExperiment>,
  address: string,
): Record<string, unknown> {
  const info = isObject(row['info']) ? row['info'] : {};
  const meaning = meaningOf(STATUSES, info['status']);
  const id = info['run_id'];
  const experimentId = info['experiment_id'];
  const experiment = typeof experimentId === 'string' ? experiments.get(experimentId) : undefined;
  const startedAt = info['start_time'];
  const tags = tagsOf(row);
  const user = tags.get('mlflow.user') ?? (info['user_id'] === '' ? undefined : info['user_id']);
  const page = typeof id === 'string' && typeof experimentId === 'string';
  return {
    id,
    type: experiment?.name ?? experimentId,
    title: info['run_name'],
    workspace: experiment?.workspace === undefined ? undefined : { id: experiment.workspace },
    ...meaning,
    // The moment it was created; a run that only waits has not begun then.
    queued_at: epochMsToWire(startedAt),
    started_at: meaning.status === 'queued' ? undefined : epochMsToWire(startedAt),
    heartbeat_at: meaning.status === 'running' ? epochMsToWire(newestMetricAt(row)) : undefined,
    ended_at: meaning.status === 'completed' ? epochMsToWire(info['end_time']) : undefined,
    initiator: user === undefined ? undefined : { kind: 'user', name: user },
    url: page
      ? `${address}#/experiments/${encodeURIComponent(experimentId)}/runs/${encodeURIComponent(id)}`
      : undefined,
    labels: textLabels({
      source: tags.get('mlflow.source.name'),
      source_type: tags.get('mlflow.source.type'),
      parent_run: tags.get('mlflow.parentRunId'),
    }),
  };
}

/**
 * When the newest metric of a run was logged. Clients may state any time with a metric: what lies before the start of the run
 * (seconds in place of milliseconds, the date of a data set) says nothing of when it was logged.
 */
export function newestMetricAt(row: JsonObject): number | undefined {
  const data = isObject(row['data']) ? row['data'] : {};
  const info = isObject(row['info']) ? row['info'] : {};
  const startedAt = typeof info['start_time'] === 'number' ? info['start_time'] : 0;
  let newest: number | undefined;
  for (const metric of listIn(data, 'metrics')) {
    const at = isObject(metric) ? metric['timestamp'] : undefined;
    if (typeof at === 'number' && at > 0 && at >= startedAt && at > (newest ?? 0)) newest = at;
  }
  return newest;
}

function tagsOf(row: JsonObject): ReadonlyMap<unknown, unknown> {
  const data = isObject(row['data']) ? row['data'] : {};
  const tags = new Map<unknown, unknown>();
  for (const tag of listIn(data, 'tags')) if (isObject(tag)) tags.set(tag['key'], tag['value']);
  return tags;
}

function listIn(object: JsonObject, name: string): readonly unknown[] {
  const list = object[name];
  return Array.isArray(list) ? list : [];
}
