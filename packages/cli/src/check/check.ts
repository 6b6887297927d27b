import { buildReport, reachesLevel, reportRun, type FailOn, type JudgedRun } from '@tardy/core';
import { policyDigest } from '@tardy/core/digest';
import { Command, Option } from 'commander';
import type { CliIo } from '../io.js';
import { systemOf } from '../read/opened-source.js';
import { readOutputOptions, withOutputOptions, type OutputFlags, type OutputOptions } from '../output-options.js';
import {
  countFlag,
  durationFlag,
  readCommonOptions,
  withCommonOptions,
  type CommonFlags,
  type CommonOptions,
} from '../read/common-options.js';
import { readAll } from '../read/read-all.js';
import { prepareOutput } from '../report-output.js';
import type { Submit } from '../task.js';

/** The options of `check`. */
export type CheckOptions = CommonOptions &
  OutputOptions & {
    readonly sources: readonly string[];
    readonly failOn: FailOn;
    readonly allowUnknown: boolean;
    readonly all: boolean;
    readonly confirmAfterMs: number;
    readonly maxRequests: number;
  };

type CheckFlags = CommonFlags &
  OutputFlags & { failOn: FailOn; allowUnknown?: boolean; all?: boolean; confirmAfter: string; maxRequests: string };

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
    .option('-a, --all', 'report all runs, not only those that need attention')
    .option(
      '--confirm-after <duration>',
      'wait this long before confirming what Tardy has only just concluded, such as a lost worker (0s: do not wait)',
      '15s',
    )
    .option('--max-requests <number>', 'requests per source to confirm runs before they fail the check', '200');
  return withOutputOptions(withCommonOptions(command))
    .addHelpText('after', HELP)
    .action((sources: string[], flags: CheckFlags) => {
      const options: CheckOptions = {
        ...readCommonOptions(flags),
        ...readOutputOptions(flags),
        sources,
        failOn: flags.failOn,
        allowUnknown: flags.allowUnknown ?? false,
        all: flags.all ?? false,
        confirmAfterMs: durationFlag('--confirm-after', flags.confirmAfter, 0),
        maxRequests: countFlag('--max-requests', flags.maxRequests),
      };
      submit((io) => run(io, options));
    });
}

/** Reads, judges, confirms and prints. */
export async function runCheck(io: CliIo, options: CheckOptions): Promise<number> {
  const output = await prepareOutput(io, options);
  const { sources, totals, runs, setup, now } = await readAll(io, options.sources, options, {
    query: { activity: 'active' },
    keep: options.all ? () => true : needsAttention,
    secondLook: {
      alarms: ({ freshness }) => reachesLevel(freshness.state, options.failOn),
      maxRequests: options.maxRequests,
      // Judged at a fixed time, nothing changes by waiting.
      confirmAfterMs: options.at === undefined ? options.confirmAfterMs : 0,
      sleep: io.sleep,
    },
  });
  const report = buildReport({
    generatedAt: now,
    now,
    policyDigest: policyDigest(setup.generalPolicy),
    policyFrom: setup.policyFrom,
    config: setup.configShown ?? null,
    sources,
    totals,
    runs: runs.map((seen) => reportRun(seen, seen.now, { sourceTitle: systemOf(sources[seen.sourceIndex]?.kind) })),
    failOn: options.failOn,
    allowUnknown: options.allowUnknown,
  });
  return output.write(report);
}

function needsAttention({ freshness }: JudgedRun): boolean {
  return freshness.problemClass === 'active_stale_attention';
}

const HELP = `
Exit codes:
  0  everything was read and judged, and no run reached --fail-on
  1  at least one run reached --fail-on
  2  usage, config or policy error; nothing was judged
  3  cannot tell: a source failed or is incomplete, or a run cannot be judged

Examples:
  tardy check github:acme/web
  tardy check --fail-on late --json | jq .totals
  curl -s https://host.example/api/runs | tardy check -`;
