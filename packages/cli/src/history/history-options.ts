import { parseDuration } from '@tardy/core';
import type { Command } from 'commander';
import { UsageError } from '../errors.js';
import {
  readConnectOptions,
  withConnectOptions,
  type ConnectFlags,
  type ConnectOptions,
} from '../read/common-options.js';

/** The flags of every command that reads a history, as commander gives them. */
export type HistoryFlags = ConnectFlags & {
  readonly since?: string;
  readonly as?: string;
  readonly columns?: string;
};

/** These flags, parsed. */
export type HistoryOptions = ConnectOptions & {
  /** Runs that ended longer ago are not read; in milliseconds, `Infinity` for all. Absent if nothing was said. */
  readonly sinceMs: number | undefined;
  /** The source that the rows of a file belong to which name none. */
  readonly as: string | undefined;
  readonly columns: Readonly<Record<string, string>>;
};

/** Adds the flags of every command that reads a history. */
export function withHistoryOptions(command: Command): Command {
  return withConnectOptions(
    command
      .argument(
        '[source...]',
        'files (CSV, NDJSON, a report, a record, sacct -P, responses of GitHub, Standard Workload Format; also .gz), names from the config, or URIs: github:owner/repo',
      )
      .option(
        '--since <duration>',
        'read only runs that ended within this time (default: 90d of a source, all of a file; never: all)',
      )
      .option('--as <name>', 'the source that the rows of a file belong to (default: the name of the file)')
      .option('--columns <list>', 'what a table calls its columns: type=job_name,started_at=begin,ended_at=end'),
    { timeout: '10m' },
  );
}

/**
 * Parses these flags.
 *
 * @throws {UsageError} for one that is not valid.
 */
export function readHistoryOptions(flags: HistoryFlags): HistoryOptions {
  const sinceMs = flags.since === undefined ? undefined : parseDuration(flags.since);
  if (flags.since !== undefined && !(sinceMs !== undefined && sinceMs > 0)) {
    throw new UsageError(`--since "${flags.since}" is not a valid duration.`, 'Write it as 90d, 2160h or never.');
  }
  return { ...readConnectOptions(flags), sinceMs, as: flags.as, columns: readColumns(flags.columns ?? '') };
}

function readColumns(list: string): Readonly<Record<string, string>> {
  if (list === '') return {};
  return Object.fromEntries(
    list.split(',').map((pair) => {
      const equals = pair.indexOf('=');
      if (equals <= 0 || equals === pair.length - 1) {
        throw new UsageError(`--columns "${pair}" is not a column.`, 'Write it as type=job_name.');
      }
      return [pair.slice(0, equals).trim(), pair.slice(equals + 1).trim()];
    }),
  );
}
