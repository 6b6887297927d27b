import { boolean, list, object, some, text, type Shape } from '../reading/shape.js';

/** A build with its jobs, some of which are steps that only wait. */
export const BUILDKITE_ROW_SHAPE: Shape = some({
  id: text,
  state: text,
  blocked: boolean,
  source: text,
  message: text,
  branch: text,
  commit: text,
  scheduled_at: text,
  created_at: text,
  started_at: text,
  finished_at: text,
  creator: object({ name: text }),
  pipeline: object({ slug: text }),
  jobs: list(some({ id: text, type: text, state: text, finished_at: text })),
});
