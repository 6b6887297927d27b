import type { Instant } from '@tardy/core';
import { Command } from 'commander';
import { readSetup } from '../config/setup.js';
import { EXIT } from '../exit-code.js';
import type { CliIo, LiveIo } from '../io.js';
import { sanitizeInline } from '../output/sanitize.js';
import type { Submit } from '../task.js';
import { Access, isLoopback } from './access.js';
import { readAssets } from './assets.js';
import { createHandler } from './handler.js';
import { listen } from './http-server.js';
import { keepReading, openFeeds } from '../live/feeds.js';
import { LiveRuns } from '../live/live-runs.js';
import { readServeOptions, withServeOptions, type ServeFlags, type ServeOptions } from './serve-options.js';
import { readServeToken } from './serve-token.js';
import type { SourceFeed } from '../live/source-feed.js';
import { statusOf } from '../live/status.js';

/** Builds `serve`: flags in, options out. `run` is replaced in tests of the flags. */
export function serveCommand(submit: Submit, run = runServe): Command {
  const command = new Command('serve')
    .description('Serve a page and the run API over all sources, until it is stopped')
    .argument(
      '[source...]',
      'names from the config, or URIs: github:owner/repo, runs:https://host/api, file:runs.json, -',
    );
  return withServeOptions(command)
    .addHelpText('after', HELP)
    .action((sources: string[], flags: ServeFlags) => {
      const options = readServeOptions(sources, flags);
      submit((io) => run(io, options));
    });
}

/**
 * Reads the sources again and again and serves what they said, until a signal stops it.
 *
 * @throws {UsageError} for a source that cannot be opened, a token that cannot be read, and a port that is taken.
 */
export async function runServe(io: CliIo, options: ServeOptions): Promise<number> {
  const token = options.auth === undefined ? undefined : await readServeToken(io, options.auth);
  const setup = await readSetup(io, options);
  const now = (): Instant => options.at ?? io.now();
  const feeds = await openFeeds(io, setup, options);
  try {
    const runs = new LiveRuns({
      given: setup.policy,
      sources: feeds.length,
      now,
      scrub: io.scrub,
      patienceMs: Math.max(2 * options.everyMs, LEAST_PATIENCE_MS),
    });
    const { corsOrigins, hostNames, title, wall, rotateMs } = options;
    const own = isLoopback(options.host) ? [] : [options.host];
    const handler = createHandler({
      runs,
      status: () => statusOf(runs, feeds, now()),
      access: new Access({ token, hostNames: [...hostNames, ...own], corsOrigins, now: io.now }),
      assets: await readAssets(io),
      title,
      rotateMs,
      wall,
      now,
      scrub: io.scrub,
      onError: (error) => io.stderr.write(`tardy: ${sanitizeInline(String(error))}\n`),
    });
    const server = await listen(handler, options.host, options.port);
    const live = await io.live();
    announce(live, options, server.port, feeds.length);
    if (token !== undefined && !isLoopback(options.host)) {
      io.stderr.write('tardy: the token travels as it is: put a proxy with TLS in front of this server.\n');
    }
    const { stopped, wait } = live;
    const heard = complaints(io);
    await Promise.all(feeds.map((feed, index) => keepReading(feed, index, runs, { stopped, wait, heard })));
    await server.close();
    return EXIT.OK;
  } finally {
    await Promise.all(feeds.map((feed) => feed.close()));
  }
}

/** Shorter than the shortest time after which silence makes a run late by default. */
const LEAST_PATIENCE_MS = 60_000;

/** Says on stderr when a source begins to fail, why, and when it is read again. */
function complaints(io: CliIo): (feed: SourceFeed) => void {
  const said = new Map<SourceFeed, string>();
  return (feed) => {
    const problem = feed.last?.error?.message ?? '';
    if (problem === (said.get(feed) ?? '')) return;
    said.set(feed, problem);
    const words = problem === '' ? 'is read again' : `cannot be read: ${problem}`;
    io.stderr.write(`tardy: ${sanitizeInline(`${feed.name} ${words}`)}\n`);
  };
}

function announce(live: LiveIo, { host, auth }: ServeOptions, port: number, sources: number): void {
  const shown = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  const count = sources === 1 ? '1 source' : `${sources} sources`;
  const access = auth === undefined ? '' : ', for whoever has the token';
  live.write(`Serving ${count} at http://${shown}:${port}${access}\n`);
}

const HELP = `
The pages: / (dashboard), /runs (list), /run?id=… (detail), /wall (big screen). The run API: /api. The state of the sources: /status.
Stop it with Ctrl-C or SIGTERM; it then exits with 0.

Exit codes:
  0  it was stopped
  2  usage, config or policy error, or the port is taken

Examples:
  tardy serve
  tardy serve --wall --title "Night shift" github:acme/web airflow:https://airflow.example
  TARDY_SERVE_TOKEN=$(openssl rand -hex 32) tardy serve --host 0.0.0.0 --auth env:TARDY_SERVE_TOKEN
  curl -s -H "Authorization: Bearer $TARDY_SERVE_TOKEN" http://localhost:8787/api/runs`;
