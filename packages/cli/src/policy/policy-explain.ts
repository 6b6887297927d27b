import { formatDuration, type Policy, type Run, type Thresholds } from '@tardy/core';
import { SourceError } from '@tardy/core/sources';
import { Command } from 'commander';
import { readSetup } from '../config/setup.js';
import { UsageError } from '../errors.js';
import { EXIT } from '../exit-code.js';
import type { CliIo } from '../io.js';
import { terminalOf } from '../output-options.js';
import { jsonText } from '../output/json.js';
import { tableLines, type Column } from '../output/table.js';
import { openSources } from '../read/open-sources.js';
import { publishedPolicy } from '../read/published-policy.js';
import type { Submit } from '../task.js';
import { readPolicyOptions, withPolicyOptions, type PolicyFlags, type PolicyOptions } from './policy-options.js';

/** The kind of run to explain. A field that is absent matches no rule that names it. */
export type PolicyExplainOptions = PolicyOptions & {
  readonly source: string;
  readonly type: string;
  readonly tenant: string | undefined;
  readonly workspace: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
};

type ExplainFlags = PolicyFlags & {
  readonly source?: string;
  readonly type?: string;
  readonly tenant?: string;
  readonly workspace?: string;
  readonly label?: readonly string[];
};

/** One threshold for this kind of run, and the rule that sets it. */
export type ResolvedThreshold = { readonly threshold: string; readonly value: string; readonly rule: string };

const COLUMNS: readonly Column[] = [
  { header: 'THRESHOLD', rank: 0 },
  { header: 'VALUE', align: 'right', rank: 0 },
  { header: 'RULE', rank: 0 },
];

/** Builds `policy explain`: flags in, options out. */
export function policyExplainCommand(submit: Submit, run = runPolicyExplain): Command {
  return withPolicyOptions(
    new Command('explain')
      .description('Print each threshold for one kind of run and the rule that sets it')
      .option('--source <name>', 'source of the run')
      .option('--type <type>', 'type of the run')
      .option('--tenant <id>', 'tenant of the run')
      .option('--workspace <id>', 'workspace of the run')
      .option('--label <key=value...>', 'labels of the run'),
  ).action((flags: ExplainFlags) => {
    const options: PolicyExplainOptions = {
      ...readPolicyOptions(flags),
      source: flags.source ?? '',
      type: flags.type ?? '',
      tenant: flags.tenant,
      workspace: flags.workspace,
      labels: labelFlags(flags.label ?? []),
    };
    submit((io) => run(io, options));
  });
}

/** Resolves the rules for this kind of run and prints the result. */
async function runPolicyExplain(io: CliIo, options: PolicyExplainOptions): Promise<number> {
  const policy = await policyInUse(io, options);
  const resolved = resolvedThresholds(policy, runOf(options));
  if (options.json) {
    io.stdout.write(jsonText(resolved));
    return EXIT.OK;
  }
  const rows = resolved.map(({ threshold, value, rule }) => [{ text: threshold }, { text: value }, { text: rule }]);
  for (const line of tableLines(COLUMNS, rows, terminalOf(io, io.stdout, options))) io.stdout.write(`${line}\n`);
  return EXIT.OK;
}

/** The policy given, else the one that the source publishes, else the built-in one. A source that is only a name has no other. */
async function policyInUse(io: CliIo, options: PolicyExplainOptions): Promise<Policy> {
  const setup = await readSetup(io, options);
  const { source: name } = options;
  const isSource = setup.config?.sources.has(name) === true || /^\w+:/.test(name);
  if (setup.policy !== undefined || !isSource) return setup.generalPolicy;
  const { opened, close } = await openSources(io, setup, [name], { timeoutMs: 60_000, allowHosts: [], debug: false });
  try {
    const [one] = opened;
    const published = one?.connection && (await publishedPolicy(one.source, one.connection.fetch));
    return published ?? setup.generalPolicy;
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    throw new UsageError(`${name} does not say by which policy it is judged: ${error.message}`, 'Name one: --policy.');
  } finally {
    await close();
  }
}

/** The thresholds for this kind of run. */
function resolvedThresholds(policy: Policy, run: Run): readonly ResolvedThreshold[] {
  const thresholds = policy.thresholdsFor(run);
  return (Object.keys(VALUES) as (keyof typeof VALUES)[]).map((threshold) => ({
    threshold,
    value: VALUES[threshold](thresholds),
    rule: thresholds.rules[threshold],
  }));
}

const VALUES: Readonly<Record<keyof Thresholds['rules'], (thresholds: Thresholds) => string>> = {
  'queue.late': ({ queueLate }) => formatDuration(queueLate),
  'queue.stale': ({ queueStale }) => formatDuration(queueStale),
  'run.late': ({ runLate }) => formatDuration(runLate),
  'run.stale': ({ runStale }) => formatDuration(runStale),
  'silence.late': ({ silenceLate }) => formatDuration(silenceLate),
  'silence.stale': ({ silenceStale }) => formatDuration(silenceStale),
  'silence.vouches': ({ silenceVouches }) => String(silenceVouches),
  'hold.late': ({ holdLate }) => formatDuration(holdLate),
  'hold.stale': ({ holdStale }) => formatDuration(holdStale),
  'deadline.grace': ({ deadlineGrace }) => formatDuration(deadlineGrace),
  'flag.worker_lost.late': ({ flags }) => formatDuration(flags.worker_lost.late),
  'flag.worker_lost.stale': ({ flags }) => formatDuration(flags.worker_lost.stale),
  'flag.unresponsive.late': ({ flags }) => formatDuration(flags.unresponsive.late),
  'flag.unresponsive.stale': ({ flags }) => formatDuration(flags.unresponsive.stale),
  'flag.orphaned.late': ({ flags }) => formatDuration(flags.orphaned.late),
  'flag.orphaned.stale': ({ flags }) => formatDuration(flags.orphaned.stale),
  'flag.cannot_start.late': ({ flags }) => formatDuration(flags.cannot_start.late),
  'flag.cannot_start.stale': ({ flags }) => formatDuration(flags.cannot_start.stale),
  'flag.stuck.late': ({ flags }) => formatDuration(flags.stuck.late),
  'flag.stuck.stale': ({ flags }) => formatDuration(flags.stuck.stale),
  'flag.late.late': ({ flags }) => formatDuration(flags.late.late),
  'flag.late.stale': ({ flags }) => formatDuration(flags.late.stale),
  clock_tolerance: ({ clockTolerance }) => formatDuration(clockTolerance),
};

function runOf({ source, type, tenant, workspace, labels }: PolicyExplainOptions): Run {
  return {
    id: '',
    source,
    type,
    title: type,
    tenant: tenant === undefined ? undefined : { id: tenant },
    workspace: workspace === undefined ? undefined : { id: workspace },
    status: 'running',
    outcome: 'pending',
    attempt: 1,
    labels,
  };
}

function labelFlags(pairs: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const equals = pair.indexOf('=');
      if (equals <= 0) throw new UsageError(`--label "${pair}" is not a label.`, 'Write it as key=value.');
      return [pair.slice(0, equals), pair.slice(equals + 1)];
    }),
  );
}
