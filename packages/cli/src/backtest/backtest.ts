import type { Policy } from '@tardy/core';
import {
  backtest,
  DEFAULT_LEARN_OPTIONS,
  type Backtest,
  type Candidate,
  type ReplayedAlarm,
  type ReplayedClock,
} from '@tardy/core/learn';
import { Command, Option } from 'commander';
import { loadPolicyFor } from '../config/load-policy.js';
import { UsageError } from '../errors.js';
import { EXIT } from '../exit-code.js';
import { readHistoryOptions, withHistoryOptions, type HistoryFlags } from '../history/history-options.js';
import { readHistory, type HistoryReading } from '../history/read-history.js';
import type { CliIo } from '../io.js';
import { terminalOf } from '../output-options.js';
import { jsonText } from '../output/json.js';
import type { Submit } from '../task.js';
import type { BacktestFacts, BacktestOptions } from './backtest-facts.js';
import { backtestJson } from './backtest-json.js';
import { backtestText } from './backtest-text.js';
import { checkPromises, readPromises } from './promises.js';

type BacktestFlags = HistoryFlags & {
  readonly policy: readonly string[];
  readonly relearn?: string;
  readonly unmarked?: boolean;
  readonly clock: ReplayedClock;
  readonly maxFalse?: string;
  readonly minCaught?: string;
  readonly inject?: boolean;
  readonly alarms?: boolean;
  readonly format: 'text' | 'json';
};

const DAY = 86_400_000;

/** How often rules can be learned again. */
const RELEARN: Readonly<Record<string, number>> = { daily: DAY, weekly: 7 * DAY, once: Infinity };

/** The share of the runs that rules learn from before the replay begins. */
const SKIPPED = 0.2;

/** Builds `backtest`: flags in, options out. `run` is replaced in tests of the flags. */
export function backtestCommand(submit: Submit, run = runBacktest): Command {
  const command = new Command('backtest').description(
    'Replay a history of runs under one or more policies, or under rules learned from it: false alarms, and stuck runs caught',
  );
  return withHistoryOptions(command)
    .option(
      '-p, --policy <file>',
      'policy to replay (repeatable; default: the one in the config, else the built-in one)',
      (path: string, paths: readonly string[]) => [...paths, path],
      [],
    )
    .addOption(
      new Option(
        '--relearn <interval>',
        'replay rules that are learned from the first fifth of the runs, and again this often',
      ).choices(Object.keys(RELEARN)),
    )
    .option('--unmarked', 'learn from runs that hung too, as if nothing had recognised them')
    .addOption(new Option('--clock <clock>', 'what to replay').choices(['run', 'queue']).default('run'))
    .option('--max-false <rate>', 'exit 1 if stale raises more false alarms than this: 1/1000')
    .option('--min-caught <share>', 'exit 1 if stale catches less than this share of the runs that hung: 95%')
    .option('--inject', 'also replay every run as one that never ends')
    .option('--alarms', 'print each alarm and what became of its run')
    .addOption(new Option('-f, --format <format>', 'output').choices(['text', 'json']).default('text'))
    .addHelpText('after', HELP)
    .action((targets: string[], flags: BacktestFlags) => {
      const options: BacktestOptions = {
        ...readHistoryOptions(flags),
        targets,
        policyPaths: flags.policy,
        relearnMs: flags.relearn === undefined ? undefined : RELEARN[flags.relearn],
        unmarked: flags.unmarked ?? false,
        clock: flags.clock,
        promises: readPromises(flags.maxFalse, flags.minCaught),
        inject: flags.inject ?? false,
        alarms: flags.alarms ?? false,
        json: flags.format === 'json',
      };
      if (options.unmarked && options.relearnMs === undefined) {
        throw new UsageError('--unmarked changes what is learned, and nothing is.', 'Add --relearn weekly.');
      }
      submit((io) => run(io, options));
    });
}

/** Reads the history, replays it and prints what each policy would have done. */
export async function runBacktest(io: CliIo, options: BacktestOptions): Promise<number> {
  const reading = await readHistory(io, options.targets, options, undefined);
  const candidates = await candidatesOf(io, reading, options);
  const alarms: ReplayedAlarm[] = [];
  const result = backtest(reading.history, candidates, {
    clock: options.clock,
    skip: options.relearnMs === undefined ? 0 : SKIPPED,
    inject: options.inject,
    onAlarm: options.alarms ? (alarm) => void alarms.push(alarm) : undefined,
  });
  const verdict = checkPromises(result, options.promises);
  const exitCode = exitCodeOf(reading, result, verdict);
  const facts: BacktestFacts = { reading, result, alarms, options, verdict, exitCode };
  const at = options.at ?? io.now();
  io.stdout.write(
    options.json ? jsonText(backtestJson(facts, at)) : backtestText(facts, terminalOf(io, io.stdout, options)),
  );
  return exitCode;
}

/** Learned rules first: the others are what they are compared with. */
async function candidatesOf(
  io: CliIo,
  { setup }: HistoryReading,
  { policyPaths, relearnMs, unmarked }: BacktestOptions,
): Promise<Candidate[]> {
  const candidates: Candidate[] = [];
  if (relearnMs !== undefined) {
    const name = relearnMs === Infinity ? 'learned once' : `relearned ${relearnMs === DAY ? 'daily' : 'weekly'}`;
    candidates.push({ kind: 'relearned', name, options: DEFAULT_LEARN_OPTIONS, every: relearnMs, keepCut: unmarked });
  }
  for (const path of policyPaths) candidates.push(fixed(path, await loadPolicyFor(io, path, undefined)));
  if (candidates.length === 0) candidates.push(fixed(setup.policyFrom, setup.generalPolicy));
  return candidates;
}

function fixed(name: string, policy: Policy | undefined): Candidate {
  if (policy === undefined) throw new UsageError(`There is no policy ${name}.`);
  return { kind: 'fixed', name, policy };
}

function exitCodeOf(
  { complete }: HistoryReading,
  { replayed }: Backtest,
  verdict: ReturnType<typeof checkPromises>,
): number {
  if (verdict.some(({ kept }) => kept === 'no')) return EXIT.FOUND;
  return !complete || replayed === 0 || verdict.some(({ kept }) => kept === 'unproved') ? EXIT.CANNOT_TELL : EXIT.OK;
}

const HELP = `
Exit codes:
  0  the history was read and replayed, and every promise was kept
  1  a promise was broken: --max-false or --min-caught
  2  usage, config or policy error; nothing was replayed
  3  cannot tell: the history is incomplete, or too short to prove a promise

Examples:
  tardy backtest runs.csv
  tardy backtest runs.csv --relearn weekly --policy tardy.policy.yaml --inject
  tardy backtest ci --since 180d --max-false 1/1000 --min-caught 95%`;
