import { boolean, either, list, number, object, required, rows, some, text, type Shape } from '../reading/shape.js';
import type { ResponseShapes } from '../reading/strict-source.js';

/** A plain number up to v0.0.38; since then an object that says whether it is set. */
const MAYBE_NUMBER = either(
  'a number, or an object with one',
  number,
  object({ set: boolean, infinite: boolean, number }),
);

const WORDS = either('a text or a list of texts', text, list(text));

const NODES = list(either('a node with its name', some({ nodename: text }), some({ name: text })));

/** A job. */
export const SLURM_JOB_SHAPE: Shape = some({
  job_id: number,
  name: text,
  job_state: WORDS,
  state_reason: text,
  state_description: text,
  account: text,
  partition: text,
  qos: text,
  user_name: text,
  nodes: text,
  batch_host: text,
  dependency: text,
  resv_name: text,
  licenses: text,
  required_nodes: text,
  submit_time: MAYBE_NUMBER,
  eligible_time: MAYBE_NUMBER,
  start_time: MAYBE_NUMBER,
  end_time: MAYBE_NUMBER,
  suspend_time: MAYBE_NUMBER,
  deadline: MAYBE_NUMBER,
  time_limit: MAYBE_NUMBER,
  restart_cnt: MAYBE_NUMBER,
  array_task_id: MAYBE_NUMBER,
  job_resources: object({
    nodes: either('a text or an object', text, object({ allocation: NODES })),
    allocated_nodes: NODES,
  }),
});

const NODE = some({
  name: text,
  state: required(WORDS),
  state_flags: list(text),
  partitions: list(text),
  reason: text,
});

const ERRORS = list(object({ description: text, error: text, error_number: number }));

/** What slurmrestd sends. Where it could not ask the controller, there are errors and an empty list. */
export const SLURM_SHAPES: ResponseShapes = {
  everywhere: [
    [/\/(?:nodes|node\/[^/?]+)$/, object({ nodes: list(NODE), errors: ERRORS })],
    [/\/jobs$/, object({ jobs: rows, errors: ERRORS })],
  ],
  inside: [[/\/jobs$/, object({ jobs: list(SLURM_JOB_SHAPE), errors: ERRORS })]],
};
