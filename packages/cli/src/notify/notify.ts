import { dueCounts } from '@tardy/core';
import { Command, Option } from 'commander';
import { noteUnsent, unlessBusy } from '../alerts/exit-by-alarms.js';
import { findAlarms, type Alarms } from '../alerts/find-alarms.js';
import { readAlertOptions, withAlertOptions, type AlertFlags, type AlertOptions } from '../alerts/options.js';
import { EXIT } from '../exit-code.js';
import type { CliIo } from '../io.js';
import { terminalOf } from '../output-options.js';
import { jsonText } from '../output/json.js';
import { complaintLines } from '../output/report-summary.js';
import { sanitizeLines } from '../output/sanitize.js';
import {
  countFlag,
  durationFlag,
  readCommonOptions,
  withCommonOptions,
  type CommonFlags,
  type CommonOptions,
} from '../read/common-options.js';
import { createScrubber } from '../scrub.js';
import type { Submit } from '../task.js';
import { describeWire, previewDue, type TargetResult } from './deliver.js';

/** The options of `notify`. */
export type NotifyOptions = CommonOptions &
  AlertOptions & {
    readonly sources: readonly string[];
    readonly targets: readonly string[];
    readonly level: 'late' | 'stale';
    readonly dryRun: boolean;
    readonly confirmAfterMs: number;
    readonly maxRequests: number;
  };

type NotifyFlags = CommonFlags &
  AlertFlags & {
    target: readonly string[];
    level: 'late' | 'stale';
    dryRun?: boolean;
    confirmAfter: string;
    maxRequests: string;
  };

/** Builds `notify`: flags in, options out. `run` is replaced in tests of the flags. */
export function notifyCommand(submit: Submit, run = runNotify): Command {
  const command = new Command('notify')
    .description('Read active runs, and send the targets of the config what is new, recovered or to be reminded of')
    .argument('[source...]', 'names from the config, or URIs: github:owner/repo, runs:https://host/api, file:runs.json')
    .option(
      '--target <name>',
      'send to this target only (repeatable; default: all)',
      (name: string, names: readonly string[]) => [...names, name],
      [],
    )
    .addOption(
      new Option('--level <level>', 'alert about runs that reach this level')
        .choices(['late', 'stale'])
        .default('stale'),
    )
    .option('--dry-run', 'print what would be sent; send and record nothing')
    .option(
      '--confirm-after <duration>',
      'wait this long before confirming what Tardy has only just concluded, such as a lost worker (0s: do not wait)',
      '15s',
    )
    .option(
      '--max-requests <number>',
      'requests per source to confirm runs, and to ask after those that are gone',
      '200',
    );
  return withAlertOptions(withCommonOptions(command))
    .addHelpText('after', HELP)
    .action((sources: string[], flags: NotifyFlags) => {
      const options: NotifyOptions = {
        ...readCommonOptions(flags),
        ...readAlertOptions(flags),
        sources,
        targets: flags.target,
        level: flags.level,
        dryRun: flags.dryRun ?? false,
        confirmAfterMs: durationFlag('--confirm-after', flags.confirmAfter, 0),
        maxRequests: countFlag('--max-requests', flags.maxRequests),
      };
      submit((io) => run(io, options));
    });
}

/** Reads, compares and sends; prints one line for each target. Stuck runs alone do not make it fail: they are what it is for. */
export async function runNotify(io: CliIo, options: NotifyOptions): Promise<number> {
  return unlessBusy(io, async () => {
    const alarms = await findAlarms(io, {
      ...options,
      failOn: options.level,
      allowUnknown: false,
      all: false,
      failOnNew: false,
      only: undefined,
      notify: options.targets,
    });
    const { report, results, failed } = alarms;
    const terminal = terminalOf(io, io.stderr, options);
    for (const line of complaintLines(report, terminal)) io.stderr.write(`${line}\n`);
    noteUnsent(io, results);
    io.stdout.write(options.dryRun ? preview(alarms) : results.map(resultLine).join(''));
    return failed || !report.complete || report.totals.unknown > 0 ? EXIT.CANNOT_TELL : EXIT.OK;
  });
}

function resultLine({ target, sent, unsent }: TargetResult): string {
  const confirmed = sent.length === 0 ? 'nothing to send' : `sent ${dueCounts(sent)}`;
  const said =
    unsent.length === 0 ? confirmed : `${sent.length === 0 ? '' : `${confirmed}; `}not sent: ${dueCounts(unsent)}`;
  return sanitizeLines(`${target.name}: ${said}\n`);
}

/** One JSON document: what would be sent, without secrets. */
function preview({ alerts, targets, now }: Alarms): string {
  const messages = previewDue(alerts, targets, now).flatMap(({ target, wires }) =>
    wires.map((wire) => describeWire(target, wire)),
  );
  const scrub = createScrubber(targets.flatMap(({ secrets }) => secrets));
  return scrub(jsonText(messages));
}

const HELP = `
Exit codes:
  0  everything was read and judged, and every target has confirmed what it is due
  2  usage, config or policy error; nothing was read or sent
  3  a source failed or is incomplete, a run cannot be judged, or a target was not notified; the next run tries again

Examples:
  tardy notify --config /etc/tardy.config.yaml --state /var/lib/tardy --remind 4h
  tardy notify --config tardy.config.yaml --state state.json --target ops --dry-run`;
