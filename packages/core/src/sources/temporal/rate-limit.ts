import type { Run } from '../../run.js';
import { objectField, type JsonObject } from '../reading/body.js';
import type { WantedPollers } from './inside.js';

const SYSTEM = 'Temporal';

/** A queue that is through its backlog within this time is not held up by its rate limit. */
const SHORT_MS = 5 * 60_000;

/**
 * A workflow whose activities wait in a task queue with workers: on hold while the rate limit of the queue explains the wait, and paused
 * with a queue whose limit is 0. Servers before 1.29 do not say.
 *
 * @param queue the description of the task queue.
 */
export function withRateLimit(run: Run, { queue: name, kind, isIdle }: WantedPollers, queue: unknown): Run {
  const limit = objectField(queue, 'effectiveRateLimit', SYSTEM) ?? {};
  const rate = limit['requestsPerSecond'];
  const isSet = ['RATE_LIMIT_SOURCE_API', 'RATE_LIMIT_SOURCE_WORKER'].includes(String(limit['rateLimitSource']));
  if (kind !== 'ACTIVITY' || !isIdle || !isSet || typeof rate !== 'number') return run;
  const waitsFor = { kind: 'task queue', name, state: `at most ${rate} tasks a second` };
  if (rate === 0) return { ...run, hold: 'paused', holdSince: run.phaseAt, waitsFor };
  const backlog = backlogOf(objectField(queue, 'stats', SYSTEM) ?? {});
  return (backlog / rate) * 1000 < SHORT_MS ? run : { ...run, hold: 'limit', holdSince: run.phaseAt, waitsFor };
}

/** How many tasks wait. The HTTP API writes large integers as texts. */
function backlogOf({ approximateBacklogCount: count }: JsonObject): number {
  const backlog = Number(count ?? 0);
  return Number.isFinite(backlog) ? backlog : 0;
}
