import { describe, expect, it } from 'vitest';
import type { Run } from '../run.js';
import { historyRow } from './history-row.js';

const START = Date.UTC(2026, 0, 5);
const ended = (more: Partial<Run> = {}): Run => ({
  id: '1',
  source: 'ci',
  type: 'build',
  title: 'Build',
  status: 'completed',
  outcome: 'failed',
  startedAt: START,
  endedAt: START + 60_000,
  attempt: 1,
  labels: {},
  ...more,
});

describe('the row of a run that its system says it has ended because its time was up', () => {
  it.each([
    ['GitHub', { native: { status: 'completed', outcome: 'timed_out' } }],
    ['Slurm', { native: { status: 'TIMEOUT' } }],
    ['Temporal', { native: { status: 'WORKFLOW_EXECUTION_STATUS_TIMED_OUT' } }],
    ['Databricks', { failure: { code: 'TIMEDOUT' } }],
    ['Kubernetes', { failure: { code: 'DeadlineExceeded' } }],
    ['a system that closed it as stuck', { reconciliation: { at: START, reason: 'no heartbeat', from: 'running' } }],
  ])('counts as cut: %s', (_, more) => {
    expect(historyRow(ended(more)).cut).toBe(true);
  });

  it.each([
    ['it succeeded', { outcome: 'succeeded', native: { status: 'timeout' } }],
    ['it has not ended', { status: 'running', outcome: 'pending', native: { status: 'timed_out' } }],
    ['the word only contains it', { native: { status: 'timeout_handled' }, failure: { code: 'set_timeouts' } }],
    ['it failed', { native: { status: 'completed', outcome: 'failure' }, failure: { code: 'Error' } }],
  ] as const)('does not where %s', (_, more) => {
    expect(historyRow(ended(more)).cut).toBe(false);
  });
});
