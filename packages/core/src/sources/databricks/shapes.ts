import { number, object, some, text, type Shape } from '../reading/shape.js';

/** A run. */
export const DATABRICKS_ROW_SHAPE: Shape = some({
  run_id: number,
  run_name: text,
  job_id: number,
  run_type: text,
  trigger: text,
  start_time: number,
  end_time: number,
  creator_user_name: text,
  state: some({ life_cycle_state: text, result_state: text, state_message: text }),
  status: object({
    queue_details: object({ message: text }),
    termination_details: object({ code: text }),
  }),
});
