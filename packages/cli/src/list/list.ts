import { buildReport, queryRuns, type ProblemClass, type Report, type RunFilter, type Tab } from '@tardy/core';
import type { SourceQuery } from '@tardy/core/sources';
import { Command } from 'commander';
import type { CliIo } from '../io.js';
import { readOutputOptions, withOutputOptions, type OutputFlags, type OutputOptions } from '../output-options.js';
import { basisLines, complaintLines, isBasisUsual, noteLines } from '../output/report-summary.js';
import { groupLines, groupsOf } from '../output/groups.js';
import { runsTableLines } from '../output/runs-table.js';
import type { TextContext } from '../output/formats/format.js';
import { readCommonOptions, withCommonOptions, type CommonFlags, type CommonOptions } from '../read/common-options.js';
import { readAll, type CompleteReading } from '../read/read-all.js';
import { reportBasis, reportedRun } from '../read/reported.js';
import {
  plainValue,
  readSelectors,
  Selection,
  withSelectors,
  type SelectorFlags,
  type Selectors,
} from '../read/selectors.js';
import { sanitizeLines } from '../output/sanitize.js';
import { prepareOutput } from '../report-output.js';
import type { Submit } from '../task.js';
import { readListOptions, withListFlags, type ListFlags, type ListSlice } from './list-flags.js';

/** The options of `list`. */
export type ListOptions = CommonOptions &
  OutputOptions &
  ListSlice & { readonly sources: readonly string[]; readonly selectors: Selectors };

/** Builds `list`: flags in, options out. `run` is replaced in tests of the flags. */
export function listCommand(submit: Submit, run = runList): Command {
  const command = new Command('list')
    .description('List the runs of all sources, worst first')
    .argument(
      '[source...]',
      'names from the config, or URIs: github:owner/repo, runs:https://host/api, file:runs.json, -',
    );
  return withOutputOptions(withCommonOptions(withSelectors(withListFlags(command))))
    .addHelpText('after', HELP)
    .action((sources: string[], flags: CommonFlags & OutputFlags & ListFlags & SelectorFlags) => {
      const common = readCommonOptions(flags);
      const output = readOutputOptions(flags);
      const selectors = readSelectors(flags);
      submit((io) =>
        run(io, { ...common, ...output, ...readListOptions(flags, common.at ?? io.now()), sources, selectors }),
      );
    });
}

/** Reads, judges, filters and prints. 3 if something could not be read, else 0: unlike `check`, it raises no alarm. */
export async function runList(io: CliIo, options: ListOptions): Promise<number> {
  const output = await prepareOutput(io, options);
  const { reading, selection } = await readSelected(io, options);
  const { sources, runs, setup } = reading;
  for (const complaint of selection.complaints()) io.stderr.write(sanitizeLines(`tardy: ${complaint}\n`));
  const matching = queryRuns(runs, options.filter);
  const report = buildReport({
    ...reportBasis(reading),
    runs: matching.slice(0, options.limit).map((seen) => reportedRun(seen, seen.now, sources[seen.sourceIndex])),
    failOn: 'never',
    allowUnknown: true,
  });
  return output.write(report, {
    timeZone: setup.config?.timeZone,
    textOf: (listed, context) => listText(listed, matching.length, options, context),
  });
}

/**
 * A server filters owners by id only, and what a person writes may be a name: if no run fits, everything is read once without that
 * filter.
 */
async function readSelected(
  io: CliIo,
  options: ListOptions,
): Promise<{ readonly reading: CompleteReading; readonly selection: Selection }> {
  const { tenants, workspaces } = options.selectors;
  const owners = { tenantId: plainValue(tenants), workspaceId: plainValue(workspaces) };
  const read = async (query: SourceQuery) => {
    const selection = new Selection(options.selectors);
    const wanted = { query, selection, keep: () => true, secondLook: undefined };
    return { reading: await readAll(io, options.sources, options, wanted), selection };
  };
  const first = await read({ ...queryFor(options), ...owners });
  const filtered = owners.tenantId !== undefined || owners.workspaceId !== undefined;
  return filtered && first.selection.matched === 0 ? read(queryFor(options)) : first;
}

/** Requests ended runs only if the filter can match them, and only as many as are shown: sources keep years of them. */
function queryFor({ filter, limit, selectors }: ListOptions): SourceQuery {
  return {
    activity: showsEnded(filter) ? 'recent' : 'active',
    limit,
    type: plainValue(selectors.types),
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

function listText(
  report: Report,
  matching: number,
  options: ListSlice,
  { terminal, complains, groupBy }: TextContext,
): string {
  const rows =
    groupBy === undefined
      ? runsTableLines(report.runs, terminal)
      : groupLines(groupsOf(report.runs, groupBy), groupBy, terminal);
  const closing = [
    ...(complains ? complaintLines(report, terminal) : []),
    ...noteLines(report),
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
