import type { JsonObject } from '../reading/body.js';
import { epochSecondsToWire } from '../reading/epoch-time.js';
import { meaningOf, shortText, type Vocabulary } from '../reading/vocabulary.js';
import { textLabels } from '../reading/read-rows.js';

/** The states of a task in Celery. A task to be retried waits in the memory of a worker. */
const STATES: Vocabulary = {
  PENDING: { status: 'queued' },
  RECEIVED: { status: 'queued' },
  RETRY: { status: 'queued' },
  STARTED: { status: 'running' },
  SUCCESS: { status: 'completed', outcome: 'succeeded' },
  FAILURE: { status: 'completed', outcome: 'failed' },
  REVOKED: { status: 'completed', outcome: 'cancelled' },
  REJECTED: { status: 'completed', outcome: 'cancelled' },
  IGNORED: { status: 'completed', outcome: 'cancelled' },
};

/** The states of a task that has not ended, in the order of its life. */
export const FLOWER_ACTIVE = ['PENDING', 'RECEIVED', 'RETRY', 'STARTED'] as const;

/** Which workers are alive, by name, as Flower reports it. */
export type Workers = JsonObject;

/** Data that a task itself does not contain. */
export type TaskContext = {
  readonly workers: Workers;
  /** The URL of Flower, with a trailing slash. */
  readonly flower: string;
  /** Custom states that mean that a task is running. */
  readonly custom: readonly string[];
};

/** A task as Flower sends it, in the wire form of a run. Arguments and results are not read: they may hold secrets. */
export function flowerTaskToWire(task: JsonObject, { workers, flower, custom }: TaskContext): Record<string, unknown> {
  const state = task['state'];
  const meaning =
    typeof state === 'string' && custom.includes(state)
      ? { status: 'running' as const, outcome: 'pending' as const, native: { status: state } }
      : meaningOf(STATES, state);
  const waits = meaning.status === 'queued';
  const ended = meaning.status === 'completed';
  const { uuid, worker, retries } = task;
  const endedAt = task['succeeded'] ?? task['failed'] ?? task['revoked'] ?? task['rejected'] ?? task['timestamp'];
  return {
    id: uuid,
    // Flower has no name if it was started after the task had been received.
    type: task['name'] ?? 'unnamed task',
    ...meaning,
    queued_at: epochSecondsToWire(task['sent'] ?? task['received']),
    not_before: waits ? task['eta'] : undefined,
    started_at: waits ? undefined : epochSecondsToWire(task['started']),
    ended_at: ended ? epochSecondsToWire(endedAt) : undefined,
    attempt: typeof retries === 'number' ? retries + 1 : retries,
    flag: ended || typeof worker !== 'string' ? undefined : flagOf(worker, workers),
    failure: meaning.outcome === 'failed' ? { message: shortText(task['exception']) } : undefined,
    url: typeof uuid === 'string' ? `${flower}task/${encodeURIComponent(uuid)}` : undefined,
    labels: textLabels({ worker, routing_key: task['routing_key'], exchange: task['exchange'] }),
  };
}

function flagOf(worker: string, workers: Workers): Record<string, unknown> | undefined {
  if (Object.hasOwn(workers, worker) && workers[worker] === true) return undefined;
  return { kind: 'worker_lost', text: `Flower reports its worker ${worker} as offline.` };
}
