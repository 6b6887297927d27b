import { expect, it } from 'vitest';
import { classify } from './classify.js';
import { createPolicy } from './policy.js';
import { reportRun } from './report.js';
import type { Run } from './run.js';
import { parseRun } from './wire.js';

const policy = createPolicy({});
const at = Date.parse('2026-11-23T09:00:00Z');
const MINUTE = 60_000;

const waiting: Run = {
  id: '1',
  source: 'flows',
  type: 'remind',
  title: 'remind',
  status: 'running',
  outcome: 'pending',
  hold: 'schedule',
  holdSince: at - 60 * MINUTE,
  waitsFor: { kind: 'time', until: at },
  startedAt: at - 90 * MINUTE,
  attempt: 1,
  labels: {},
};

it.each([
  ['keeps a hold that has not ended', -1, 'schedule', undefined],
  ['leaves a hold out from the instant at which it ends', 0, undefined, '2026-11-23T09:00:00Z'],
  ['leaves it out later on', 70 * MINUTE, undefined, '2026-11-23T09:00:00Z'],
])('a report %s', (_, afterMs, hold, phaseAt) => {
  const now = at + afterMs;
  const freshness = classify(waiting, policy, now);
  const { run } = reportRun({ run: waiting, freshness }, now);
  expect([run['hold'], run['phase_at']]).toEqual([hold, phaseAt]);
  const parsed = parseRun(run, 'flows');
  if (!parsed.ok) throw new Error(parsed.issue.reason);
  const again = classify(parsed.run, policy, now);
  expect([again.state, again.clock, again.since]).toEqual([freshness.state, freshness.clock, freshness.since]);
});
