import {
  anything,
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

/** A job. What it works with and what it reports of its progress may be anything. */
export const BULLBOARD_JOB_SHAPE: Shape = some({
  id: text,
  name: text,
  timestamp: number,
  processedOn: number,
  finishedOn: number,
  delay: number,
  attempts: number,
  attemptsStarted: number,
  opts: object({ delay: number }),
});

function queues(jobs: Shape): Shape {
  const queue = some({
    name: text,
    counts: record(count),
    isPaused: boolean,
    hasWorkers: boolean,
    globalConcurrency: count,
    activeRateLimitTtl: number,
    jobs,
  });
  return some({ queues: required(list(queue)) });
}

/** What a board sends. */
export const BULLBOARD_SHAPES: ResponseShapes = {
  everywhere: [[/\/api\/queues(?:\?|$)/, queues(rows)]],
  inside: [
    [/\/api\/queues(?:\?|$)/, queues(list(BULLBOARD_JOB_SHAPE))],
    [/\/flow\?/, object({ flowRoot: anything })],
  ],
};
