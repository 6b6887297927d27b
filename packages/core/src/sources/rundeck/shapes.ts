import { number, object, some, text, type Shape } from '../reading/shape.js';

/** An execution. */
export const RUNDECK_ROW_SHAPE: Shape = some({
  id: number,
  status: text,
  description: text,
  project: text,
  user: text,
  executionType: text,
  job: object({ name: text, group: text }),
  'date-started': object({ unixtime: number }),
  'date-ended': object({ unixtime: number }),
});
