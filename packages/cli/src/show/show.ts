import { classify, explain, isActive, reportRun, runHistory, type Instant, type Policy, type Run } from '@tardy/core';
import { SourceError, type SourceFetch } from '@tardy/core/sources';
import { Command } from 'commander';
import { readSetup, type Setup } from '../config/setup.js';
import { UsageError } from '../errors.js';
import type { CliIo } from '../io.js';
import { terminalOf, zoneFlag } from '../output-options.js';
import { explanationJson, historyJson } from '../output/explanation-json.js';
import { sanitizeInline } from '../output/sanitize.js';
import { jqText } from '../output/jq.js';
import { jsonText } from '../output/json.js';
import { parseFields, pickFields, type ReportField } from '../output/report-fields.js';
import { runViewLines } from '../output/run-view.js';
import { timeZoneFor } from '../output/time-zone.js';
import { readCommonOptions, withCommonOptions, type CommonFlags, type CommonOptions } from '../read/common-options.js';
import { describeError } from '../read/describe-error.js';
import { withSourceOfRun } from '../read/source-of-run.js';
import { systemOf, unreachable, type OpenedSource } from '../read/opened-source.js';
import { publishedPolicy } from '../read/published-policy.js';
import { sourceClock } from '../read/source-clock.js';
import type { Submit } from '../task.js';

/** The options of `show`. */
export type ShowOptions = CommonOptions & {
  readonly source: string;
  readonly runId: string;
  readonly explain: boolean;
  readonly json: boolean;
  readonly fields: readonly ReportField[] | undefined;
  readonly jq: string | undefined;
  /** An IANA name. */
  readonly timeZone: string | undefined;
};

type ShowFlags = CommonFlags & { explain?: boolean; json?: string | true; jq?: string; timeZone?: string };

/** A run with the policy and the time it is judged by. */
type Found = {
  readonly run: Run;
  readonly policy: Policy;
  readonly now: Instant;
  readonly sourceTitle: string | undefined;
};

/** Builds `show`: flags in, options out. `run` is replaced in tests of the flags. */
export function showCommand(submit: Submit, run = runShow): Command {
  const command = new Command('show')
    .description('Show one run: its state, since when, why, and what to do')
    .argument(
      '<source>',
      'the source as check prints it: a name from the config, or a URI: github:owner/repo, runs:https://host/api, file:runs.json, -',
    )
    .argument('<run-id>', 'id of the run in that source')
    .option('-e, --explain', 'show each clock with its thresholds and the rules that set them')
    .option('--json [fields]', 'print the run as JSON, or only these fields')
    .option('-q, --jq <expression>', 'filter the JSON with a jq expression')
    .option('--time-zone <name>', 'time zone for times, such as Europe/Berlin');
  return withCommonOptions(command)
    .addHelpText('after', HELP)
    .action((source: string, runId: string, flags: ShowFlags) => {
      const options: ShowOptions = {
        ...readCommonOptions(flags),
        source,
        runId,
        explain: flags.explain ?? false,
        json: flags.json !== undefined || flags.jq !== undefined,
        fields: typeof flags.json === 'string' ? parseFields(flags.json) : undefined,
        jq: flags.jq,
        timeZone: flags.timeZone === undefined ? undefined : zoneFlag(flags.timeZone),
      };
      submit((io) => run(io, options));
    });
}

/**
 * Reads the run, inspects it, judges and prints.
 *
 * @throws {UsageError} if the source has no such run.
 */
export async function runShow(io: CliIo, options: ShowOptions): Promise<number> {
  const setup = await readSetup(io, options);
  return withSourceOfRun(io, setup, options, async (one) => {
    const found = await findRun(io, one, setup, options);
    if (found === undefined) {
      throw new UsageError(
        `${one.source.name} has no run "${sanitizeInline(options.runId)}".`,
        'Or there is one that this credential may not see.',
      );
    }
    io.stdout.write(options.json ? await foundJson(found, options) : foundText(io, found, setup, options));
  });
}

async function findRun(
  io: CliIo,
  { source, connection }: OpenedSource,
  { policy: given, generalPolicy }: Setup,
  options: ShowOptions,
): Promise<Found | undefined> {
  const fetch: SourceFetch = connection?.fetch ?? unreachable;
  const run = await source.get(options.runId, fetch);
  if (run === undefined) return undefined;
  if (run.id !== options.runId) throw new SourceError('shape', `${source.name} sent another run: ${run.id}.`);
  const published = given === undefined && connection !== undefined ? await publishedPolicy(source, fetch) : undefined;
  const policy = given ?? published ?? generalPolicy;
  // `check` inspects a run before it raises an alarm: the details must not say less than the alarm did.
  const inspected = isActive(run) && connection !== undefined ? await inspect(io, source, run, fetch) : run;
  const sourceTitle = systemOf(source.kind);
  return {
    run: inspected,
    policy,
    sourceTitle,
    now: options.at ?? io.now() + clockOffset(io, connection, inspected, options),
  };
}

/** What to add to the local clock; a clock that cannot be trusted is reported on stderr. */
function clockOffset(
  io: CliIo,
  connection: OpenedSource['connection'],
  run: Run,
  { maxClockOffsetMs }: ShowOptions,
): number {
  const { offsetMs, complaint } = sourceClock({
    localNow: io.now(),
    pageNow: undefined,
    headerOffsetMs: connection?.clock()?.offsetMs,
    runs: [run],
    limitMs: maxClockOffsetMs,
  });
  if (complaint !== undefined) io.stderr.write(`tardy: ${complaint}\n`);
  return offsetMs;
}

/** A run that cannot be inspected is shown as it was read, with a note on stderr. */
async function inspect(io: CliIo, source: OpenedSource['source'], run: Run, fetch: SourceFetch): Promise<Run> {
  try {
    return (await source.inspect?.(run, fetch)) ?? run;
  } catch (error) {
    const { code, message } = describeError(error);
    io.stderr.write(`tardy: the run could not be inspected: ${sanitizeInline(message)} (${code})\n`);
    return run;
  }
}

function foundText(
  io: CliIo,
  { run, policy, now, sourceTitle }: Found,
  { config }: Setup,
  options: ShowOptions,
): string {
  const { isTty } = io.stdout;
  const timeZone = timeZoneFor({ flag: options.timeZone, config: config?.timeZone, env: io.env, isTty });
  const explanation = options.explain ? explain(run, policy, now) : undefined;
  const lines = runViewLines(
    {
      run,
      freshness: classify(run, policy, now),
      now,
      timeZone,
      sourceTitle,
      explanation,
      history: runHistory(run, policy, now),
    },
    terminalOf(io, io.stdout, options),
  );
  return lines.map((line) => `${line}\n`).join('');
}

async function foundJson({ run, policy, now, sourceTitle }: Found, options: ShowOptions): Promise<string> {
  const row = reportRun({ run, freshness: classify(run, policy, now) }, now, { sourceTitle });
  const shown = options.fields === undefined ? row : pickFields(row, options.fields);
  const value = options.explain
    ? { ...shown, ...explanationJson(explain(run, policy, now)), history: historyJson(runHistory(run, policy, now)) }
    : shown;
  return options.jq === undefined ? jsonText(value) : jqText(value, options.jq);
}

const HELP = `
Exit codes:
  0  the run was read, whatever its state
  2  usage, config or policy error, or no such run
  3  the source failed

Examples:
  tardy show github:acme/web 4815162342 --explain
  tardy show file:runs.json 42 --now 2026-11-23T09:00:00Z --json state,since,rule`;
