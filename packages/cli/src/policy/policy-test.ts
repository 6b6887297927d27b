import { classify, mergeRuns, present, trustPolicy, type Instant, type Policy, type Run } from '@tardy/core';
import { policyDigest } from '@tardy/core/digest';
import { SourceError } from '@tardy/core/sources';
import { Command } from 'commander';
import { readSetup, type Setup } from '../config/setup.js';
import { UsageError } from '../errors.js';
import { EXIT } from '../exit-code.js';
import type { CliIo } from '../io.js';
import { terminalOf } from '../output-options.js';
import { sanitizeInline } from '../output/sanitize.js';
import { jsonText } from '../output/json.js';
import { glyphOf, styleOf } from '../output/runs-table.js';
import { tableLines, type Column } from '../output/table.js';
import { instantFlag } from '../read/common-options.js';
import { openSources } from '../read/open-sources.js';
import { unreachable } from '../read/opened-source.js';
import { publishedPolicy } from '../read/published-policy.js';
import type { Submit } from '../task.js';
import { compareLearned, learnedJson, learnedLines } from './compare-learned.js';
import { readPolicyOptions, withPolicyOptions, type PolicyFlags, type PolicyOptions } from './policy-options.js';

/** Which policies `policy test` compares, and on which runs. */
export type PolicyTestOptions = PolicyOptions & {
  readonly source: string;
  readonly againstPath: string | undefined;
  readonly at: Instant | undefined;
  /** What to learn from, to compare the learned rules with: files, names from the config, URIs. */
  readonly history: readonly string[];
  /** The source that the rows of a file of history belong to which name none. */
  readonly historyAs: string | undefined;
};

type TestFlags = PolicyFlags & {
  readonly against?: string;
  readonly now?: string;
  readonly history: readonly string[];
  readonly as?: string;
};

/** A run that the two policies judge differently. */
type Change = { readonly run: Run; readonly before: Seen; readonly after: Seen };
type Seen = {
  readonly state: string;
  readonly label: string;
  readonly tone: string;
  readonly icon: string;
  readonly rule: string | null;
};

const COLUMNS: readonly Column[] = [
  { header: 'NOW', rank: 0 },
  { header: 'BEFORE', rank: 0 },
  { header: 'RUN', least: 12, rank: 0 },
  { header: 'RULE', least: 20, rank: 1 },
  { header: 'SOURCE', least: 8, rank: 3 },
  { header: 'ID', rank: 2 },
];

/** Builds `policy test`: flags in, options out. */
export function policyTestCommand(submit: Submit, run = runPolicyTest): Command {
  return withPolicyOptions(
    new Command('test')
      .description('Judge runs by a policy and by the previous one, and list those whose state would change')
      .argument('<source>', 'where to read the runs: file:runs.json, - or any other source')
      .option(
        '--against <file>',
        'previous policy (default: the one in the config, else the one that the source publishes, else the built-in one)',
      )
      .option('--now <instant>', 'judge as of this time (default: the time given in the file)')
      .option(
        '--history <history>',
        'also compare its learned rules with what this history teaches: a file, a record or a source (repeatable)',
        (target: string, targets: readonly string[]) => [...targets, target],
        [],
      )
      .option('--as <name>', 'the source that the rows of a file of history belong to'),
  ).action((source: string, flags: TestFlags) => {
    const options: PolicyTestOptions = {
      ...readPolicyOptions(flags),
      source,
      againstPath: flags.against,
      at: flags.now === undefined ? undefined : instantFlag('--now', flags.now),
      history: flags.history,
      historyAs: flags.as,
    };
    submit((io) => run(io, options));
  });
}

