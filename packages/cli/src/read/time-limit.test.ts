import type { Run } from '@tardy/core';
import type { Source } from '@tardy/core/sources';
import { expect, it } from 'vitest';
import { NOON } from '../test-io.js';
import { readSources } from './read-sources.js';

const run = (id: string): Run => ({
  id,
  source: 'ci',
  type: 'sync',
  title: id,
  status: 'running',
  outcome: 'pending',
  attempt: 1,
  labels: {},
  startedAt: NOON,
});

const source: Source = {
  name: 'ci',
  kind: 'runs',
  address: undefined,
  list: async function* () {
    yield { runs: Array.from({ length: 5_000 }, (_, index) => run(String(index))), issues: [] };
  },
  get: async () => undefined,
};

it.each([
  { timeoutMs: 60_000, code: undefined, least: 5_000, most: 5_000 },
  { timeoutMs: -1, code: 'timeout', least: 1, most: 1_000 },
])('stops judging the rows of a page after $timeoutMs ms', async ({ timeoutMs, code, least, most }) => {
  const { sources } = await readSources([{ source, connection: undefined }], {
    query: { activity: 'active' },
    policy: undefined,
    at: NOON,
    now: () => NOON,
    maxClockOffsetMs: 0,
    timeoutMs,
    keep: () => true,
    secondLook: undefined,
  });
  expect(sources[0]?.error?.code).toBe(code);
  expect(sources[0]?.complete).toBe(code === undefined);
  expect(sources[0]?.runs).toBeGreaterThanOrEqual(least);
  expect(sources[0]?.runs).toBeLessThanOrEqual(most);
});
