import { hasNumber, isTrue, type JsonObject } from '../reading/body.js';
import { epochSecondsToWire } from '../reading/epoch-time.js';
import { activeStatuses, endedStatuses, meaningOf, shortText, type Vocabulary } from '../reading/vocabulary.js';
import { checkedWire, textLabels } from '../reading/read-rows.js';
import { FLOWER_TASK_SHAPE } from './shapes.js';

/** The states of a task in Celery, in the order of its life. A task to be retried waits in the memory of a worker. */
export const FLOWER_STATES: Vocabulary = {
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
export const FLOWER_ACTIVE = activeStatuses(FLOWER_STATES);

/** The states in which a task has ended. */
export const FLOWER_ENDED = endedStatuses(FLOWER_STATES);

/** Which workers are online, by name, as Flower reports it. */
export type Workers = Readonly<Record<string, boolean>>;

/** Data that a task itself does not contain. */
export type TaskContext = {
  readonly workers: Workers;
  /** Whether one of them is online. */
  readonly anyOnline: boolean;
  /** The URL of Flower, with a trailing slash. */
  readonly flower: string;
  /** Custom states that mean that a task is running. */
  readonly custom: readonly string[];
};

/** A task as Flower sends it, in the wire form of a run. Arguments and results are not read: they may hold secrets. */
export function flowerTaskToWire(
  task: JsonObject,
  { workers, anyOnline, flower, custom }: TaskContext,
): Record<string, unknown> {
  const state = task['state'];
  const meaning =
    typeof state === 'string' && custom.includes(state)
      ? { status: 'running' as const, outcome: 'pending' as const, native: { status: state } }
      : meaningOf(FLOWER_STATES, state);
  const waits = meaning.status === 'queued';
  const ended = meaning.status === 'completed';
  const { uuid, worker, retries, retried } = task;
  const eta = waits ? (task['eta'] ?? undefined) : undefined;
  const isRetry = state === 'RETRY' || (hasNumber(retries) && retries > 0);
  const endedAt = task['succeeded'] ?? task['failed'] ?? task['revoked'] ?? task['rejected'] ?? task['timestamp'];
  return checkedWire(task, FLOWER_TASK_SHAPE, 'Flower', {
    id: uuid,
    // Flower has no name if it was started after the task had been received.
    type: task['name'] ?? 'unnamed task',
    ...meaning,
    hold: eta === undefined ? undefined : isRetry ? 'retry' : 'schedule',
    waits_for: eta === undefined ? undefined : { kind: isRetry ? 'next attempt' : 'time', until: eta },
    queued_at: epochSecondsToWire(task['sent'] ?? task['received']),
    not_before: eta,
    started_at: waits ? undefined : epochSecondsToWire(task['started']),
    phase_at: waits ? epochSecondsToWire(retried) : undefined,
    ended_at: ended ? epochSecondsToWire(endedAt) : undefined,
    // A worker that gets the task after this time discards it.
    deadline_at: waits ? task['expires'] : undefined,
    attempt: typeof retries === 'number' ? retries + 1 : retries,
    flag: ended ? undefined : flagOf(worker, workers, anyOnline),
    failure: meaning.outcome === 'failed' ? { message: shortText(task['exception']) } : undefined,
    url: typeof uuid === 'string' ? `${flower}task/${encodeURIComponent(uuid)}` : undefined,
    labels: textLabels({ worker, routing_key: task['routing_key'], exchange: task['exchange'] }),
  });
}

function flagOf(worker: unknown, workers: Workers, anyOnline: boolean): Record<string, unknown> | undefined {
  if (typeof worker !== 'string') {
    return anyOnline
      ? undefined
      : { kind: 'cannot_start', by: 'source', text: 'Flower reports every worker as offline.' };
  }
  const isOnline = Object.hasOwn(workers, worker) ? workers[worker] : undefined;
  if (isTrue(isOnline)) return undefined;
  const text =
    isOnline === false
      ? `Flower reports its worker ${worker} as offline.`
      : `Flower no longer lists its worker ${worker}.`;
  return { kind: 'worker_lost', by: 'source', text };
}
