import { number, some, text, type Shape } from '../reading/shape.js';

/** A pipeline. */
export const WOODPECKER_ROW_SHAPE: Shape = some({
  repo_id: number,
  number,
  status: text,
  event: text,
  title: text,
  message: text,
  author: text,
  branch: text,
  commit: text,
  created: number,
  started: number,
  finished: number,
});
