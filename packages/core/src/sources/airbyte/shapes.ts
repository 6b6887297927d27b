import { number, some, text, type Shape } from '../reading/shape.js';

/** A job. */
export const AIRBYTE_ROW_SHAPE: Shape = some({
  jobId: number,
  status: text,
  jobType: text,
  startTime: text,
  connectionId: text,
  lastUpdatedAt: text,
  rowsSynced: number,
});
