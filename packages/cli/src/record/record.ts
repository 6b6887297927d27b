import type { Instant } from '@tardy/core';
import { Command } from 'commander';
import { unlessBusy } from '../alerts/exit-by-alarms.js';
import { readSetup, type Setup } from '../config/setup.js';
import { UsageError } from '../errors.js';
import { EXIT } from '../exit-code.js';
import type { CliIo } from '../io.js';
import { sanitizeInline, sanitizeLines } from '../output/sanitize.js';
import {
  countFlag,
  durationFlag,
  readCommonOptions,
  withCommonOptions,
  type CommonFlags,
  type CommonOptions,
} from '../read/common-options.js';
import type { Follow } from '../read/follow.js';
import { sourceNames } from '../read/open-sources.js';
import { readWith, type CompleteReading } from '../read/read-all.js';
import type { Submit } from '../task.js';
import { newsOf, RECENT, type News } from './news.js';
import { recordPlaceFor, type RecordPlace } from './place.js';
import { openRecord } from './record-store.js';
import type { RecordStore } from './store.js';

/** The options of `record`. */
export type RecordOptions = CommonOptions & {
  readonly sources: readonly string[];
  /** Where to; `undefined` for the record of the config. */
  readonly to: string | undefined;
  readonly keepMs: number;
  /** How far back the first check of a source looks for runs that have ended. */
  readonly sinceMs: number;
  readonly confirmAfterMs: number;
  readonly maxRequests: number;
};

type RecordFlags = CommonFlags & {
  readonly to?: string;
  readonly keep: string;
  readonly since: string;
  readonly confirmAfter: string;
  readonly maxRequests: string;
};

/** A list may show a run as ended some time after its end. */
const OVERLAP_MS = 15 * 60_000;

const DAY_MS = 86_400_000;

/** Builds `record`: flags in, options out. `run` is replaced in tests of the flags. */
export function recordCommand(submit: Submit, run = runRecord): Command {
  const command = new Command('record')
    .description('Keep what a check sees: runs, their verdicts, the silences between heartbeats, and how they ended')
    .argument(
      '[source...]',
      'names from the config, or URIs: github:owner/repo, runs:https://host/api, file:runs.json, -',
    )
    .option('--to <record>', 'where to keep it: a file of lines, or sqlite:PATH (default: "record" of the config)')
    .option('--keep <duration>', 'drop what ended longer ago than this', '90d')
    .option('--since <duration>', 'what the first check of a source also keeps: runs that ended within this time', '1d')
    .option(
      '--confirm-after <duration>',
      'wait this long before confirming what Tardy has only just concluded (0s: do not wait)',
      '15s',
    )
    .option('--max-requests <number>', 'requests per source to confirm runs and to ask how others ended', '200');
  return withCommonOptions(command)
    .addHelpText('after', HELP)
    .action((sources: string[], flags: RecordFlags) => {
      const options: RecordOptions = {
        ...readCommonOptions(flags),
        sources,
        to: flags.to,
        keepMs: durationFlag('--keep', flags.keep, DAY_MS),
        sinceMs: durationFlag('--since', flags.since),
        confirmAfterMs: durationFlag('--confirm-after', flags.confirmAfter, 0),
        maxRequests: countFlag('--max-requests', flags.maxRequests),
      };
      submit((io) => run(io, options));
    });
}

/** Reads, judges and confirms as `check` does, and keeps what is new. 3 if something could not be read, else 0. */
export async function runRecord(io: CliIo, options: RecordOptions): Promise<number> {
  const setup = await readSetup(io, options);
  const place = placeOf(io, setup, options);
  return unlessBusy(io, async () => {
    const store = await openRecord(io, place);
    try {
      const since = sinceOf(io, store, options);
      const reading = await read(io, setup, store, since, options);
      const news = newsOf(reading, store, since, io.scrub);
      await store.save(news.entries, news.checks, reading.now - options.keepMs);
      io.stdout.write(`${sanitizeInline(wordsOf(reading, news, store, place))}\n`);
      for (const { name, error, issues } of reading.sources) {
        const why = error?.message ?? issues[0]?.reason;
        if (why !== undefined) io.stderr.write(sanitizeLines(`tardy: ${name}: incomplete: ${why}\n`));
      }
      for (const name of news.overfull) {
        const words = `more than ${RECENT} runs ended since the last time, and some were not seen. Record more often.`;
        io.stderr.write(sanitizeLines(`tardy: ${name}: ${words}\n`));
      }
      return reading.sources.every(({ complete }) => complete) ? EXIT.OK : EXIT.CANNOT_TELL;
    } finally {
      await store.close();
    }
  });
}

function placeOf(io: CliIo, { config }: Setup, { to }: RecordOptions): RecordPlace {
  const place = recordPlaceFor(io, config, to);
  if (place !== undefined) return place;
  throw new UsageError(
    'There is no record to write to.',
    'Name one: --to record.ndjson or --to sqlite:record.db, or "record:" in a config that is named.',
  );
}

async function read(
  io: CliIo,
  setup: Setup,
  store: RecordStore,
  since: (sourceName: string) => Instant,
  options: RecordOptions,
): Promise<CompleteReading> {
  const open = store.open();
  const { config } = setup;
  const names = sourceNames(config, options.sources);
  const earliest = Math.min(...(names.length === 0 ? [''] : names).map(since));
  const follow: Follow = {
    runsOf: (name) => open.flatMap(({ sourceName, run }) => (sourceName === name ? [run] : [])),
    maxRequests: options.maxRequests,
  };
  return readWith(io, setup, options.sources, options, {
    query: { activity: 'recent', limit: RECENT, endedSince: earliest },
    keep: () => true,
    follow,
    secondLook: {
      alarms: ({ freshness }) => freshness.state === 'late' || freshness.state === 'likely_stale',
      maxRequests: options.maxRequests,
      confirmAfterMs: options.at === undefined ? options.confirmAfterMs : 0,
      sleep: io.sleep,
    },
  });
}

/** Runs of a source that ended before this are not kept: its last check, the first time as far back as the options say. */
function sinceOf(
  io: CliIo,
  { lastChecks }: RecordStore,
  { at, sinceMs }: RecordOptions,
): (sourceName: string) => Instant {
  const first = (at ?? io.now()) - sinceMs;
  return (sourceName) => {
    const last = lastChecks.get(sourceName);
    return last === undefined ? first : last - OVERLAP_MS;
  };
}

function wordsOf(
  { sources }: CompleteReading,
  { added, ended, checks }: News,
  store: RecordStore,
  { shown }: RecordPlace,
): string {
  const stuck = checks.reduce((sum, { likelyStale }) => sum + likelyStale, 0);
  const active = checks.reduce((sum, { runs }) => sum + runs, 0);
  const from = sources.length === 1 ? (sources[0]?.name ?? '') : `${sources.length} sources`;
  return `${from}: ${active} active, ${stuck} stuck; ${added} not seen before, ${ended} ended. ${shown} has ${runWords(store.size())}.`;
}

function runWords(count: number): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? 'run' : 'runs'}`;
}

const HELP = `
Run it as often as check: silences and verdicts are those that it sees.

Exit codes:
  0  everything was read and kept, whatever the verdicts
  2  usage, config or policy error, or a file that is no record; nothing was kept
  3  a source failed or is incomplete; what was read is kept

Examples:
  tardy record ci --to record.ndjson
  tardy record --config tardy.config.yaml --to sqlite:/var/lib/tardy/record.db --keep 180d
  tardy learn record.ndjson --clock run,silence
  tardy report --since 24h --record record.ndjson --output report.html`;
