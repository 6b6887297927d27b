import { reachesLevel } from '@tardy/core';
import type { Setup } from '../config/setup.js';
import type { CliIo } from '../io.js';
import type { CommonOptions } from '../read/common-options.js';
import type { OpenedSource } from '../read/opened-source.js';
import { openSources, sourceNames } from '../read/open-sources.js';
import { readSources, type Reading } from '../read/read-sources.js';
import type { LiveRuns } from './live-runs.js';
import { SourceFeed } from './source-feed.js';

/** How sources are read again and again. Durations in milliseconds. */
export type FeedOptions = CommonOptions & {
  readonly sources: readonly string[];
  readonly everyMs: number;
  readonly requestsPerMinute: number;
  /** How many ended runs of each source are read; none for active runs only. */
  readonly recent: number | undefined;
};

/**
 * Opens each source on its own, so that one of them can be opened again.
 *
 * @throws {UsageError} as `openSources` does.
 */
export async function openFeeds(io: CliIo, setup: Setup, options: FeedOptions): Promise<SourceFeed[]> {
  const names = sourceNames(setup.config, options.sources);
  const groups = names.length === 0 ? [[]] : names.map((name) => [name]);
  const feeds: SourceFeed[] = [];
  try {
    for (const group of groups) {
      const open = () => openSources(io, setup, group, options);
      feeds.push(
        new SourceFeed(await open(), {
          open,
          read: (opened) => readOnce(io, opened, setup, options),
          everyMs: options.everyMs,
          requestsPerMinute: options.requestsPerMinute,
          now: io.now,
        }),
      );
    }
    return feeds;
  } catch (error) {
    await Promise.all(feeds.map((feed) => feed.close()));
    throw error;
  }
}

/** Reads a source until `stopped`, and passes on what it says. `heard` is called after each reading. */
export async function keepReading(
  feed: SourceFeed,
  index: number,
  runs: LiveRuns,
  { stopped, wait, heard }: Follow,
): Promise<void> {
  while (!stopped.aborted) {
    // A reading that hangs must not hold the process when it is stopped.
    const reading = await Promise.race([feed.read(), aborted(stopped)]);
    if (reading === 'stopped') return;
    if (reading !== undefined) runs.accept(index, reading);
    heard(feed);
    await wait(feed.waitMs(Math.random()), stopped);
  }
}

/** Until when a source is read, and who hears of each reading. */
export type Follow = {
  readonly stopped: AbortSignal;
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly heard: (feed: SourceFeed) => void;
};

/** Reads what is active and the newest of what has ended, and looks again at what seems stuck, as `check` does. */
function readOnce(io: CliIo, opened: readonly OpenedSource[], setup: Setup, options: FeedOptions): Promise<Reading> {
  const { recent } = options;
  return readSources(opened, {
    query: recent === undefined ? { activity: 'active' } : { activity: 'recent', limit: recent },
    policy: setup.policy,
    at: options.at,
    now: io.now,
    maxClockOffsetMs: options.maxClockOffsetMs,
    timeoutMs: options.timeoutMs,
    keep: () => true,
    secondLook: {
      alarms: ({ freshness }) => reachesLevel(freshness.state, 'stale'),
      maxRequests: options.requestsPerMinute,
      // The next reading confirms: nobody waits for this one.
      confirmAfterMs: 0,
      sleep: io.sleep,
    },
  });
}

function aborted(signal: AbortSignal): Promise<'stopped'> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve('stopped');
    else signal.addEventListener('abort', () => resolve('stopped'), { once: true });
  });
}
