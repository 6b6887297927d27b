import {
  buildReport,
  queryRuns,
  reportRun,
  type ProblemClass,
  type Report,
  type RunFilter,
  type Tab,
} from '@tardy/core';
import { policyDigest } from '@tardy/core/digest';
import type { SourceQuery } from '@tardy/core/sources';
import { Command } from 'commander';
import type { CliIo } from '../io.js';
import { systemOf } from '../read/opened-source.js';
import { readOutputOptions, withOutputOptions, type OutputFlags, type OutputOptions } from '../output-options.js';
import { basisLines, gapLines, isBasisUsual } from '../output/report-summary.js';
import { runsTableLines } from '../output/runs-table.js';
import type { Terminal } from '../output/terminal.js';
import { readCommonOptions, withCommonOptions, type CommonFlags, type CommonOptions } from '../read/common-options.js';
import { readAll } from '../read/read-all.js';
import { prepareOutput } from '../report-output.js';
import type { Submit } from '../task.js';
import { readListOptions, withListFlags, type ListFlags, type ListSlice } from './list-flags.js';

/** The options of `list`. */
export type ListOptions = CommonOptions & OutputOptions & ListSlice & { readonly sources: readonly string[] };

/** Builds `list`: flags in, options out. `run` is replaced in tests of the flags. */
export function listCommand(submit: Submit, run = runList): Command {
  const command = new Command('list')
    .description('List the runs of all sources, worst first')
    .argument(
      '[source...]',
      'names from the config, or URIs: github:owner/repo, runs:https://host/api, file:runs.json, -',
    );
  return withOutputOptions(withCommonOptions(withListFlags(command)))
    .addHelpText('after', HELP)
    .action((sources: string[], flags: CommonFlags & OutputFlags & ListFlags) => {
      const common = readCommonOptions(flags);
      const output = readOutputOptions(flags);
      submit((io) => run(io, { ...common, ...output, ...readListOptions(flags, common.at ?? io.now()), sources }));
    });
}

/** Reads, judges, filters and prints. 3 if something could not be read, else 0: unlike `check`, it raises no alarm. */
export async function runList(io: CliIo, options: ListOptions): Promise<number> {
  const output = await prepareOutput(io, options);
  const { sources, totals, runs, setup, now } = await readAll(io, options.sources, options, {
    query: queryFor(options),
    keep: () => true,
    secondLook: undefined,
  });
  const matching = queryRuns(runs, options.filter);
  const report = buildReport({
    generatedAt: now,
    now,
    policyDigest: policyDigest(setup.generalPolicy),
    policyFrom: setup.policyFrom,
    config: setup.configShown ?? null,
    sources,
    totals,
    runs: matching
      .slice(0, options.limit)
      .map((seen) => reportRun(seen, seen.now, { sourceTitle: systemOf(sources[seen.sourceIndex]?.kind) })),
    failOn: 'never',
    allowUnknown: true,
  });
  return output.write(report, (listed, terminal) => listText(listed, matching.length, options, terminal));
}

/** Requests ended runs only if the filter can match them, and only as many as are shown: sources keep years of them. */
function queryFor({ filter, limit }: ListSlice): SourceQuery {
  return {
    activity: showsEnded(filter) ? 'recent' : 'active',
    limit,
    type: filter.type,
    tenantId: filter.tenantId,
    workspaceId: filter.workspaceId,
    problemClass: filter.problemClass ?? (isProblemTab(filter.tab) ? filter.tab : undefined),
    q: filter.q,
    since: filter.since,
  };
}

function isProblemTab(tab: Tab): tab is Tab & ProblemClass {
  return tab === 'active_stale_attention' || tab === 'terminal_follow_up';
}

function showsEnded({ tab, state, problemClass }: RunFilter): boolean {
  if (tab === 'active' || tab === 'active_stale_attention' || problemClass === 'active_stale_attention') return false;
  return state === undefined || state === 'reconciled' || state === 'terminal';
}

function listText(report: Report, matching: number, options: ListSlice, terminal: Terminal): string {
  const rows = runsTableLines(report.runs, terminal);
  const closing = [
    ...gapLines(report, terminal),
    ...(isBasisUsual(report) ? [] : basisLines(report, terminal)),
    ...countLines(report, matching, options),
  ];
  const lines = [...rows, ...(rows.length > 0 && closing.length > 0 ? [''] : []), ...closing];
  return lines.map((line) => `${line}\n`).join('');
}

/** Says how many runs are not shown, and claims that none match only about what was read. */
function countLines({ runs, complete }: Report, matching: number, { filter, limit }: ListSlice): string[] {
  if (matching > runs.length) return [`Showing ${runs.length} of ${matching} runs. Use --limit to show more.`];
  if (matching > 0) return [];
  if (!complete) return ['No runs match among those that could be read.'];
  return [
    showsEnded(filter) ? `No runs match among the active runs and the last ${limit} ended runs.` : 'No runs match.',
  ];
}

const HELP = `
Exit codes:
  0  everything was read
  2  usage, config or policy error
  3  a source failed or is incomplete; the runs that could be read are listed

Examples:
  tardy list --tab attention
  tardy list github:acme/web --since 24h --type deploy.yml
  tardy list --tab follow-up --json id,title,label,url`;
