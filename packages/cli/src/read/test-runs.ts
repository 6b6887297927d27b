import type { Run } from '@tardy/core';

/** A running run without any instant. */
export function aRun(overrides: Partial<Run>): Run {
  return {
    id: '1',
    source: 'ci',
    type: 'sync',
    title: 'Sync',
    status: 'running',
    outcome: 'pending',
    attempt: 1,
    labels: {},
    ...overrides,
  };
}
