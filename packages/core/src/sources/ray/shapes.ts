import {
  boolean,
  count,
  list,
  number,
  object,
  record,
  required,
  rows,
  some,
  text,
  type Shape,
} from '../reading/shape.js';
import type { ResponseShapes } from '../reading/strict-source.js';

/** A job. */
export const RAY_JOB_SHAPE: Shape = some({
  job_id: text,
  submission_id: text,
  status: text,
  entrypoint: text,
  message: text,
  error_type: text,
  driver_node_id: text,
  start_time: number,
  end_time: number,
  metadata: object({ job_name: text }),
});

const NODE = some({
  node_id: text,
  state: text,
  state_message: text,
  resources_total: record(number),
  end_time_ms: number,
});

const WORK = some({
  name: text,
  job_id: text,
  state: text,
  required_resources: record(number),
  events: list(object({ created_ms: number })),
});

function state(row: Shape): Shape {
  const found = some({ result: required(list(row)), num_filtered: count });
  return some({ result: boolean, data: object({ result: found }) });
}

/** What the dashboard sends. */
export const RAY_SHAPES: ResponseShapes = {
  everywhere: [
    [/\/api\/version$/, some({ ray_version: text })],
    [/\/api\/jobs\/$/, rows],
    [/\/api\/jobs\/[^/?]+$/, RAY_JOB_SHAPE],
    [/\/api\/v0\/nodes\?/, state(NODE)],
    [/\/api\/v0\/(?:tasks|actors)\?/, state(WORK)],
  ],
};
