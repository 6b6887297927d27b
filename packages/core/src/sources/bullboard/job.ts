import { hasNumber, isObject, type JsonObject } from '../reading/body.js';
import { epochMsToWire } from '../reading/epoch-time.js';
import { activeStatuses, endedStatuses, meaningOf, shortText, type Vocabulary } from '../reading/vocabulary.js';
import { BULLBOARD_JOB_SHAPE } from './shapes.js';
import { checkedWire } from '../reading/read-rows.js';

/** The states of a job in BullMQ, in the order of its life, and `paused`, which BullMQ had up to version 5. */
const STATES: Vocabulary = {
  paused: { status: 'queued', hold: 'paused' },
  'waiting-children': { status: 'queued', hold: 'dependency' },
  delayed: { status: 'queued' },
  waiting: { status: 'queued' },
  prioritized: { status: 'queued' },
  active: { status: 'running' },
  completed: { status: 'completed', outcome: 'succeeded' },
  failed: { status: 'completed', outcome: 'failed' },
};

/** The states in which a job has ended. */
export const BULLBOARD_ENDED = endedStatuses(STATES);

/** A limit that BullMQ enforces on a queue: on its rate, until an instant, or on how many jobs run at once. */
export type QueueLimit = { readonly kind: string; readonly name?: string; readonly until?: Date };

/** What a job does not say of itself. */
export type QueueContext = {
  readonly queue: string;
  readonly isPaused: boolean;
  /** What keeps its waiting jobs from starting although workers are free. */
  readonly limit: QueueLimit | undefined;
  /** Absent if the board hides it. */
  readonly hasWorkers: boolean | undefined;
  /** The URL of the board, with a slash at its end. */
  readonly board: string;
  /** The field of a job's data that names its tenant. */
  readonly tenant: string | undefined;
  /** No queue of the board holds a job that could be a child that still has to end, and some jobs have failed. */
  readonly childrenFailed: boolean;
};

/** The states of a job that a parent may be waiting for. */
const UNFINISHED: readonly string[] = activeStatuses(STATES).filter((state) => state !== 'waiting-children');

/**
 * Whether a parent waits in vain: nothing is left on the board that could be its child, and children have failed, which BullMQ
 * does not pass on to the parent by default. Parents of parents wait for a parent, so one that only parents are left for waits too.
 */
export function haveChildrenFailed(counts: readonly JsonObject[]): boolean {
  const held = (state: string) => counts.some((queue) => queue[state] !== undefined && queue[state] !== 0);
  const unknown = counts.some((queue) =>
    Object.keys(queue).some((state) => !Object.hasOwn(STATES, state) && queue[state] !== 0),
  );
  return !unknown && !UNFINISHED.some(held) && held('failed');
}

/** The states to read from a queue, by its counts: those with jobs in the order of their life, then unknown ones. */
export function statesWithJobs(counts: JsonObject): readonly string[] {
  const known = Object.keys(STATES);
  const place = (state: string) => (known.includes(state) ? known.indexOf(state) : known.length);
  return Object.keys(counts)
    .filter((state) => counts[state] !== 0)
    .sort((a, b) => place(a) - place(b));
}

/** The id of a job among those of all queues: BullMQ's own is unique within its queue only. */
export function bullboardRunId(queue: string, id: string): string {
  return `${encodeURIComponent(queue)}/${id}`;
}

/**
 * A job as bull-board sends it, in the wire form of a run. A job in a list does not name its state: it is the requested one.
 *
 * `data` and `returnValue` may hold secrets and are not read, except for the tenant if the config names its field.
 */