/** Judges each run twice and prints the differences. 3 if some runs could not be read, else 0. */
async function runPolicyTest(io: CliIo, options: PolicyTestOptions): Promise<number> {
  const setup = await readSetup(io, options);
  if (setup.policy === undefined) {
    throw new UsageError(
      'There is no policy to test: --policy is missing.',
      'Name the file: tardy policy test file:runs.json --policy new.yaml',
    );
  }
  const after = setup.policy;
  const { runs, now, gap, published } = await readRuns(io, setup, options);
  const before = await policyBefore(io, options, published);
  const changes = runs.flatMap((run) => changeOf(run, before, after, now));
  const learned = options.history.length === 0 ? undefined : await compareLearned(io, after, options);
  if (options.json) {
    const json = changesJson(changes, runs.length, before, after);
    io.stdout.write(jsonText(learned === undefined ? json : { ...json, learned: learnedJson(learned) }));
  } else {
    const lines = [
      ...changeLines(io, changes, options),
      changeWords(changes.length, runs.length),
      ...(learned === undefined ? [] : ['', ...learnedLines(learned, after, terminalOf(io, io.stdout, options))]),
    ];
    io.stdout.write(lines.map((line) => `${line}\n`).join(''));
  }
  if (gap === undefined) return learned?.reading.complete === false ? EXIT.CANNOT_TELL : EXIT.OK;
  io.stderr.write(`tardy: some runs could not be read: ${sanitizeInline(gap)}\n`);
  return EXIT.CANNOT_TELL;
}

/**
 * The policy in use so far: that of `--against`; else, if `--policy` names the new one, that of the config; else the one that the source
 * publishes, else the built-in one.
 */
async function policyBefore(
  io: CliIo,
  { againstPath, policyPath, configPath }: PolicyTestOptions,
  published: Policy | undefined,
): Promise<Policy> {
  const given =
    againstPath === undefined && policyPath === undefined
      ? undefined
      : (await readSetup(io, { configPath, policyPath: againstPath })).policy;
  return given ?? published ?? trustPolicy({ version: 1 });
}

async function readRuns(
  io: CliIo,
  setup: Setup,
  options: PolicyTestOptions,
): Promise<{
  readonly runs: readonly Run[];
  readonly now: Instant;
  readonly gap: string | undefined;
  /** The policy that the source publishes. */
  readonly published: Policy | undefined;
}> {
  const { opened, close } = await openSources(io, setup, [options.source], {
    timeoutMs: 60_000,
    allowHosts: [],
    debug: false,
  });
  const runs: Run[] = [];
  let saidNow: Instant | undefined;
  let gap: string | undefined;
  let published: Policy | undefined;
  try {
    for (const { source, connection } of opened) {
      if (connection !== undefined) published = await publishedPolicy(source, connection.fetch);
      for await (const page of source.list({ activity: 'active' }, connection?.listing() ?? unreachable)) {
        runs.push(...page.runs);
        saidNow ??= page.now;
        gap ??= page.incomplete ?? page.issues[0]?.reason;
      }
    }
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    gap = error.message;
  } finally {
    await close();
  }
  return { runs: mergeRuns(runs), now: options.at ?? saidNow ?? io.now(), gap, published };
}

function changeOf(run: Run, before: Policy, after: Policy, now: Instant): Change[] {
  const was = seenBy(run, before, now);
  const is = seenBy(run, after, now);
  return was.state === is.state ? [] : [{ run, before: was, after: is }];
}

function seenBy(run: Run, policy: Policy, now: Instant): Seen {
  const freshness = classify(run, policy, now);
  const { label, tone, icon } = present(run, freshness, now);
  return { state: freshness.state, label, tone, icon, rule: freshness.rule ?? null };
}

function changeLines(io: CliIo, changes: readonly Change[], options: PolicyTestOptions): string[] {
  const terminal = terminalOf(io, io.stdout, options);
  const cell = ({ label, icon, tone }: Seen) => ({ text: label, glyph: glyphOf(icon, terminal), style: styleOf(tone) });
  const rows = changes.map(({ run, before, after }) => [
    cell(after),
    cell(before),
    { text: run.title },
    { text: after.rule ?? '' },
    { text: run.source },
    { text: run.id },
  ]);
  const lines = tableLines(COLUMNS, rows, terminal);
  return lines.length === 0 ? [] : [...lines, ''];
}

function changeWords(changed: number, all: number): string {
  const runs = `${all} ${all === 1 ? 'run' : 'runs'}`;
  return changed === 0
    ? `No change: both policies give the same states for ${runs}.`
    : `${changed} of ${runs} would change state.`;
}

function changesJson(changes: readonly Change[], runs: number, before: Policy, after: Policy): object {
  const seen = ({ state, label, rule }: Seen) => ({ state, label, rule });
  return {
    before: { digest: policyDigest(before) },
    after: { digest: policyDigest(after) },
    runs,
    changes: changes.map(({ run, before: was, after: is }) => ({
      source: run.source,
      id: run.id,
      attempt: run.attempt,
      title: run.title,
      before: seen(was),
      after: seen(is),
    })),
  };
}
