import type { Run } from '@tardy/core';
import { SourceError, type Source } from '@tardy/core/sources';
import { describe, expect, it } from 'vitest';
import type { Connection } from '../io.js';
import { NOON } from '../test-io.js';
import { readSources } from './read-sources.js';

const MINUTE_MS = 60_000;

const held: Run = {
  id: 'held',
  source: 'ci',
  type: 'deploy',
  title: 'Deploy',
  status: 'queued',
  outcome: 'pending',
  attempt: 1,
  labels: {},
  hold: 'approval',
  queuedAt: NOON - 30 * MINUTE_MS,
  holdSince: NOON - 30 * MINUTE_MS,
};

const connection: Connection = {
  fetch: async ({ url }) => ({ status: 200, headers: { get: () => null }, body: {}, url }),
  listing: () => connection.fetch,
  clock: () => undefined,
  close: async () => {},
};

/** Reads a source that has these runs, as `check --fail-on late` does. */
async function read(runs: readonly Run[], inspect?: Source['inspect']) {
  const source: Source = {
    name: 'ci',
    kind: 'github',
    address: 'https://ci.example/',
    async *list() {
      yield { runs, issues: [] };
    },
    get: async (id) => runs.find((run) => run.id === id),
    ...(inspect === undefined ? {} : { inspect }),
  };
  const reading = await readSources([{ source, connection }], {
    query: { activity: 'active' },
    policy: undefined,
    at: NOON,
    now: () => NOON,
    maxClockOffsetMs: 5 * MINUTE_MS,
    timeoutMs: 60_000,
    keep: ({ freshness }) => freshness.problemClass === 'active_stale_attention',
    secondLook: {
      alarms: ({ freshness }) => freshness.problemClass === 'active_stale_attention',
      maxRequests: 200,
      confirmAfterMs: 0,
      sleep: async () => {},
    },
  });
  const [report] = reading.sources;
  if (report === undefined) throw new Error('there is a source');
  return { ...reading, report };
}

describe('holds', () => {
  const orphan: Source['inspect'] = async (run) => ({ ...run, flag: { kind: 'orphaned', by: 'source' } });

  it('are checked, and one whose cause is gone fails the check', async () => {
    const { runs, totals, report } = await read([held], orphan);
    expect(runs.map(({ run, freshness }) => [run.id, run.flag?.kind, freshness.confirmed])).toEqual([
      ['held', 'orphaned', true],
    ]);
    expect(totals).toMatchObject({ active: 1, held: 1, fresh: 0 });
    expect(report).toMatchObject({ complete: true, rechecked: 0, dropped: 0, unconfirmed: 0 });
  });

  it('that are legitimate stay healthy, and are counted once', async () => {
    const { runs, totals, report } = await read([held], async (run) => run);
    expect({ runs, totals }).toMatchObject({ runs: [], totals: { active: 1, held: 1, fresh: 1 } });
    expect(report).toMatchObject({ complete: true, issues: [] });
  });

  it.each([
    { when: 'are younger than 5 minutes', run: { ...held, holdSince: NOON - 5 * MINUTE_MS + 1 }, inspected: 0 },
    { when: 'are 5 minutes old', run: { ...held, holdSince: NOON - 5 * MINUTE_MS }, inspected: 1 },
    {
      when: 'have no start',
      run: { ...held, holdSince: undefined, queuedAt: undefined, deadlineAt: NOON + 1 },
      inspected: 1,
    },
    {
      when: 'wait until a time ahead',
      run: { ...held, hold: 'schedule' as const, notBefore: NOON + MINUTE_MS },
      inspected: 0,
    },
    { when: 'have ended', run: { ...held, status: 'completed' as const }, inspected: 0 },
  ])('are inspected $inspected times when they $when', async ({ run, inspected }) => {
    let calls = 0;
    await read([run], async (same) => (calls++, same));
    expect(calls).toBe(inspected);
  });

  it('that cannot be checked are counted in a note, while others can', async () => {
    const other = { ...held, id: 'other' };
    const { report } = await read([held, other], async (run) => {
      if (run.id === 'other') throw new SourceError('http', 'HTTP 500');
      return run;
    });
    expect(report).toMatchObject({
      complete: true,
      issues: [{ id: null, reason: '1 hold could not be checked: HTTP 500' }],
    });
  });

  it.each([
    ['shape', false],
    ['truncated', false],
    ['http', true],
    ['forbidden', true],
  ] as const)('whose check gets a response with the error %s leave the source complete: %s', async (code, complete) => {
    const { report } = await read([held, { ...held, id: 'other' }], async (run) => {
      if (run.id === 'other') throw new SourceError(code, 'no');
      return run;
    });
    expect(report.complete).toBe(complete);
  });

  it('of which none can be checked make the source incomplete', async () => {
    const { report } = await read([held], () => Promise.reject(new SourceError('http', 'HTTP 500')));
    expect(report.complete).toBe(false);
    expect(report.issues.map(({ reason }) => reason)).toEqual([
      'No second look at its runs succeeded, so none of them is confirmed.',
      '1 hold could not be checked: HTTP 500',
    ]);
  });

  it('are believed where nobody can look', async () => {
    expect((await read([held])).report).toMatchObject({ complete: true, issues: [], requests: 0 });
  });
});
