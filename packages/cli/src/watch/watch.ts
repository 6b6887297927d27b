import { compareRuns, DEFAULT_FILTER, isActive, type FailOn, type Instant, type Report } from '@tardy/core';
import { Command, Option } from 'commander';
import { readSetup } from '../config/setup.js';
import type { CliIo, LiveIo } from '../io.js';
import { keepReading, openFeeds } from '../live/feeds.js';
import { LiveRuns } from '../live/live-runs.js';
import type { SourceFeed } from '../live/source-feed.js';
import { nextChangeOf, reportOf, type JudgedEntry } from '../live/status.js';
import { openInBrowser } from '../open/open-in-browser.js';
import { reportSummaryLines } from '../output/report-summary.js';
import { terminalFrom, type Terminal } from '../output/terminal.js';
import {
  countFlag,
  durationFlag,
  readCommonOptions,
  withCommonOptions,
  type CommonFlags,
  type CommonOptions,
} from '../read/common-options.js';
import type { Submit } from '../task.js';
import { Changes } from './changes.js';
import { fullScreen, type Screen } from './screen.js';
import { afterKey, FIRST_STATE, type WatchState } from './watch-state.js';
import { frameLines } from './watch-view.js';

/** The options of `watch`. */
export type WatchOptions = CommonOptions & {
  readonly sources: readonly string[];
  readonly failOn: FailOn;
  readonly allowUnknown: boolean;
  readonly untilFresh: boolean;
  readonly once: boolean;
  readonly everyMs: number;
  readonly requestsPerMinute: number;
};

type WatchFlags = CommonFlags & {
  failOn: FailOn;
  allowUnknown?: boolean;
  untilFresh?: boolean;
  once?: boolean;
  every: string;
  budget: string;
};

const LEAST_EVERY_MS = 5000;
const LEAST_PATIENCE_MS = 60_000;

/** Builds `watch`: flags in, options out. `run` is replaced in tests of the flags. */
export function watchCommand(submit: Submit, run = runWatch): Command {
  const command = new Command('watch')
    .description('Show the active runs live, until none is active; then exit as check does')
    .argument(
      '[source...]',
      'names from the config, or URIs: github:owner/repo, runs:https://host/api, file:runs.json, -',
    )
    .option('--until-fresh', 'end as soon as nothing is late or stuck')
    .option('--once', 'show one frame and end')
    .addOption(
      new Option('--fail-on <level>', 'exit 1 if a run is at this level at the end')
        .choices(['late', 'stale', 'never'])
        .default('stale'),
    )
    .option('--allow-unknown', 'do not exit 3 because of active runs that cannot be judged')
    .option('--every <duration>', 'read each source this often', '15s')
    .option('--budget <number>', 'requests that each source may get in a minute, on average', '60');
  return withCommonOptions(command)
    .addHelpText('after', HELP)
    .action((sources: string[], flags: WatchFlags) => {
      const options: WatchOptions = {
        ...readCommonOptions(flags),
        sources,
        failOn: flags.failOn,
        allowUnknown: flags.allowUnknown ?? false,
        untilFresh: flags.untilFresh ?? false,
        once: flags.once ?? false,
        everyMs: durationFlag('--every', flags.every, LEAST_EVERY_MS),
        requestsPerMinute: Math.max(1, countFlag('--budget', flags.budget)),
      };
      submit((io) => run(io, options));
    });
}

/** How frames get out: over one another, one below the other, or one only. */
type Mode = 'screen' | 'lines' | 'once';

/** Reads, judges and shows until nothing is active, a key or a signal ends it. */
export async function runWatch(io: CliIo, options: WatchOptions): Promise<number> {
  const setup = await readSetup(io, options);
  const feeds = await openFeeds(io, setup, { ...options, recent: undefined });
  const live = await io.live();
  const runs = new LiveRuns({
    given: setup.policy,
    sources: feeds.length,
    now: () => options.at ?? io.now(),
    scrub: io.scrub,
    patienceMs: Math.max(2 * options.everyMs, LEAST_PATIENCE_MS),
  });
  try {
    return await new Watch(io, live, options, feeds, runs).run();
  } finally {
    live.release();
    await Promise.all(feeds.map((feed) => feed.close()));
  }
}

class Watch {
  readonly #io: CliIo;
  readonly #live: LiveIo;
  readonly #options: WatchOptions;
  readonly #feeds: readonly SourceFeed[];
  readonly #runs: LiveRuns;
  readonly #mode: Mode;
  readonly #changes = new Changes();
  readonly #end = new AbortController();
  #state: WatchState = FIRST_STATE;
  #screen: Screen | undefined;
  #hasKeys = false;
  /** Aborted to draw at once. */
  #pause = new AbortController();

  constructor(io: CliIo, live: LiveIo, options: WatchOptions, feeds: readonly SourceFeed[], runs: LiveRuns) {
    this.#io = io;
    this.#live = live;
    this.#options = options;
    this.#feeds = feeds;
    this.#runs = runs;
    this.#mode =
      options.once || isUnderWatch(io) ? 'once' : live.size() === undefined || isDumb(io) ? 'lines' : 'screen';
  }

