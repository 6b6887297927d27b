import type { FailOn } from '@tardy/core';
import { Command, Option } from 'commander';
import { noteUnsent, unlessBusy } from '../alerts/exit-by-alarms.js';
import { findAlarms, type AlarmOptions } from '../alerts/find-alarms.js';
import { readAlertOptions, statusesFlag, withAlertOptions, type AlertFlags } from '../alerts/options.js';
import { EXIT } from '../exit-code.js';
import type { CliIo } from '../io.js';
import { readOutputOptions, withOutputOptions, type OutputFlags, type OutputOptions } from '../output-options.js';
import {
  countFlag,
  durationFlag,
  readCommonOptions,
  withCommonOptions,
  type CommonFlags,
} from '../read/common-options.js';
import { readSelectors, withSelectors, type SelectorFlags } from '../read/selectors.js';
import { prepareOutput } from '../report-output.js';
import type { Submit } from '../task.js';

/** The options of `check`. */
export type CheckOptions = Omit<AlarmOptions, 'dryRun'> & OutputOptions;

type CheckFlags = CommonFlags &
  OutputFlags &
  AlertFlags &
  SelectorFlags & {
    failOn: FailOn;
    allowUnknown?: boolean;
    all?: boolean;
    confirmAfter: string;
    maxRequests: string;
    only?: string;
    failOnNew?: boolean;
    notify?: readonly string[];
    limit: string;
    maxStale?: string;
    record?: string;
  };

/** Builds `check`: flags in, options out. `run` is replaced in tests of the flags. */
export function checkCommand(submit: Submit, run = runCheck): Command {
  const command = new Command('check')
    .description('Read active runs, print those that are late or stuck, and set the exit code')
    .argument(
      '[source...]',
      'names from the config, or URIs: github:owner/repo, runs:https://host/api, file:runs.json, -',
    )
    .addOption(
      new Option('--fail-on <level>', 'exit 1 if a run reaches this level')
        .choices(['late', 'stale', 'never'])
        .default('stale'),
    )
    .option('--allow-unknown', 'do not exit 3 because of active runs that cannot be judged')
    .option('--max-stale <number>', 'how many runs may reach that level before the exit code is 1 (default: none)')
    .option('-a, --all', 'report all runs, not only those that need attention')
    .option(
      '--confirm-after <duration>',
      'wait this long before confirming what Tardy has only just concluded, such as a lost worker (0s: do not wait)',
      '15s',
    )
    .option('--max-requests <number>', 'requests per source to confirm runs before they fail the check', '200')
    .option('--only <list>', 'with --state: list only runs that are new, still, recovered or vanished')
    .option('--fail-on-new', 'with --state: exit 1 only for runs that are new')
    .option(
      '--notify <target>',
      'with --state: send a target of the config what is new, recovered or to be reminded of (repeatable)',
      (name: string, names: readonly string[] | undefined) => [...(names ?? []), name],
    )
    .option(
      '--record <record>',
      'warn of learned rules that no longer fit, going by what tardy record keeps (default: "record" of the config)',
    )
    .option('-L, --limit <number>', 'how many runs the formats for people list, or all; programs get all', '100');
  return withOutputOptions(withAlertOptions(withCommonOptions(withSelectors(command))))
    .addHelpText('after', HELP)
    .action((sources: string[], flags: CheckFlags) => {
      const options: CheckOptions = {
        ...readCommonOptions(flags),
        ...readOutputOptions(flags),
        ...readAlertOptions(flags),
        sources,
        failOn: flags.failOn,
        allowUnknown: flags.allowUnknown ?? false,
        all: flags.all ?? false,
        confirmAfterMs: durationFlag('--confirm-after', flags.confirmAfter, 0),
        maxRequests: countFlag('--max-requests', flags.maxRequests),
        only: flags.only === undefined ? undefined : statusesFlag(flags.only),
        failOnNew: flags.failOnNew ?? false,
        notify: flags.notify,
        worn: { record: flags.record },
        maxStale: flags.maxStale === undefined ? undefined : countFlag('--max-stale', flags.maxStale),
        selectors: readSelectors(flags),
        limit: flags.limit === 'all' ? undefined : countFlag('--limit', flags.limit),
      };
      submit((io) => run(io, options));
    });
}

/** Reads, judges, confirms, notifies and prints. */
export async function runCheck(io: CliIo, options: CheckOptions): Promise<number> {
  const output = await prepareOutput(io, options);
  return unlessBusy(io, async () => {
    const { report, results, failed, timeZone } = await findAlarms(io, { ...options, dryRun: false });
    noteUnsent(io, results);
    const exitCode = await output.write(report, { timeZone });
    return failed && exitCode === EXIT.OK ? EXIT.CANNOT_TELL : exitCode;
  });
}

const HELP = `
Exit codes:
  0  everything was read and judged, and no run reached --fail-on
  1  at least one run reached --fail-on
  2  usage, config or policy error; nothing was judged
  3  cannot tell: a source failed or is incomplete, a run cannot be judged, or a target was not notified

Examples:
  tardy check github:acme/web
  tardy check --fail-on late --json | jq .totals
  tardy check --type 'nightly-*' --tenant Acme --max-stale 2
  curl -s https://host.example/api/runs | tardy check -
  tardy check --config tardy.config.yaml --state state.json --notify ops`;
