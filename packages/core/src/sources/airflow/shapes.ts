import {
  boolean,
  count,
  either,
  list,
  number,
  object,
  required,
  rows,
  some,
  someOrNone,
  text,
  type Shape,
} from '../reading/shape.js';
import type { ResponseShapes } from '../reading/strict-source.js';

/** A DAG run. */
export const DAG_RUN_SHAPE: Shape = some({
  dag_id: text,
  dag_run_id: text,
  state: text,
  run_type: text,
  triggering_user_name: text,
  end_date: text,
});

const TASK = some({
  task_id: text,
  dag_run_id: text,
  state: text,
  start_date: text,
  end_date: text,
  scheduled_when: text,
  queued_when: text,
  pool: text,
  pool_slots: count,
  trigger: object({ kwargs: text, created_date: text, triggerer_id: number }),
  triggerer_job: object({ hostname: text, latest_heartbeat: text }),
});

const DEFINITION = {
  task_id: text,
  depends_on_past: boolean,
  wait_for_downstream: boolean,
  retry_delay: object({ days: number, seconds: number }),
  retry_exponential_backoff: either('a boolean or a number', boolean, number),
};

const BACKFILL = object({
  is_paused: boolean,
  max_active_runs: count,
  completed_at: text,
  from_date: text,
  to_date: text,
});

function counted(name: string, all: Shape): Shape {
  return some({ [name]: required(all), total_entries: count });
}

/** What Airflow's API sends. */
export const AIRFLOW_SHAPES: ResponseShapes = {
  everywhere: [[/\/dags\/~\/dagRuns\?/, counted('dag_runs', rows)]],
  inside: [
    [
      /\/monitor\/health$/,
      someOrNone({
        metadatabase: object({}),
        scheduler: object({ status: text, latest_scheduler_heartbeat: text }),
        triggerer: object({ status: text, latest_triggerer_heartbeat: text }),
      }),
    ],
    [
      /\/dags\/[^/]+\/details$/,
      someOrNone({
        dag_id: text,
        is_paused: boolean,
        is_stale: boolean,
        max_active_runs: count,
        max_active_tasks: count,
        dag_run_timeout: text,
      }),
    ],
    [/\/taskInstances\?/, counted('task_instances', list(TASK))],
    [/\/dags\/[^/]+\/dagRuns\?/, counted('dag_runs', list(DAG_RUN_SHAPE))],
    [/\/dags\/[^/]+\/dagRuns\/[^/?]+$/, DAG_RUN_SHAPE],
    [/\/backfills\?/, some({ backfills: required(list(BACKFILL)) })],
    [/\/dags\/[^/]+\/tasks$/, some({ tasks: required(list(some(DEFINITION))) })],
    [/\/dags\/[^/]+\/tasks\/[^/?]+$/, someOrNone(DEFINITION)],
    [/\/pools\?/, counted('pools', list(some({ name: text, slots: number, open_slots: number })))],
  ],
};
