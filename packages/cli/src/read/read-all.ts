import type { Instant } from '@tardy/core';
import { readSetup, type Setup } from '../config/setup.js';
import type { CliIo } from '../io.js';
import { readingProgress } from '../output-options.js';
import type { CommonOptions } from './common-options.js';
import { openSources } from './open-sources.js';
import { readSources, type ReadOptions, type Reading } from './read-sources.js';

/** What was read, what it was read with, and when by the local clock. */
export type CompleteReading = Reading & { readonly setup: Setup; readonly now: Instant };

/** What to read, and what to keep of it. */
export type Wanted = Pick<ReadOptions, 'query' | 'keep' | 'selection' | 'secondLook' | 'follow'>;

/**
 * The way from a command line to what its sources say: reads config and policy, opens the sources, reads and judges their runs, and
 * closes the connections.
 *
 * @throws {UsageError} for anything that the caller can fix.
 */
export async function readAll(
  io: CliIo,
  sources: readonly string[],
  options: CommonOptions,
  wanted: Wanted,
): Promise<CompleteReading> {
  return readWith(io, await readSetup(io, options), sources, options, wanted);
}

/** The same with a setup that was read before. */
export async function readWith(
  io: CliIo,
  setup: Setup,
  sources: readonly string[],
  options: CommonOptions,
  wanted: Wanted,
): Promise<CompleteReading> {
  const { opened, close } = await openSources(io, setup, sources, options);
  const progress = readingProgress(io, options);
  try {
    const reading = await readSources(opened, {
      ...wanted,
      policy: setup.policy,
      at: options.at,
      now: io.now,
      maxClockOffsetMs: options.maxClockOffsetMs,
      timeoutMs: options.timeoutMs,
      onProgress: progress.read,
    });
    return { ...reading, setup, now: options.at ?? io.now() };
  } finally {
    progress.clear();
    await close();
  }
}