  async run(): Promise<number> {
    const { stopped, wait } = this.#live;
    if (this.#mode === 'screen') this.#enterScreen();
    const stopReading = AbortSignal.any([stopped, this.#end.signal]);
    const follow = { stopped: stopReading, wait, heard: () => this.#pause.abort() };
    const reading = Promise.all(this.#feeds.map((feed, index) => keepReading(feed, index, this.#runs, follow)));
    // What reading throws is a bug, and must not leave a frozen frame behind.
    reading.catch(() => this.#end.abort());
    try {
      while (!stopReading.aborted) {
        this.#pause = new AbortController();
        const waitMs = this.#show();
        if (this.#isOver()) break;
        await wait(waitMs, AbortSignal.any([stopReading, this.#pause.signal]));
      }
    } finally {
      this.#end.abort();
      this.#screen?.leave();
    }
    await reading;
    return this.#finish();
  }

  #enterScreen(): void {
    this.#screen = fullScreen(this.#live);
    this.#live.onResize(() => this.#pause.abort());
    this.#hasKeys = this.#live.onKey((key) => {
      const { state, action } = afterKey(this.#state, key, this.#judge().judged);
      this.#state = state;
      if (action?.kind === 'quit') this.#end.abort();
      if (action?.kind === 'open') void openInBrowser(action.url).catch(() => {});
      this.#pause.abort();
    });
  }

  /** Shows the present, and gives how long that stays true, in milliseconds. */
  #show(): number {
    const now = this.#now();
    const { judged, report } = this.#judge();
    const ready = this.#isReady();
    switch (this.#mode) {
      case 'screen': {
        const { rows } = this.#live.size() ?? { rows: 24 };
        const frame = { report, runs: judged, state: this.#state, now, ready, hasKeys: this.#hasKeys };
        this.#screen?.draw(frameLines(frame, this.#terminal(), rows));
        break;
      }
      case 'lines':
        if (ready) {
          for (const line of this.#changes.since(report, judged, now, this.#terminal())) this.#live.write(`${line}\n`);
        }
        break;
      case 'once':
        break;
    }
    // Words change by the second, a verdict at its own instant.
    return Math.min(this.#mode === 'screen' ? 1000 : 60_000, Math.max(nextChangeOf(judged) - now, 10));
  }

  #isReady(): boolean {
    return this.#feeds.every(({ last }) => last !== undefined);
  }

  #isOver(): boolean {
    if (!this.#isReady()) return false;
    if (this.#mode === 'once') return true;
    const { report, judged } = this.#judge();
    if (!report.complete) return false;
    return this.#options.untilFresh ? report.verdict === 'fresh' : !judged.some(({ run }) => isActive(run));
  }

  /** The last word stays on the terminal, as `check` leaves it there. */
  #finish(): number {
    const { stopped } = this.#live;
    const { judged, report } = this.#judge();
    if (this.#mode === 'once') {
      const frame = { report, runs: judged, state: FIRST_STATE, now: this.#now(), ready: true, hasKeys: false };
      for (const line of frameLines(frame, this.#terminal(), this.#rowsOnce())) this.#live.write(`${line}\n`);
    } else if (this.#mode === 'screen' && this.#isReady()) {
      for (const line of reportSummaryLines(report, this.#terminal())) this.#live.write(`${line}\n`);
    }
    return stopped.aborted ? Number(stopped.reason) : report.exit_code;
  }

  #judge(): { readonly judged: readonly JudgedEntry[]; readonly report: Report } {
    const { failOn, allowUnknown } = this.#options;
    const { judged, report } = reportOf(this.#runs, this.#feeds, this.#now(), { failOn, allowUnknown });
    const active = judged.filter(({ run }) => isActive(run));
    return { judged: active.sort((a, b) => compareRuns(a, b, DEFAULT_FILTER.sort)), report };
  }

  #now(): Instant {
    return this.#options.at ?? this.#io.now();
  }

  #terminal(): Terminal {
    const size = this.#live.size();
    const { env, stdout } = this.#io;
    const flags = { color: this.#options.color };
    const terminal = terminalFrom({ env, isTty: size !== undefined, columns: size?.columns ?? stdout.columns, flags });
    // One frame is laid out as on a terminal: watch(1) shows it on one.
    return { ...terminal, isTty: terminal.isTty || this.#mode === 'once' };
  }

  /** `watch` of procps says how much room there is. */
  #rowsOnce(): number {
    const lines = Number(this.#io.env['LINES']);
    return this.#live.size()?.rows ?? (Number.isInteger(lines) && lines > 4 ? lines - 2 : Infinity);
  }
}

/** Whether this is the command of `watch`, which repeats it and draws over it: it sets both variables, and shells export neither. */
function isUnderWatch({ env, stdout }: CliIo): boolean {
  return !stdout.isTty && (env['LINES'] ?? '') !== '' && (env['COLUMNS'] ?? '') !== '';
}

function isDumb({ env }: CliIo): boolean {
  return env['TERM'] === 'dumb';
}

const HELP = `
Keys: up and down select a run, enter shows it, o opens its page, / filters, q ends.
Without a terminal, or in a dumb one, what changes is printed line by line; under watch(1) it is one frame.

Exit codes: those of check, for the last state shown; 130 after Ctrl-C.

Examples:
  tardy watch github:acme/web
  tardy watch --until-fresh --fail-on late && ./deploy.sh
  watch -c tardy watch --color`;
