import type { InitiatorKind } from '../../run.js';
import type { JsonObject } from '../reading/body.js';
import { meaningOf, shortText, wordIn, type Vocabulary } from '../reading/vocabulary.js';
import { checkedWire, textLabels } from '../reading/read-rows.js';
import { DAG_RUN_SHAPE } from './shapes.js';
import { SYSTEM } from './api.js';

/** Airflow's `DagRunState`. */
export const AIRFLOW_STATES: Vocabulary = {
  queued: { status: 'queued' },
  running: { status: 'running' },
  success: { status: 'completed', outcome: 'succeeded' },
  failed: { status: 'completed', outcome: 'failed' },
};

/** Airflow's `DagRunType`. Who created a manual run decides what started it. */
const INITIATORS: Readonly<Record<string, InitiatorKind>> = {
  scheduled: 'schedule',
  asset_triggered: 'event',
  asset_materialization: 'event',
  operator_triggered: 'api',
  backfill: 'user',
};

/**
 * A DAG run as Airflow sends it, in the wire form of a run.
 *
 * The id of a DAG run is unique within its DAG only, so ours names both. `last_scheduling_decision` is no heartbeat: it shows that
 * the scheduler is alive, not that a task is.
 */
export function airflowRunToWire(row: JsonObject, address: string): Record<string, unknown> {
  const dag = row['dag_id'];
  const runId = row['dag_run_id'];
  const named = typeof dag === 'string' && dag !== '' && typeof runId === 'string' && runId !== '';
  const meaning = meaningOf(AIRFLOW_STATES, row['state']);
  return checkedWire(row, DAG_RUN_SHAPE, SYSTEM, {
    id: named ? `${dag}/${runId}` : undefined,
    type: dag,
    title: runId,
    ...meaning,
    queued_at: row['queued_at'],
    not_before: meaning.status === 'queued' ? row['run_after'] : undefined,
    started_at: meaning.status === 'queued' ? undefined : row['start_date'],
    ended_at: meaning.status === 'completed' ? row['end_date'] : undefined,
    initiator: initiatorOf(row),
    url: named ? `${address}dags/${encodeURIComponent(dag)}/runs/${encodeURIComponent(runId)}` : undefined,
    labels: textLabels({
      run_type: row['run_type'],
      logical_date: row['logical_date'],
      partition: shortText(row['partition_key']),
      bundle_version: row['bundle_version'],
    }),
  });
}

function initiatorOf(row: JsonObject): Record<string, unknown> | undefined {
  const type = row['run_type'];
  const name = row['triggering_user_name'];
  if (type === 'manual') return { kind: typeof name === 'string' && name !== '' ? 'user' : 'api', name };
  const kind = wordIn(INITIATORS, type);
  return kind === undefined ? undefined : { kind, name };
}
