import { loadPolicy } from '@tardy/core/schema';
import type { Run } from '@tardy/core';
import { expect, it } from 'vitest';
import { NOON } from '../test-io.js';
import { Tally } from './tally.js';
import { aRun } from './test-runs.js';

const MINUTE_MS = 60_000;

const stuck = aRun({
  startedAt: NOON - 60 * MINUTE_MS,
  heartbeatAt: NOON - 42 * MINUTE_MS,
});
const ended: Run = { ...stuck, status: 'completed', outcome: 'failed', endedAt: NOON - MINUTE_MS };
const other: Run = { ...stuck, id: '2', startedAt: NOON - MINUTE_MS, heartbeatAt: NOON };

function tallyOf(...pages: readonly (readonly Run[])[]): Tally {
  const needsAttention = new Tally(
    0,
    loadPolicy({ version: 1 }),
    ({ freshness }) => freshness.problemClass === 'active_stale_attention',
  );
  for (const page of pages) needsAttention.add(page, NOON);
  return needsAttention;
}

it.each([
  { when: 'the same run arrives twice', pages: [[stuck], [stuck]], kept: ['1'], read: 1, active: 1, followUp: 0 },
  { when: 'it ended while its list was read', pages: [[stuck], [ended]], kept: [], read: 1, active: 0, followUp: 1 },
  {
    when: 'a list that lags behind still has it',
    pages: [[ended], [stuck]],
    kept: [],
    read: 1,
    active: 0,
    followUp: 1,
  },
  {
    when: 'another attempt arrives',
    pages: [[stuck], [{ ...stuck, attempt: 2 }]],
    kept: ['1', '1'],
    read: 2,
    active: 2,
    followUp: 0,
  },
  { when: 'another run is healthy', pages: [[stuck, other]], kept: ['1'], read: 2, active: 2, followUp: 0 },
])('counts each run once when $when', ({ pages, kept, read, active, followUp }) => {
  const tally = tallyOf(...pages);
  expect(tally.kept().map(({ run }) => run.id)).toEqual(kept);
  expect(tally.read).toBe(read);
  expect(tally.totals()).toMatchObject({ active, followUp });
});
