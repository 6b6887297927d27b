import { expect, it } from 'vitest';
import { parseRun } from '../../wire.js';
import type { WantedPollers } from './inside.js';
import { withRateLimit } from './rate-limit.js';

const parsed = parseRun({ id: 'w/1', type: 'order', status: 'running', phase_at: '2026-11-28T03:00:00Z' }, 'flows');
if (!parsed.ok) throw new Error(parsed.issue.reason);
const { run } = parsed;

const limited = (requestsPerSecond: unknown, backlog: unknown, source = 'API') => ({
  effectiveRateLimit: { requestsPerSecond, rateLimitSource: `RATE_LIMIT_SOURCE_${source}` },
  stats: { approximateBacklogCount: backlog },
});
const wanted: WantedPollers = { queue: 'orders', kind: 'ACTIVITY', isIdle: true };

it.each<[string, unknown, string | undefined, WantedPollers?]>([
  ['a limit that explains a wait of five minutes', limited(0.1, '30'), 'limit'],
  ['a limit that a worker set', limited(0.1, '30', 'WORKER'), 'limit'],
  ['a limit of nothing', limited(0, '1'), 'paused'],
  ['a limit that explains less', limited(0.1, '29'), undefined],
  ['the limit of the system', limited(0.1, '3000', 'SYSTEM'), undefined],
  ['no backlog', limited(0.1, undefined), undefined],
  ['no limit', { pollers: [] }, undefined],
  ['another activity at work', limited(0.1, '3000'), undefined, { ...wanted, isIdle: false }],
  ['a workflow task', limited(0.1, '3000'), undefined, { ...wanted, kind: 'WORKFLOW' }],
])('a queue with %s', (_, queue, hold, of = wanted) => {
  const seen = withRateLimit(run, of, queue);
  expect(seen.hold).toBe(hold);
  expect(seen === run).toBe(hold === undefined);
  expect(seen.waitsFor?.name).toBe(hold === undefined ? undefined : 'orders');
});
