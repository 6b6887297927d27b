import { trustPolicy } from '@tardy/core';
import { SourceError, storedSource, type Source } from '@tardy/core/sources';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../errors.js';
import type { OpenedSources } from '../read/open-sources.js';
import type { Reading } from '../read/read-sources.js';
import { NOON } from '../test-io.js';
import { SourceFeed, unread } from './source-feed.js';

const SOURCE: Source = { ...storedSource('host', 'file', '[]'), kind: 'runs', address: 'https://host.example' };

function readingOf(error: SourceError | undefined, requests: number): Reading {
  const complaint = error === undefined ? null : { code: error.code, message: error.message };
  return {
    sources: [{ ...unread('host', 'runs'), complete: error === undefined, error: complaint }],
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
    runs: [],
    evidence: [],
    basis: [{ policy: trustPolicy({ version: 1 }), clockOffsetMs: 0, requests }],
  };
}

/** A feed over a source of which a test says how each reading goes. */
function feedOver(kind: 'runs' | 'file' | 'stdin' = 'runs') {
  const clock = { now: NOON };
  const world = {
    opened: 0,
    closed: 0,
    error: undefined as SourceError | undefined,
    requests: 1,
    openError: undefined as UsageError | undefined,
  };
  const open = async (): Promise<OpenedSources> => {
    if (world.openError !== undefined) throw world.openError;
    world.opened++;
    const connection =
      kind === 'runs'
        ? {
            fetch: async () => Promise.reject(new Error('unused')),
            listing: () => async () => Promise.reject(new Error('unused')),
            clock: () => undefined,
            close: async () => {},
          }
        : undefined;
    return { opened: [{ source: { ...SOURCE, kind }, connection }], close: async () => void world.closed++ };
  };
  const make = async () =>
    new SourceFeed(await open(), {
      open,
      read: async () => readingOf(world.error, world.requests),
      everyMs: 30_000,
      requestsPerMinute: 60,
      now: () => clock.now,
    });
  return { make, world, clock };
}

describe('a feed', () => {
  it('reads over one connection as long as that works', async () => {
    const { make, world } = feedOver();
    const feed = await make();
    await feed.read();
    await feed.read();
    expect([world.opened, world.closed, feed.readAt, feed.failingSince]).toEqual([1, 0, NOON, undefined]);
  });

  it('opens a source that failed again, since its credentials may have been replaced', async () => {
    const { make, world, clock } = feedOver();
    const feed = await make();
    world.error = new SourceError('auth', 'HTTP 401');
    await feed.read();
    expect([world.opened, world.closed, feed.failingSince]).toEqual([1, 1, NOON]);
    clock.now += 1000;
    await feed.read();
    expect([world.opened, feed.failingSince, feed.readAt]).toEqual([2, NOON, undefined]);
    world.error = undefined;
    await feed.read();
    expect([world.opened, feed.failingSince, feed.readAt]).toEqual([3, undefined, NOON + 1000]);
  });

  it('reads a file again each time, and standard input once', async () => {
    const file = feedOver('file');
    const ofFile = await file.make();
    await ofFile.read();
    await ofFile.read();
    expect(file.world.opened).toBe(2);
    const stdin = feedOver('stdin');
    const ofStdin = await stdin.make();
    await ofStdin.read();
    stdin.world.error = new SourceError('shape', 'It is empty.');
    await ofStdin.read();
    await ofStdin.read();
    expect([stdin.world.opened, stdin.world.closed]).toEqual([1, 0]);
  });

  it('reports a source that cannot be opened any more, keeps trying, and recovers', async () => {
    const { make, world } = feedOver('file');
    const feed = await make();
    await feed.read();
    world.openError = new UsageError('The file runs.json does not exist.');
    expect(await feed.read()).toBeUndefined();
    expect(feed.last).toMatchObject({ complete: false, error: { message: 'The file runs.json does not exist.' } });
    world.openError = undefined;
    expect(await feed.read()).toBeDefined();
    expect(feed.last?.error).toBeNull();
  });
});

describe('the wait between two readings', () => {
  const half = 0.5;

  it.each([
    ['is what --every says', 1, 30_000],
    ['is not shortened by a cheap reading', 0, 30_000],
    ['pays for an expensive one: 300 requests at 60 a minute', 300, 300_000],
  ])('%s', async (_, requests, expected) => {
    const { make, world } = feedOver();
    world.requests = requests;
    const feed = await make();
    await feed.read();
    expect(feed.waitMs(half)).toBe(expected);
  });

  it('doubles while the source fails, up to 5 minutes, and keeps the jitter', async () => {
    const { make, world } = feedOver();
    world.error = new SourceError('http', 'HTTP 503');
    const feed = await make();
    const waits: number[] = [];
    for (let failures = 0; failures < 5; failures++) {
      await feed.read();
      waits.push(feed.waitMs(half));
    }
    expect(waits).toEqual([60_000, 120_000, 240_000, 300_000, 300_000]);
    expect([feed.waitMs(0), feed.waitMs(1)]).toEqual([270_000, 330_000]);
  });

  it('is at least a minute where the source limits rates', async () => {
    const { make, world } = feedOver();
    world.error = new SourceError('rate_limited', 'HTTP 429');
    world.requests = 90;
    const feed = await make();
    await feed.read();
    expect(feed.waitMs(half)).toBe(90_000);
    world.requests = 1;
    await feed.read();
    expect(feed.waitMs(half)).toBe(120_000);
  });
});
