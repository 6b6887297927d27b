import type { Instant } from '../../run.js';
import { hasNumber, hasText, listField, objectField, objectsIn, type JsonObject } from '../reading/body.js';
import { epochMsToWire } from '../reading/epoch-time.js';
import { meaningOf, type Vocabulary } from '../reading/vocabulary.js';
import { checkedWire, textLabels } from '../reading/read-rows.js';
import { MLFLOW_RUN_SHAPE } from './shapes.js';

/** What MLflow is called in messages. */
export const SYSTEM = 'MLflow';

/** MLflow's `RunStatus`. */
export const MLFLOW_STATUSES: Vocabulary = {
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
 * MLflow has no heartbeat, but a run that logs metrics leaves a trace with each: the newest one counts as its heartbeat.
 */
export function mlflowRunToWire(
  row: JsonObject,
  experiments: ReadonlyMap<string, MlflowExperiment>,
  address: string,
  now?: Instant,
): Record<string, unknown> {
  const info = objectField(row, 'info', SYSTEM) ?? {};
  const meaning = meaningOf(MLFLOW_STATUSES, info['status']);
  const id = info['run_id'];
  const experimentId = info['experiment_id'];
  const experiment = typeof experimentId === 'string' ? experiments.get(experimentId) : undefined;
  const startedAt = info['start_time'];
  const newest = newestMetric(row, now);
  const tags = tagsOf(row);
  const user = tags.get('mlflow.user') ?? (info['user_id'] === '' ? undefined : info['user_id']);
  const page = typeof id === 'string' && typeof experimentId === 'string';
  return checkedWire(row, MLFLOW_RUN_SHAPE, SYSTEM, {
    id,
    type: experiment?.name ?? experimentId,
    title: info['run_name'],
    workspace: experiment?.workspace === undefined ? undefined : { id: experiment.workspace },
    ...meaning,
    // The moment it was created. A run that waits has not started then.
    queued_at: epochMsToWire(startedAt),
    started_at: meaning.status === 'queued' ? undefined : epochMsToWire(startedAt),
    heartbeat_at: meaning.status === 'running' ? epochMsToWire(newest?.at) : undefined,
    heartbeat_interval:
      newest === undefined || meaning.status !== 'running' ? undefined : intervalOf(newest, startedAt),
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
  });
}

/** A metric of a run: its key, when it was logged (epoch milliseconds), and the step that the client gave it. */
export type Metric = { readonly key: string; readonly at: number; readonly step: number };

/** How far the clock of a client may be ahead of the server, as `clock_tolerance` is by default. */
const AHEAD_MS = 30_000;

/**
 * The newest metric of a run. Clients may state any time with a metric: a time before the start of the run (seconds in place of
 * milliseconds, the date of a data set) or in the future (the date of a forecast) says nothing about when it was logged.
 *
 * @param now the clock of the server, if known.
 */
export function newestMetric(row: JsonObject, now: Instant = Infinity): Metric | undefined {
  const startedAt = objectField(row, 'info', SYSTEM)?.['start_time'];
  const from = typeof startedAt === 'number' ? startedAt : 0;
  let newest: Metric | undefined;
  for (const value of dataIn(row, 'metrics')) {
    const metric = metricOf(value);
    if (metric === undefined || metric.at < from || metric.at > now + AHEAD_MS) continue;
    if (metric.at > (newest?.at ?? 0)) newest = metric;
  }
  return newest;
}

/** A metric as MLflow sends it; `undefined` for one without a usable time. */
export function metricOf({ key, timestamp, step }: JsonObject): Metric | undefined {
  if (!hasNumber(timestamp) || timestamp <= 0) return undefined;
  return { key: hasText(key) ? key : '', at: timestamp, step: hasNumber(step) && step > 0 ? step : 0 };
}

/** How often a run logs metrics, in seconds, by the steps it has logged so far: an epoch may take an hour. */
function intervalOf({ at, step }: Metric, startedAt: unknown): number | undefined {
  return step === 0 || typeof startedAt !== 'number' || at <= startedAt ? undefined : (at - startedAt) / step / 1000;
}

/**
 * How often a run logs a metric, in milliseconds, by the history of that metric: the gap that 19 of 20 do not exceed, so that one long
 * pause among many steps does not count. `undefined` for fewer than two gaps.
 */
export function metricInterval(history: readonly Metric[]): number | undefined {
  const times = [...new Set(history.map(({ at }) => at))].sort((a, b) => a - b);
  const gaps = times.slice(1).map((at, index) => at - (times[index] ?? at));
  if (gaps.length < 2) return undefined;
  return gaps.sort((a, b) => a - b)[Math.ceil(gaps.length * 0.95) - 1];
}

/** The id of the run that a run is a child of. */
export function parentOf(row: JsonObject): string | undefined {
  const parent = tagsOf(row).get('mlflow.parentRunId');
  return hasText(parent) ? parent : undefined;
}

function tagsOf(row: JsonObject): ReadonlyMap<unknown, unknown> {
  const tags = new Map<unknown, unknown>();
  for (const { key, value } of dataIn(row, 'tags')) tags.set(key, value);
  return tags;
}

function dataIn(row: JsonObject, name: string): readonly JsonObject[] {
  return objectsIn(listField(objectField(row, 'data', SYSTEM) ?? {}, name, SYSTEM) ?? [], name, SYSTEM);
}
