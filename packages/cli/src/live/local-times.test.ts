import type { Run } from '@tardy/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NOON } from '../test-io.js';
import { inLocalTime, steadyOffset } from './local-times.js';

const run: Run = {
  id: '1',
  source: 'host',
  type: 'sync',
  title: 'Sync',
  status: 'running',
  outcome: 'pending',
  attempt: 1,
  labels: {},
  holdSince: NOON - 1,
  queuedAt: NOON - 2,
  notBefore: NOON - 3,
  startedAt: NOON - 4,
  phaseAt: NOON - 5,
  heartbeatAt: NOON - 6,
  endedAt: NOON - 7,
  deadlineAt: NOON + 8,
  waitsFor: { kind: 'pool', until: NOON + 9 },
  flag: { kind: 'stuck', since: NOON - 10 },
  reconciliation: { at: NOON - 11, reason: '', from: 'running' },
};

/** Every number that could be an instant, wherever it stands. */
function instantsIn(value: unknown): number[] {
  if (typeof value === 'number') return value > 1e12 ? [value] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(instantsIn) : [];
}

describe('a run in local time', () => {
  it('has each of its times moved by the offset of its source', () => {
    fc.assert(
      fc.property(fc.integer({ min: -3_600_000, max: 3_600_000 }), (offsetMs) => {
        const moved = instantsIn(inLocalTime(run, offsetMs));
        expect(moved).toEqual(instantsIn(run).map((at) => at - offsetMs));
        expect(moved).toHaveLength(11);
      }),
    );
  });

  it('gets no time that it did not have', () => {
    const bare: Run = { ...run, heartbeatAt: undefined, waitsFor: { kind: 'pool' }, flag: undefined };
    expect(inLocalTime(bare, 5000)).toMatchObject({ heartbeatAt: undefined, waitsFor: { until: undefined } });
    expect(inLocalTime(bare, 5000).flag).toBeUndefined();
  });
});

describe('the offset in use', () => {
  it.each([
    ['stays while the measured one is within a second', 0, 1000, 0],
    ['stays when it was set before', 5000, 4000, 5000],
    ['moves with a clock that moved', 0, 1001, 1001],
    ['moves back', -9000, 0, 0],
  ])('%s', (_, used, measured, expected) => {
    expect(steadyOffset(used, measured)).toBe(expected);
  });
});
