import type { Instant, Run } from '../../run.js';
import { hasNumber, hasText, isObject, listField, type JsonObject } from '../reading/body.js';

/** What a worker answered when Flower inspected it. */
export type WorkerAnswer = {
  readonly name: string;
  /** When it answered, by the clock of Flower. */
  readonly at: Instant;
  readonly active: readonly unknown[];
  readonly reserved: readonly unknown[];
  readonly scheduled: readonly unknown[];
  readonly queues: readonly unknown[];
  readonly registered: readonly unknown[];
};

/** Where a worker has a task: it runs it, keeps it for its time, or keeps it until a process is free. */
export type Place = 'active' | 'scheduled' | 'reserved';

const SYSTEM = 'Flower';

/** Flower inspects a worker for a second unless it is configured otherwise. An older answer is one that it kept. */
const FRESH_MS = 60_000;

/**
 * The answer of a worker; `undefined` if it did not answer. Flower then sends what it knows from before, or a part of it.
 *
 * @param clock the clock of Flower, if known.
 * @throws {SourceError} `shape` for a list of another type.
 */
export function workerAnswer(name: string, about: unknown, clock: Instant | undefined): WorkerAnswer | undefined {
  if (about === undefined) return undefined;
  const [active, reserved, scheduled, queues, registered] = [
    'active',
    'reserved',
    'scheduled',
    'active_queues',
    'registered',
  ].map((list) => listField(about, list, SYSTEM));
  const at = isObject(about) ? about['timestamp'] : undefined;
  if (!hasNumber(at) || (clock !== undefined && at * 1000 < clock - FRESH_MS)) return undefined;
  if (active === undefined || reserved === undefined || scheduled === undefined) return undefined;
  return { name, at: at * 1000, active, reserved, scheduled, queues: queues ?? [], registered: registered ?? [] };
}

/** Where the worker has the task; `undefined` if it does not have it. */
export function placeOf(id: string, { active, reserved, scheduled }: WorkerAnswer): Place | undefined {
  if (active.some((task) => isObject(task) && task['id'] === id)) return 'active';
  if (scheduled.some((task) => isObject(task) && isObject(task['request']) && task['request']['id'] === id))
    return 'scheduled';
  return reserved.some((task) => isObject(task) && task['id'] === id) ? 'reserved' : undefined;
}

/** The rate limit that the worker names for a type of task, such as `10/h`; `undefined` if there is none. */
export function rateLimitOf(type: string, { registered }: WorkerAnswer): string | undefined {
  const entry = registered.find((task) => hasText(task) && task.startsWith(`${type} [`));
  const rate = hasText(entry) ? /\brate_limit=([^\s\]]+)/.exec(entry)?.[1] : undefined;
  return rate === '0' ? undefined : rate;
}

/** Whether the worker takes messages with the routing key of a task, as far as that can be told: in doubt it does. */
export function mayServe(routingKey: string, { queues }: WorkerAnswer): boolean {
  return queues.some((queue) => !isObject(queue) || matches(queue, routingKey));
}

function matches(queue: JsonObject, routingKey: string): boolean {
  const { exchange, bindings } = queue;
  const isDirect = isObject(exchange) && exchange['type'] === 'direct';
  const isBound = Array.isArray(bindings) && bindings.length > 0;
  return !isDirect || isBound || queue['name'] === routingKey || queue['routing_key'] === routingKey;
}

/** A run that a worker has, without the flag that no worker has it. */
export function withoutFlag(run: Run): Run {
  return run.flag === undefined ? run : { ...run, flag: undefined };
}
