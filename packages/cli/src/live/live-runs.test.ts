import { classify, trustPolicy, type Run } from '@tardy/core';
import { describe, expect, it } from 'vitest';
import type { Reading } from '../read/read-sources.js';
import { NOON } from '../test-io.js';
import { LiveRuns } from './live-runs.js';
import { unread } from './source-feed.js';

const MINUTE = 60_000;
const POLICY = trustPolicy({ version: 1 });

function run(id: string, fields: Partial<Run> = {}): Run {
  return {
    id,
    source: 'host',
    type: 'sync',
    title: `Sync ${id}`,
    status: 'running',
    outcome: 'pending',
    attempt: 1,
    labels: {},
    startedAt: NOON - 5 * MINUTE,
    heartbeatAt: NOON,
    ...fields,
  };
}

function reading(
  runs: readonly Run[],
  {
    complete = true,
    error = null,
    clockOffsetMs = 0,
  }: {
    complete?: boolean;
    error?: { code: string; message: string } | null;
    clockOffsetMs?: number;
  } = {},
): Reading {
  const seen = runs.map((one) => ({ run: one, freshness: classify(one, POLICY, NOON), now: NOON, sourceIndex: 0 }));
  return {
    sources: [{ ...unread('host', 'runs'), complete: complete && error === null, error }],
    totals: {
      active: 0,
      queued: 0,
      running: 0,
      held: 0,
      fresh: 0,
      late: 0,
      likelyStale: 0,
      unknown: 0,
      followUp: 0,
      followUpLately: 0,
    },
    runs: seen,
    evidence: [],
    basis: [{ policy: POLICY, clockOffsetMs, requests: 1 }],
  };
}

function liveRuns(sources = 1, scrub = (text: string) => text) {
  const clock = { now: NOON };
  const runs = new LiveRuns({ given: undefined, sources, now: () => clock.now, scrub, patienceMs: MINUTE });
  const ids = () => Array.from(runs.runs(), ({ id }) => id);
  const state = (id: string) => {
    const one = [...runs.runs()].find((shown) => shown.id === id);
    return one === undefined ? undefined : classify(one, runs.policy, clock.now).state;
  };
  const listed = async () => {
    const context = { scope: 'everything' as const, policy: runs.policy, now: clock.now };
    return runs.store.list({ ...context, filter: {}, order: 'newest_first', after: undefined, limit: 100 });
  };
  return { runs, clock, ids, state, listed };
}

const failed = { code: 'unavailable', message: 'HTTP 503' };

describe('the runs of a server', () => {
  it('are not complete before each source was read', async () => {
    const { runs, listed } = liveRuns(2);
    runs.accept(0, reading([run('a')]));
    expect(runs.complete).toBe(false);
    expect((await listed()).complete).toBe(false);
    runs.accept(1, reading([]));
    expect(runs.complete).toBe(true);
    expect((await listed()).complete).toBe(true);
  });

  it('follow a complete reading: a run that it lacks has gone', async () => {
    const { runs, ids, listed } = liveRuns();
    runs.accept(0, reading([run('a'), run('b')]));
    runs.accept(0, reading([run('b'), run('c')]));
    expect(ids()).toEqual(['b', 'c']);
    expect((await listed()).rows).toHaveLength(2);
  });

  it('stay when their source fails, and nothing is complete then', async () => {
    const { runs, ids, listed } = liveRuns();
    runs.accept(0, reading([run('a')]));
    runs.accept(0, reading([], { error: failed }));
    expect(ids()).toEqual(['a']);
    expect((await listed()).complete).toBe(false);
    runs.accept(0, reading([run('a')]));
    expect((await listed()).complete).toBe(true);
  });

  it('are neither healthy nor stuck once their last news is too old, and are healthy again with the next', () => {
    const { runs, clock, state } = liveRuns();
    runs.accept(0, reading([run('a')]));
    clock.now += MINUTE;
    runs.accept(0, reading([], { error: failed }));
    expect(state('a')).toBe('fresh');
    clock.now += 29 * MINUTE;
    runs.accept(0, reading([], { error: failed }));
    expect(state('a')).toBe('unknown');
    runs.accept(0, reading([run('a', { heartbeatAt: clock.now })]));
    expect(state('a')).toBe('fresh');
  });

  it('that were stuck when their source failed stay stuck', () => {
    const { runs, clock, state } = liveRuns();
    runs.accept(0, reading([run('a', { heartbeatAt: NOON - 30 * MINUTE, startedAt: NOON - 40 * MINUTE })]));
    clock.now += 10 * MINUTE;
    runs.accept(0, reading([], { error: failed }));
    expect(state('a')).toBe('likely_stale');
  });

  it('that an incomplete list keeps leaving out are forgotten after an hour', () => {
    const { runs, clock, ids } = liveRuns();
    runs.accept(0, reading([run('a'), run('b')]));
    clock.now += 60 * MINUTE;
    runs.accept(0, reading([run('b')], { complete: false }));
    expect(ids()).toEqual(['a', 'b']);
    clock.now += 1;
    runs.accept(0, reading([run('b')], { complete: false }));
    expect(ids()).toEqual(['b']);
  });

  it('come with the times of this machine', () => {
    const { runs } = liveRuns();
    runs.accept(0, reading([run('a')], { clockOffsetMs: 10_000 }));
    expect([...runs.runs()][0]?.heartbeatAt).toBe(NOON - 10_000);
  });

  it('of two sources that name them alike are not mixed up: the first is shown, and something is missing', () => {
    const { runs, ids } = liveRuns(2);
    runs.accept(0, reading([run('a')]));
    runs.accept(1, reading([run('a'), run('b')]));
    expect([ids(), runs.takenOf(0), runs.takenOf(1), runs.complete]).toEqual([['a', 'b'], 0, 1, false]);
    runs.accept(0, reading([]));
    runs.accept(1, reading([run('a'), run('b')]));
    expect([ids(), runs.takenOf(1), runs.complete]).toEqual([['b', 'a'], 0, true]);
  });

  it('hold no secret that their source sent along', () => {
    const { runs } = liveRuns(1, (text) => text.replaceAll('s3cret-token', '***'));
    runs.accept(0, reading([run('a', { title: 'with s3cret-token', labels: { env: 's3cret-token' } })]));
    const [shown] = runs.runs();
    expect(shown).toMatchObject({ title: 'with ***', labels: { env: '***' } });
    expect(JSON.stringify(shown)).not.toContain('s3cret');
  });
});