export function bullboardJobToWire(job: JsonObject, state: string, context: QueueContext): Record<string, unknown> {
  const meaning = meaningOf(STATES, state);
  const waits = meaning.status === 'queued';
  const ended = meaning.status === 'completed';
  const retries = state === 'delayed' && hasNumber(job['attempts']) && job['attempts'] > 0;
  const { queue, isPaused, board, tenant } = context;
  const limit = SERVED.has(state) ? context.limit : undefined;
  const id = typeof job['id'] === 'string' && job['id'] !== '' ? job['id'] : undefined;
  const data = isObject(job['data']) ? job['data'] : {};
  const owner = tenant === undefined ? undefined : data[tenant];
  return checkedWire(job, BULLBOARD_JOB_SHAPE, 'a bull-board', {
    id: id === undefined ? job['id'] : bullboardRunId(queue, id),
    type: job['name'] === '' || job['name'] === '__default__' ? queue : job['name'],
    tenant: typeof owner === 'string' || hasNumber(owner) ? { id: String(owner) } : undefined,
    ...meaning,
    // A delayed job is not moved when its queue is paused; once due it waits like the others.
    hold: waits && isPaused ? 'paused' : retries ? 'retry' : limit === undefined ? meaning.hold : 'limit',
    waits_for: isPaused ? undefined : retries ? { kind: 'next attempt', until: dueAt(job) } : limit,
    queued_at: epochMsToWire(job['timestamp']),
    not_before: waits ? dueAt(job) : undefined,
    started_at: waits ? undefined : epochMsToWire(job['processedOn']),
    ended_at: ended ? epochMsToWire(job['finishedOn']) : undefined,
    attempt: attemptOf(job, waits, ended),
    flag: flagOf(state, context),
    progress: progressOf(job['progress']),
    failure: meaning.outcome === 'failed' ? { message: shortText(job['failedReason']) } : undefined,
    url: id === undefined ? undefined : `${board}queue/${encodeURIComponent(queue)}/${encodeURIComponent(id)}`,
    labels: { queue },
  });
}

/** What speaks against a job. A paused queue has no need of workers. */
function flagOf(
  state: string,
  { queue, hasWorkers, isPaused, childrenFailed }: QueueContext,
): Record<string, unknown> | undefined {
  const text = withoutWorker(queue);
  if (state === 'active' && hasWorkers === false) return { kind: 'worker_lost', by: 'source', text };
  if (SERVED.has(state) && hasWorkers === false && !isPaused) return { kind: 'cannot_start', by: 'source', text };
  if (state !== 'waiting-children' || !childrenFailed) return undefined;
  const why = 'No queue of the board holds a job that could still be one of its children, and jobs have failed.';
  return { kind: 'orphaned', by: 'tardy', text: why };
}

/** What is wrong with a queue that no worker serves. */
export function withoutWorker(queue: string): string {
  return `No worker is connected to the queue ${queue}.`;
}

/** The states of a job that the next free worker takes. */
const SERVED: ReadonlySet<string> = new Set(['waiting', 'prioritized']);

/**
 * When a waiting job may start. BullMQ keeps the delay of a first start in the options of the job and, while it runs, of a retry in
 * the job itself, where it counts from about the last start.
 */
function dueAt(job: JsonObject): unknown {
  const options = isObject(job['opts']) ? job['opts'] : {};
  const created = job['timestamp'];
  if (!hasNumber(created)) return undefined;
  const lastStart = hasNumber(job['processedOn']) ? job['processedOn'] : created;
  return epochMsToWire(Math.max(created + delayOf(options['delay']), lastStart + delayOf(job['delay'])));
}

function delayOf(delay: unknown): number {
  return hasNumber(delay) && delay > 0 ? delay : 0;
}

/** `attempts` counts those that ended; `attemptsStarted` is sent where more were started, as after a stall. */
function attemptOf(job: JsonObject, waits: boolean, ended: boolean): unknown {
  const finished = job['attempts'] ?? 0;
  if (!hasNumber(finished)) return finished;
  const started = job['attemptsStarted'] ?? (ended || waits ? finished : finished + 1);
  return hasNumber(started) ? Math.max(1, waits ? started + 1 : started) : started;
}

const DONE = ['done', 'processed', 'completed', 'current'] as const;

/** Progress is whatever the job reports: by habit a percentage, or an object that names what is done and a total. */
function progressOf(progress: unknown): Record<string, unknown> | undefined {
  if (typeof progress === 'number' && progress > 0 && progress <= 100) {
    return { processed: progress, total: 100, unit: '%' };
  }
  if (!isObject(progress)) return undefined;
  const { total } = progress;
  const processed = DONE.map((name) => progress[name]).find((count) => typeof count === 'number');
  if (typeof processed !== 'number' || typeof total !== 'number' || processed < 0 || processed > total)
    return undefined;
  return { processed, total };
}
