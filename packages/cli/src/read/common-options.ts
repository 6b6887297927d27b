import { parseDuration, parseInstant, type Instant } from '@tardy/core';
import type { Command } from 'commander';
import { UsageError } from '../errors.js';

/** The flags of every command that connects to sources, as commander gives them. */
export type ConnectFlags = {
  readonly config?: string;
  readonly now?: string;
  readonly timeout: string;
  readonly allowHost: readonly string[];
  readonly ca?: string;
  readonly preset?: string;
  readonly color?: boolean;
  readonly debug?: boolean;
};

/** These flags, parsed: instants in epoch milliseconds, durations in milliseconds. */
export type ConnectOptions = {
  readonly configPath: string | undefined;
  readonly at: Instant | undefined;
  readonly timeoutMs: number;
  readonly allowHosts: readonly string[];
  readonly caPath: string | undefined;
  readonly preset?: string | undefined;
  readonly color: boolean | undefined;
  readonly debug: boolean;
};

/** The flags of every command that judges what it reads from sources. */
export type CommonFlags = ConnectFlags & { readonly policy?: string; readonly maxClockOffset: string };

/** These flags, parsed. */
export type CommonOptions = ConnectOptions & {
  readonly policyPath: string | undefined;
  readonly maxClockOffsetMs: number;
};

/** Adds the flags of every command that judges what it reads from sources. */
export function withCommonOptions(command: Command): Command {
  return withConnectOptions(
    command
      .option('-p, --policy <file>', 'policy file; overrides the policy in the config')
      .option('--max-clock-offset <duration>', 'largest difference to the clock of a source to trust', '5m'),
    { timeout: '60s' },
  );
}

/** Adds the flags of every command that connects to sources. */
export function withConnectOptions(command: Command, { timeout }: { readonly timeout: string }): Command {
  return command
    .option(
      '-c, --config <file>',
      'config file (default: tardy.config.yaml, .yml or .json in this folder or the closest one above)',
    )
    .option('--now <instant>', 'judge as of this time (RFC 3339 with offset)')
    .option('--timeout <duration>', 'time limit for each source', timeout)
    .option(
      '--allow-host <host>',
      'reach this host although it is link-local or serves the credentials of a cloud (repeatable)',
      (host: string, hosts: readonly string[]) => [...hosts, host],
      [],
    )
    .option('--ca <file>', 'additional certificates to trust (PEM)')
    .option('--preset <name>', 'whose tables a database holds: pg-boss, laravel, oban, …')
    .option('--color', 'use color even without a terminal')
    .option('--no-color', 'do not use color')
    .option('--debug', 'log requests to stderr, without secrets');
}

/**
 * Parses the flags of every command that judges what it reads.
 *
 * @throws {UsageError} for an invalid time or duration.
 */
export function readCommonOptions(flags: CommonFlags): CommonOptions {
  return {
    ...readConnectOptions(flags),
    policyPath: flags.policy,
    maxClockOffsetMs: durationFlag('--max-clock-offset', flags.maxClockOffset),
  };
}

/**
 * Parses the flags of every command that connects to sources.
 *
 * @throws {UsageError} for an invalid time or duration.
 */
export function readConnectOptions(flags: ConnectFlags): ConnectOptions {
  return {
    configPath: flags.config,
    at: flags.now === undefined ? undefined : instantFlag('--now', flags.now),
    timeoutMs: durationFlag('--timeout', flags.timeout),
    allowHosts: flags.allowHost,
    caPath: flags.ca,
    preset: flags.preset,
    color: flags.color,
    debug: flags.debug ?? false,
  };
}

/**
 * Parses the value of a flag that takes a time.
 *
 * @throws {UsageError} unless it is RFC 3339 with an offset.
 */
export function instantFlag(name: string, text: string): Instant {
  const at = parseInstant(text);
  if (at === undefined) {
    throw new UsageError(
      `${name} "${text}" is not a valid time.`,
      'Write it as RFC 3339 with an offset: 2026-11-23T09:00:00Z.',
    );
  }
  return at;
}

/**
 * Parses the value of a flag that takes a whole number.
 *
 * @throws {UsageError} for anything else.
 */
export function countFlag(name: string, text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new UsageError(`${name} "${text}" is not a whole number.`, 'Write it as 200.');
}

/**
 * Parses the value of a flag that takes a duration, in milliseconds.
 *
 * @throws {UsageError} for anything else, for `never`, and for less than `leastMs`.
 */
export function durationFlag(name: string, text: string, leastMs = 1): number {
  const ms = parseDuration(text);
  if (ms === undefined || ms < leastMs || ms === Infinity) {
    throw new UsageError(`${name} "${text}" is not a valid duration.`, 'Write it as 30s, 2m or 1m30s.');
  }
  return ms;
}
