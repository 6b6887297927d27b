import { anything, boolean, list, number, object, record, required, some, text, type Shape } from '../reading/shape.js';
import type { ResponseShapes } from '../reading/strict-source.js';

/** A task. */
export const FLOWER_TASK_SHAPE: Shape = some({
  uuid: text,
  state: text,
  name: text,
  worker: text,
  retries: number,
  eta: text,
  sent: number,
  received: number,
  started: number,
  retried: number,
  routing_key: text,
  exchange: text,
});

const TASKS = list(some({ id: text }));

const QUEUE = object({ name: text, routing_key: text, exchange: object({ type: text }), bindings: list(anything) });

/** What Flower sends. */
export const FLOWER_SHAPES: ResponseShapes = {
  everywhere: [[/\/api\/workers\?status=1$/, record(boolean)]],
  inside: [
    [
      /\/api\/workers\?refresh=1/,
      record(
        object({
          timestamp: number,
          active: TASKS,
          reserved: TASKS,
          scheduled: list(some({ request: required(some({ id: text })) })),
          active_queues: list(QUEUE),
          registered: list(text),
        }),
      ),
    ],
    [/\/api\/task\/result\//, some({ state: text })],
  ],
};
