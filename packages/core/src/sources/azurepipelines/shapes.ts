import { number, object, some, text, type Shape } from '../reading/shape.js';

/** A build. */
export const AZURE_PIPELINES_ROW_SHAPE: Shape = some({
  id: number,
  buildNumber: text,
  status: text,
  result: text,
  reason: text,
  definition: object({ name: text }),
  queueTime: text,
  startTime: text,
  finishTime: text,
  requestedFor: object({ displayName: text }),
  sourceBranch: text,
  sourceVersion: text,
  _links: object({ web: object({ href: text }) }),
});
