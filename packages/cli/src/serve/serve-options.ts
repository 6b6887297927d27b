import { Option, type Command } from 'commander';
import { UsageError } from '../errors.js';
import {
  countFlag,
  durationFlag,
  readCommonOptions,
  withCommonOptions,
  type CommonFlags,
  type CommonOptions,
} from '../read/common-options.js';
import { isLoopback } from './access.js';

/** The options of `serve`. Durations in milliseconds. */
export type ServeOptions = CommonOptions & {
  readonly sources: readonly string[];
  readonly host: string;
  readonly port: number;
  /** Where the token is: `env:NAME` or `file:PATH`. */
  readonly auth: string | undefined;
  readonly hostNames: readonly string[];
  readonly corsOrigins: readonly string[];
  readonly everyMs: number;
  readonly requestsPerMinute: number;
  readonly recent: number;
  readonly title: string;
  readonly wall: boolean;
  readonly rotateMs: number;
};

/** The flags of `serve` as commander gives them. */
export type ServeFlags = CommonFlags & {
  readonly host: string;
  readonly port: string;
  readonly auth?: string;
  readonly name: readonly string[];
  readonly cors: readonly string[];
  readonly every: string;
  readonly budget: string;
  readonly recent: string;
  readonly title: string;
  readonly wall?: boolean;
  readonly rotate: string;
};

/** The shortest interval at which a source is read, in milliseconds. */
const LEAST_EVERY_MS = 5000;

/** Adds the flags of `serve`. */
export function withServeOptions(command: Command): Command {
  const several = (value: string, values: readonly string[]) => [...values, value];
  return withCommonOptions(
    command
      .option('--host <address>', 'address to listen on; one that others can reach needs --auth', '127.0.0.1')
      .option('--port <number>', 'port to listen on; 0 takes any free one', '8787')
      .option('--auth <reference>', 'demand the token in env:NAME or file:PATH')
      .option('--name <host>', 'answer to this host name too, such as that of a proxy (repeatable)', several, [])
      .option('--cors <origin>', 'let pages of this origin read the run API (repeatable)', several, [])
      .option('--every <duration>', 'read each source this often, however many people look', '30s')
      .option('--budget <number>', 'requests that each source may get in a minute, on average', '60')
      .option('--recent <number>', 'ended runs to show of each source', '200')
      .option('--title <text>', 'the name on the pages', 'Tardy')
      .option('--wall', 'show the layout for a big screen first; it is always at /wall')
      .addOption(new Option('--rotate <duration>', 'how long the wall shows one tenant').default('20s')),
  );
}

/**
 * Parses the flags of `serve`.
 *
 * @throws {UsageError} for an invalid value, and for a public address without a token.
 */
export function readServeOptions(sources: readonly string[], flags: ServeFlags): ServeOptions {
  if (flags.auth === undefined && !isLoopback(flags.host)) {
    throw new UsageError(
      `--host ${flags.host} can be reached from other machines, and there is no token.`,
      'Demand one: --auth env:TARDY_SERVE_TOKEN. Or leave --host out, and put a proxy in front that signs people in.',
    );
  }
  return {
    ...readCommonOptions(flags),
    sources,
    host: flags.host,
    port: portFlag(flags.port),
    auth: flags.auth,
    hostNames: flags.name.map((name) => name.toLowerCase()),
    corsOrigins: flags.cors.map(originFlag),
    everyMs: durationFlag('--every', flags.every, LEAST_EVERY_MS),
    requestsPerMinute: positiveFlag('--budget', flags.budget),
    recent: countFlag('--recent', flags.recent),
    title: flags.title,
    wall: flags.wall ?? false,
    rotateMs: durationFlag('--rotate', flags.rotate, 1000),
  };
}

function portFlag(text: string): number {
  const port = countFlag('--port', text);
  if (port <= 65_535) return port;
  throw new UsageError(`--port "${text}" is not a port.`, 'Ports go up to 65535.');
}

function positiveFlag(name: string, text: string): number {
  const number = countFlag(name, text);
  if (number > 0) return number;
  throw new UsageError(`${name} must be at least 1.`);
}

function originFlag(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol) && `${url.origin}/` === url.href) return url.origin;
  throw new UsageError(`--cors "${text}" is not an origin.`, 'Write it as https://host.example, without a path.');
}
