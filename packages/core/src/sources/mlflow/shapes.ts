import { list, number, object, required, some, text, type Shape } from '../reading/shape.js';
import type { ResponseShapes } from '../reading/strict-source.js';

const METRICS = list(some({ key: text, timestamp: number, step: number }));

/** A run. */
export const MLFLOW_RUN_SHAPE: Shape = some({
  info: required(
    some({
      run_id: text,
      experiment_id: text,
      status: text,
      lifecycle_stage: text,
      start_time: number,
      end_time: number,
      run_name: text,
      user_id: text,
    }),
  ),
  data: object({ metrics: METRICS, tags: list(some({ key: text, value: text })) }),
});

const EXPERIMENT = some({ experiment_id: text, name: text, workspace: text });

/** What an MLflow server sends. */
export const MLFLOW_SHAPES: ResponseShapes = {
  everywhere: [
    [/\/experiments\/search$/, object({ experiments: list(EXPERIMENT) })],
    [/\/experiments\/get\?/, some({ experiment: required(EXPERIMENT) })],
    [/\/runs\/get\?/, some({ run: required(MLFLOW_RUN_SHAPE) })],
  ],
  inside: [
    [/\/runs\/search$/, object({ runs: list(MLFLOW_RUN_SHAPE) })],
    [/\/metrics\/get-history\?/, some({ metrics: required(METRICS) })],
  ],
};
