import { parseDuration, parseInstant, type Instant } from '@tardy/core';
import type { Command } from 'commander';
import { UsageError } from '../errors.js';

/** The flags that every command which reads sources has, as commander gives them. */
export type CommonFlags = {
  readonly config?: string;
  readonly policy?: string;
  readonly now?: string;
  readonly timeout: string;
  readonly ca?: string;
  readonly color?: boolean;
  readonly debug?: boolean;
};

/** The same, read: instants in epoch milliseconds, durations in milliseconds. */
export type CommonOptions = {
  readonly configPath: string | undefined;
  readonly policyPath: string | undefined;
  readonly at: Instant | undefined;
  readonly timeoutMs: number;
  readonly caPath: string | undefined;
  readonly color: boolean | undefined;
  readonly debug: boolean;
};

/** Adds the flags that every reading command shares. */
export function withCommonOptions(command: Command): Command {
  return command
    .option('-c, --config <file>', 'config file (default: tardy.config.yaml or .json, found upward)')
    .option('-p, --policy <file>', 'policy to judge by, in place of the one in the config')
    .option('--now <instant>', 'judge as of this instant (RFC 3339 with offset)')
    .option('--timeout <duration>', 'how long one source may take in all', '60s')
    .option('--ca <file>', 'certificates (PEM) to trust besides the usual ones')
    .option('--color', 'colours even where there is no terminal')
    .option('--no-color', 'no colours')
    .option('--debug', 'tell on stderr what is requested (never a secret)');
}

/**
 * Reads the shared flags.
 *
 * @throws {UsageError} for an instant or a duration that cannot be read.
 */
export function readCommonOptions(flags: CommonFlags): CommonOptions {
  return {
    configPath: flags.config,
    policyPath: flags.policy,
    at: flags.now === undefined ? undefined : instantFlag('--now', flags.now),
    timeoutMs: durationFlag('--timeout', flags.timeout),
    caPath: flags.ca,
    color: flags.color,
    debug: flags.debug ?? false,
  };
}

/**
 * Reads the value of a flag that takes an instant.
 *
 * @throws {UsageError} unless it is RFC 3339 with an offset.
 */
export function instantFlag(name: string, text: string): Instant {
  const at = parseInstant(text);
  if (at === undefined) {
    throw new UsageError(
      `${name} "${text}" is not an instant.`,
      'Write it as RFC 3339 with an offset: 2026-11-23T09:00:00Z.',
    );
  }
  return at;
}

function durationFlag(name: string, text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined || ms <= 0 || ms === Infinity) {
    throw new UsageError(`${name} "${text}" is not a duration.`, 'Write it as 30s, 2m or 1m30s.');
  }
  return ms;
}
