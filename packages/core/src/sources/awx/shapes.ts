import { boolean, object, some, text, textOrNumber, type Shape } from '../reading/shape.js';

/** A job. */
export const AWX_ROW_SHAPE: Shape = some({
  id: textOrNumber,
  name: text,
  status: text,
  job_explanation: text,
  description: text,
  launch_type: text,
  type: text,
  execution_node: text,
  created: text,
  started: text,
  finished: text,
  failed: boolean,
  summary_fields: object({ created_by: object({ username: text }) }),
});
