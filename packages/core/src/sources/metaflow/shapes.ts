import { list, number, required, rows, some, text, textOrNumber, type Shape } from '../reading/shape.js';
import type { ResponseShapes } from '../reading/strict-source.js';

/** A run. */
export const METAFLOW_RUN_SHAPE: Shape = some({
  flow_id: text,
  run: textOrNumber,
  run_id: text,
  run_number: number,
  user: text,
  status: text,
  ts_epoch: number,
  finished_at: number,
  last_heartbeat_ts: number,
  system_tags: list(text),
});

const TASK = some({
  step_name: text,
  task_id: textOrNumber,
  attempt_id: number,
  status: text,
  ts_epoch: number,
  finished_at: number,
  last_heartbeat_ts: number,
});

/** What the backend of Metaflow's UI sends. */
export const METAFLOW_SHAPES: ResponseShapes = {
  everywhere: [
    [/\/tasks\?/, some({ data: required(list(TASK)) })],
    // Among those that failed are some that continue; one that cannot be read could be one of them.
    [/\/runs\?status=failed&/, some({ data: required(list(METAFLOW_RUN_SHAPE)) })],
    [/\/runs\?/, some({ data: required(rows) })],
    [/\/flows\/[^/]+\/runs\/[^/?]+$/, some({ data: required(METAFLOW_RUN_SHAPE) })],
  ],
};
