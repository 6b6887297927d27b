import { boolean, count, list, number, object, required, rows, some, text, type Shape } from '../reading/shape.js';
import type { ResponseShapes } from '../reading/strict-source.js';

/** A flow run. */
export const PREFECT_RUN_SHAPE: Shape = some({
  id: text,
  name: text,
  flow_id: text,
  deployment_id: text,
  parent_task_run_id: text,
  state_type: text,
  state_name: text,
  run_count: number,
  auto_scheduled: boolean,
  work_pool_name: text,
  work_queue_name: text,
  tags: list(text),
  created_by: object({ type: text, display_value: text }),
  state: object({
    timestamp: text,
    message: text,
    state_details: object({ pause_timeout: text, run_input_keyset: object({}) }),
  }),
});

const TASK_RUN = some({
  id: text,
  name: text,
  state_type: text,
  state_name: text,
  tags: list(text),
  next_scheduled_start_time: text,
  expected_start_time: text,
  state: object({ timestamp: text }),
});

const POOL = some({
  name: text,
  status: text,
  is_paused: boolean,
  concurrency_limit: count,
});

function counted(all: Shape): Shape {
  return some({ results: required(all), count });
}

/** What Prefect's API sends. */
export const PREFECT_SHAPES: ResponseShapes = {
  everywhere: [
    [/\/flow_runs\/paginate$/, counted(rows)],
    [/\/flows\/filter$/, list(some({ id: text, name: text }))],
  ],
  inside: [
    [/\/flow_runs\/paginate$/, counted(list(PREFECT_RUN_SHAPE))],
    [/\/task_runs\/filter$/, list(TASK_RUN)],
    [/\/concurrency_limits\/tag\//, some({ concurrency_limit: count, active_slots: list(text) })],
    [/\/work_pools\//, POOL],
    [/\/deployments\//, some({ id: text, name: text, status: text })],
    [/\/events\/filter$/, some({ events: required(list(some({ occurred: text }))) })],
  ],
};
